// Changes that leave the meaning of TypeScript alone: from files to their new texts.
import { join, posix } from "node:path";
import prettier from "prettier";
import ts from "typescript";

/** Names that a framework looks for, and files that it finds by their name. */
const CONVENTION = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|middleware|proxy|config|generate\w*|metadata|viewport|default|loader|action|handler|register|revalidate|dynamic|runtime|maxDuration)$/;
const CONVENTIONAL_FILE = /(^|\/)(route|page|layout|template|loading|error|global-error|not-found|default|middleware|proxy|instrumentation|index|opengraph-image|sitemap|robots|manifest|[^/]*\.config)\.\w+$|(^|\/)(pages\/|bin\/)/;

/** The files of a commit, and a compiler that knows all of them. */
export class Project {
  constructor(trial, rev) {
    this.folder = join(trial.folder, "tree");
    const paths = trial.checkOut(rev, this.folder);
    this.texts = trial.read(rev, paths);
  }

  parse(path, text = this.texts.get(path)) {
    const kind = /x$/.test(path) ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  }

  /** What takes a change back. */
  undo(texts) {
    return new Map([...texts.keys()].map((path) => [path, this.texts.get(path) ?? null]));
  }

  get options() {
    // Aliases differ from package to package: the nearest settings with `paths` count for a file.
    this.settings ??= [...this.texts.keys()]
      .filter((path) => /(^|\/)tsconfig\.json$/.test(path))
      .sort((a, b) => b.length - a.length)
      .map((path) => {
        const read = ts.parseConfigFileTextToJson(path, this.texts.get(path)).config?.compilerOptions ?? {};
        const folder = posix.dirname(path);
        return { folder, paths: read.paths, baseUrl: join(this.folder, folder, read.baseUrl ?? ".") };
      });
    return this.settings;
  }

  /** The file that an import leads to. */
  resolve(from, specifier) {
    const settings = this.options.find(({ folder, paths }) => paths && (folder === "." || from.startsWith(`${folder}/`)));
    const options = { moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext, allowJs: false, paths: settings?.paths, baseUrl: settings?.baseUrl };
    const found = ts.resolveModuleName(specifier, join(this.folder, from), options, ts.sys).resolvedModule?.resolvedFileName;
    return found?.startsWith(this.folder) ? found.slice(this.folder.length + 1) : undefined;
  }

  get service() {
    const files = [...this.texts.keys()].filter((path) => /\.[mc]?tsx?$/.test(path)).map((path) => join(this.folder, path));
    const settings = this.options.find(({ paths }) => paths);
    const options = { moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve, noLib: true, types: [], paths: settings?.paths, baseUrl: settings?.baseUrl };
    this.serviceOfAll ??= ts.createLanguageService({
      getScriptFileNames: () => files,
      getScriptVersion: () => "0",
      getScriptSnapshot: (path) => (ts.sys.fileExists(path) ? ts.ScriptSnapshot.fromString(ts.sys.readFile(path)) : undefined),
      getCurrentDirectory: () => this.folder,
      getCompilationSettings: () => options,
      getDefaultLibFileName: () => "",
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
    });
    return this.serviceOfAll;
  }
}

/** Applies edits `{ at, end, text }` that do not overlap. */
export function apply(text, edits) {
  let out = text;
  let last = Infinity;
  for (const edit of [...edits].sort((a, b) => b.at - a.at || b.end - a.end)) {
    if (edit.end > last) continue;
    out = out.slice(0, edit.at) + edit.text + out.slice(edit.end);
    last = edit.at;
  }
  return out;
}

export function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function each(project, paths, edit) {
  const texts = new Map();
  for (const path of paths) {
    const before = project.texts.get(path);
    const file = project.parse(path);
    if (file.parseDiagnostics.length > 0) continue;
    const after = edit(file, before, path);
    // What is no program any more was no change without meaning.
    if (after !== before && project.parse(path, after).parseDiagnostics.length === 0) texts.set(path, after);
  }
  return texts;
}

const isDirective = (node) => ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);
const isStatementList = (node) => ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseClause(node) || ts.isDefaultClause(node);

