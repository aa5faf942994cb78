// Edits that pass review and make a defect: where they apply in a file, and what they put there. Whether one is a
// defect is decided by its shape, and only where the shape decides: other places are left alone.
import ts from "typescript";
import { Project, apply, walk } from "./transforms.mjs";

const CHECK = /^(require|ensure|assert|authorize|authenticate|enforce)\w*(Auth|User|Session|Access|Permission|Role|Admin|ApiKey|Org|Token|Member)\w*$/;
const INERT = /^(params|searchParams|cookies\(\)|headers\(\))|\bparams$/;
const AUTH_ERROR = /new \w*(Authentication|Authorization|Unauthorized|Forbidden|AccessDenied)\w*\(/;

const text = (node) => node.getText();
const statementOf = (node) => {
  while (node && !ts.isStatement(node)) node = node.parent;
  return node;
};
const functionOf = (node) => {
  do node = node.parent;
  while (node && !ts.isFunctionLike(node));
  return node;
};
const replace = (node, by) => [{ at: node.getStart(), end: node.end, text: by }];

/** `const x = await call(..)`: the name, and the call. */
function awaited(statement) {
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return undefined;
  const [{ name, initializer }] = statement.declarationList.declarations;
  if (!initializer || !ts.isAwaitExpression(initializer)) return undefined;
  return { name: text(name), call: text(initializer.expression), expression: initializer.expression };
}

/** Functions that throw an error of authentication, by name, over all files: others only sound like it. */
export function throwers(project, paths) {
  const found = new Set();
  for (const path of paths) {
    const whole = project.texts.get(path);
    if (!AUTH_ERROR.test(whole)) continue;
    walk(project.parse(path), (node) => {
      if (ts.isFunctionDeclaration(node) && node.name && CHECK.test(node.name.text) && AUTH_ERROR.test(text(node))) found.add(node.name.text);
    });
  }
  return found;
}

/** An awaited check, then an awaited read or call that does not need its answer: both in one `Promise.all`. */
function combine(file, known) {
  const all = [];
  walk(file, (node) => {
    if (!ts.isBlock(node) || node.parent.kind === ts.SyntaxKind.CatchClause) return;
    for (let at = 0; at + 1 < node.statements.length; at += 1) {
      const [first, second] = [awaited(node.statements[at]), awaited(node.statements[at + 1])];
      if (!first || !second || !ts.isCallExpression(first.expression) || !known.has(text(first.expression.expression))) continue;
      const names = first.name.match(/[\w$]+/g) ?? [];
      if (!ts.isCallExpression(second.expression) || INERT.test(second.call) || names.some((name) => new RegExp(`\\b${name}\\b`).test(second.call))) continue;
      const by = `const [${first.name}, ${second.name}] = await Promise.all([${first.call}, ${second.call}]);`;
      all.push({ at: node.statements[at].getStart(), end: node.statements[at + 1].end, text: by });
    }
  });
  return all;
}

/** `return await f()` in the block of a try with a catch; `f` is not the function itself. */
function dropAwait(file) {
  const all = [];
  walk(file, (node) => {
    if (!ts.isReturnStatement(node) || !node.expression || !ts.isAwaitExpression(node.expression)) return;
    let at = node;
    while (at.parent && !ts.isFunctionLike(at.parent) && !(ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause)) at = at.parent;
    const call = node.expression.expression;
    // What is fetched can fail; whether anything else can is for its source to say.
    if (ts.isTryStatement(at.parent ?? node) && ts.isCallExpression(call) && /^(fetch|response\.json|res\.json)$/.test(text(call.expression))) {
      all.push({ at: node.expression.getStart(), end: call.getStart(), text: "" });
    }
  });
  return all;
}

/** `if (!SECRET) reject` before a comparison in which an unset secret would be equal to something. */
function dropGuard(file) {
  const all = [];
  walk(file, (node) => {
    if (!ts.isIfStatement(node) || node.elseStatement || !ts.isPrefixUnaryExpression(node.expression) || !ts.isIdentifier(node.expression.operand)) return;
    const name = node.expression.operand.text;
    const around = functionOf(node);
    if (!around?.body || !/throw|40[13]|50[03]/.test(text(node.thenStatement))) return;
    const whole = text(around.body);
    const isSecret = new RegExp(`const ${name} = (process\\.env\\.|env\\.)\\w*(SECRET|TOKEN|KEY)`).test(whole);
    const isCompared = new RegExp(`[!=]== \`Bearer \\$\\{${name}\\}\``).test(whole);
    if (isSecret && isCompared) all.push(...replace(node, ""));
  });
  return all;
}

/** A second way: `else` that rejects while the secret is unset. */
function dropElse(file) {
  const all = [];
  walk(file, (node) => {
    if (!ts.isIfStatement(node) || !node.elseStatement || !ts.isIdentifier(node.expression)) return;
    const around = functionOf(node);
    const name = node.expression.text;
    const isSecret = around?.body && new RegExp(`const ${name} = (process\\.env\\.|env\\.)\\w*(SECRET|TOKEN|KEY)`).test(text(around.body));
    if (isSecret && /throw|40[13]|50[03]/.test(text(node.elseStatement)) && /throw|40[13]/.test(text(node.thenStatement))) {
      all.push({ at: node.thenStatement.end, end: node.elseStatement.end, text: "" });
    }
  });
  return all;
}

/** A try with a catch around a call that leaves the process, in a handler of events, before more work. */
function deleteTry(file) {
  const all = [];
  walk(file, (node) => {
    if (!ts.isTryStatement(node) || !node.catchClause || node.finallyBlock) return;
    const around = functionOf(node);
    const call = around && ts.isCallExpression(around.parent) ? text(around.parent.expression) : "";
    const after = around?.body && ts.isBlock(around.body) && node.parent === around.body ? around.body.statements.slice(around.body.statements.indexOf(node) + 1) : [];
    const isEvent = /\.(on|message|event|command|action)$/.test(call) && ts.isStringLiteralLike(around.parent.arguments[0] ?? around);
    const hasWork = after.some((one) => /await .*\.(reply|send|create|insert|save|postMessage)\(/.test(text(one)));
    if (isEvent && hasWork && /await (fetch|fetchWithTimeout|[\w.]*(client|message|interaction)\.)/.test(text(node.tryBlock))) {
      all.push(...replace(node, text(node.tryBlock).slice(1, -1)));
    }
  });
  return all;
}

/** A check that throws, made into one that returns false: its callers wait for a throw. */
function throwToReturn(file, known) {
  const all = [];
  walk(file, (node) => {
    if (!ts.isThrowStatement(node) || !AUTH_ERROR.test(text(node))) return;
    const around = functionOf(node);
    // Where all it answers is whether it throws, the callers cannot look at anything else.
    const isVoid = around && ts.isFunctionDeclaration(around) && around.name && known.has(around.name.text) && /Promise<void>|: void/.test(text(around).split("{")[0]);
    if (isVoid) all.push(...replace(node, "return false as never;"));
  });
  return all;
}

export const MUTATIONS = { combine, "drop-await": dropAwait, "drop-guard": dropGuard, "drop-else": dropElse, "delete-try": deleteTry, "throw-to-return": throwToReturn };

/** Every mutant of some files, one edit each. */
export function mutants(project, paths, wanted = Object.keys(MUTATIONS)) {
  const known = throwers(project, [...project.texts.keys()].filter((path) => /\.[mc]?tsx?$/.test(path)));
  const all = [];
  for (const path of paths) {
    const before = project.texts.get(path);
    const file = project.parse(path);
    for (const kind of wanted) {
      for (const edit of MUTATIONS[kind](file, known)) {
        const after = apply(before, [edit]);
        const line = before.slice(0, edit.at).split("\n").length;
        if (project.parse(path, after).parseDiagnostics.length === 0) all.push({ kind, path, line, edit, after });
      }
    }
  }
  return all;
}

/** A commit with a defect in every file that can have one. */
export function withDefects(trial) {
  const project = new Project(trial, trial.start);
  const texts = new Map();
  for (const { path, after } of mutants(project, trial.sources())) if (!texts.has(path)) texts.set(path, after);
  return trial.commit(trial.start, texts);
}