async function reformat(project, paths) {
  const texts = new Map();
  for (const path of paths) {
    const before = project.texts.get(path);
    const style = { parser: "typescript", printWidth: 60, tabWidth: 4, semi: !/;\n/.test(before), singleQuote: (before.match(/"/g)?.length ?? 0) > (before.match(/'/g)?.length ?? 0), trailingComma: "none", arrowParens: "avoid", bracketSpacing: false, quoteProps: "consistent" };
    const after = await prettier.format(before, style).catch(() => before);
    if (after !== before) texts.set(path, after);
  }
  return texts;
}

const comment = (project, paths) =>
  each(project, paths, (file, text) => {
    const edits = [];
    walk(file, (node) => {
      if (isStatementList(node)) {
        for (const one of node.statements) edits.push({ at: one.getStart(), end: one.getStart(), text: "// A remark on what follows; see fetch(url).\n" });
      }
      if (ts.isCallExpression(node) && node.arguments.length > 0) {
        const at = node.arguments[0].getStart();
        edits.push({ at, end: at, text: "/* first */ " });
      }
    });
    return apply(text, edits);
  });

/** Puts the last of some nodes first, and so on. */
function turned(text, nodes) {
  const spans = nodes.map((node) => ({ at: node.getFullStart(), end: node.end }));
  const parts = spans.map(({ at, end }) => text.slice(at, end)).reverse();
  return spans.map((span, which) => ({ ...span, text: parts[which].startsWith("\n") ? parts[which] : `\n${parts[which]}` }));
}

const unique = (nodes) => nodes.filter((node) => nodes.filter((other) => other.name?.text === node.name?.text).length === 1);

const reorder = (project, paths) =>
  each(project, paths, (file, text) => {
    const functions = unique(file.statements.filter((node) => ts.isFunctionDeclaration(node) && node.body && node.name));
    const edits = turned(text, functions);
    walk(file, (node) => {
      if (!ts.isClassDeclaration(node) && !ts.isClassExpression(node)) return;
      const methods = unique(node.members.filter((member) => ts.isMethodDeclaration(member) && member.body && ts.isIdentifier(member.name)));
      edits.push(...turned(text, methods));
    });
    return apply(text, edits);
  });

const block = (project, paths) =>
  each(project, paths, (file, text) => {
    const edits = [];
    walk(file, (node) => {
      if (!ts.isFunctionLike(node) || !node.body || !ts.isBlock(node.body) || ts.isConstructorDeclaration(node)) return;
      const first = node.body.statements.findIndex((one) => !isDirective(one));
      if (first < 0) return;
      const at = node.body.statements[first].getFullStart();
      edits.push({ at, end: at, text: " {" }, { at: node.body.end - 1, end: node.body.end - 1, text: "}\n" });
    });
    return apply(text, edits);
  });

/** Puts a word into a name. The first and the last word stay: names that say what a function does are read. */
export function otherName(name) {
  const last = name.search(/[A-Z][^A-Z]*$/);
  return last > 0 ? `${name.slice(0, last)}Anew${name.slice(last)}` : `${name}Anew`;
}

/** Renames what `declares` finds at the top of files, everywhere. */
function rename(project, paths, declares) {
  const edits = new Map();
  for (const path of paths) {
    const file = project.parse(path);
    for (const node of file.statements.filter(declares)) {
      if (!node.name || CONVENTION.test(node.name.text) || node.modifiers?.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword)) continue;
      const full = join(project.folder, path);
      const places = project.service.findRenameLocations(full, node.name.getStart(), false, false, { providePrefixAndSuffixTextForRename: true }) ?? [];
      for (const place of places) {
        const at = place.fileName.slice(project.folder.length + 1);
        const { start, length } = place.textSpan;
        const text = `${place.prefixText ?? ""}${otherName(node.name.text)}${place.suffixText ?? ""}`;
        if (!edits.has(at)) edits.set(at, new Map());
        edits.get(at).set(start, { at: start, end: start + length, text });
      }
    }
  }
  return new Map([...edits].map(([path, all]) => [path, apply(project.texts.get(path), all.values())]));
}

const renameFunctions = (project, paths) => rename(project, paths, (node) => ts.isFunctionDeclaration(node) && node.body);
const renameClasses = (project, paths) => rename(project, paths, ts.isClassDeclaration);

/** Gives files other paths, and fixes the imports. */
function move(project, paths, to) {
  const moved = new Map(paths.filter((path) => !CONVENTIONAL_FILE.test(path)).map((path) => [path, to(path)]));
  const texts = new Map([...moved.keys()].map((path) => [path, null]));
  for (const path of project.texts.keys()) {
    if (!/\.[mc]?tsx?$/.test(path)) continue;
    const text = project.texts.get(path);
    if (!moved.has(path) && ![...moved.keys()].some((old) => text.includes(posix.basename(old).replace(/\.\w+$/, "")))) continue;
    const place = moved.get(path) ?? path;
    const edits = [];
    for (const { fileName: specifier, pos, end } of ts.preProcessFile(text, true, true).importedFiles) {
      const target = project.resolve(path, specifier);
      if (!target || (!moved.has(target) && (!specifier.startsWith(".") || !moved.has(path)))) continue;
      let name = posix.relative(posix.dirname(place), moved.get(target) ?? target).replace(/(\/index)?\.[mc]?tsx?$/, "");
      name = name.startsWith(".") ? name : `./${name}`;
      const quoted = text.slice(pos, end).startsWith(specifier) ? { at: pos, end: pos + specifier.length } : { at: pos + 1, end: pos + 1 + specifier.length };
      edits.push({ ...quoted, text: /\.[mc]?js$/.test(specifier) ? `${name}.js` : name });
    }
    if (edits.length > 0 || moved.has(path)) texts.set(place, apply(text, edits));
  }
  return texts;
}

const moveFiles = (project, paths) => move(project, paths, (path) => posix.join(posix.dirname(path), "moved", posix.basename(path)));
const renameFiles = (project, paths) => move(project, paths, (path) => path.replace(/(\.\w+)$/, "-anew$1"));

export const TRANSFORMS = {
  reformat,
  comment,
  reorder,
  block,
  "rename-function": renameFunctions,
  "rename-class": renameClasses,
  "rename-file": renameFiles,
  "move-file": moveFiles,
};
