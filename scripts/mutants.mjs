// Edits that pass review and make a defect: where they apply in a file, and what they put there. Whether one is a
// defect is decided by its shape, and only where the shape decides: other places are left alone. Each kind says what
// the shape is; failpath is not asked.
import ts from "typescript";
import { AUTH_ERROR, REJECTS, absorbs, answersAlike, awaited, functionOf, inside, isSecret, nameOf, replace, text, tryAround } from "./shapes.mjs";
import { Project, apply, walk } from "./transforms.mjs";

const CHECK = /^(require|ensure|assert|authorize|authenticate|enforce)\w*(Auth|User|Session|Access|Permission|Role|Admin|ApiKey|Org|Token|Member)\w*$/;
const INERT = /^(params|searchParams|cookies\(\)|headers\(\))|\bparams$/;
const BILLING = /\.?\b(\w*[bB]ill\w*|reconcile\w*|deductCredits\w*|settle\w*|chargeCredits|recordUsage\w*)$/;
const COMPARES = /[!=]==|timingSafeEqual|[cC]ompare|[vV]erif|[vV]alid|[eE]quals?\(/;
const PROVIDER = /await (generateText|generateObject|embed|embedMany|[\w.]*\.(chat\.completions|images|messages|embeddings)\.\w+|fal\.subscribe)\(/;

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

/** Of these functions, those that some statement calls without a look at what they answer. */
export function dropped(project, paths, known) {
  const call = /^\s*(?:await )?(\w+)\([^;]*\);/gm;
  return new Set(paths.flatMap((path) => [...project.texts.get(path).matchAll(call)].map(([, name]) => name)).filter((name) => known.has(name)));
}

/** An awaited check, then an awaited read or call that does not need its answer: both in one `Promise.all`. */
function combine(file, { known }) {
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

/** `return await fetch(..)`, and `await fetch(..)` alone, in the block of a try whose catch keeps the failure: it has
 *  nothing to catch any more. What is fetched can fail; whether anything else can is for its source to say. */
function dropAwait(file) {
  const all = [];
  walk(file, (node) => {
    const isAlone = ts.isExpressionStatement(node);
    if ((!isAlone && !ts.isReturnStatement(node)) || !node.expression || !ts.isAwaitExpression(node.expression)) return;
    const call = node.expression.expression;
    const around = tryAround(node);
    if (!around || !ts.isCallExpression(call) || !/^(fetch|response\.json|res\.json)$/.test(text(call.expression))) return;
    if (isAlone && (!absorbs(around.catchClause) || text(call.expression) !== "fetch")) return;
    all.push({ at: node.expression.getStart(), end: call.getStart(), text: "" });
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
    if (!around?.body || !/throw|40[13]|50[03]|return false/.test(text(node.thenStatement)) || !isSecret(around, name)) return;
    if (new RegExp(`[!=]== \`Bearer \\$\\{${name}\\}\``).test(text(around.body))) all.push(...replace(node, ""));
  });
  return all;
}

/** `else` that rejects while the secret is unset, where the other branch asks for it. An early exit is the else of what
 *  follows: without it, the question is asked only of whom the secret is set for. */
function dropElse(file) {
  const all = [];
  walk(file, (node) => {
    const around = ts.isIfStatement(node) ? functionOf(node) : undefined;
    if (!around?.body) return;
    const { expression: test, thenStatement: yes, elseStatement: no } = node;
    if (no && ts.isIdentifier(test) && isSecret(around, test.text) && REJECTS.test(text(no)) && REJECTS.test(text(yes))) {
      all.push({ at: yes.end, end: no.end, text: "" });
    }
    if (!ts.isPrefixUnaryExpression(test) || test.operator !== ts.SyntaxKind.ExclamationToken || !ts.isIdentifier(test.operand) || !isSecret(around, test.operand.text)) return;
    // `if (!secret) { if (development) warn; else reject } else ask`.
    const [inner] = ts.isBlock(yes) && yes.statements.length === 1 && ts.isIfStatement(yes.statements[0]) ? yes.statements : [];
    if (no && REJECTS.test(text(no)) && inner?.elseStatement && REJECTS.test(text(inner.elseStatement)) && !REJECTS.test(text(inner.thenStatement))) {
      all.push({ at: inner.thenStatement.end, end: inner.elseStatement.end, text: "" });
    }
    if (no || !/\breturn\b|\bthrow\b/.test(text(yes)) || !REJECTS.test(text(yes)) || !ts.isBlock(node.parent)) return;
    const rest = node.parent.statements.slice(node.parent.statements.indexOf(node) + 1);
    const asked = (one) => ts.isIfStatement(one) && COMPARES.test(text(one.expression)) && new RegExp(`\\b${test.operand.text}\\b(?!\\.)`).test(text(one.expression));
    const asks = rest.filter(asked);
    if (asks.length !== 1 || asks[0].elseStatement || !/\b40[13]\b|\bthrow\b/.test(text(asks[0].thenStatement))) return;
    // Somebody else must be able to come in at all: what is not this question must not reject.
    const others = rest.slice(0, rest.indexOf(asks[0])).some((one) => ts.isIfStatement(one) && REJECTS.test(text(one)));
    if (others) return;
    const [{ expression: question }] = asks;
    const between = node.getSourceFile().text.slice(node.end, question.getStart());
    all.push({ at: node.getStart(), end: question.end, text: `${between}${test.operand.text} && (${text(question)})`.trimStart() });
  });
  return all;
}

/** A try whose catch keeps the failure, around something that can fail, and the statements in it alone. */
function deleteTry(file, given) {
  const all = [];
  walk(file, (node) => {
    if (!ts.isTryStatement(node) || !node.catchClause) return;
    const around = functionOf(node);
    if (!around?.body || !ts.isBlock(around.body)) return;
    const isDefect = losesEvent(node, around) || losesStatus(node, given) || losesFloating(node, around) || losesAnswer(node);
    if (!isDefect) return;
    const after = node.finallyBlock ? `try ${text(node.tryBlock)} finally ${text(node.finallyBlock)}` : inside(node.tryBlock);
    all.push(...replace(node, after));
  });
  return all;
}

/** A handler of events: a call that leaves the process, and more work after the try. */
function losesEvent(node, around) {
  const call = ts.isCallExpression(around.parent) ? around.parent : undefined;
  const isInline = call && /\.(on|message|event|command|action)$/.test(text(call.expression)) && call.arguments.length === 2 && call.arguments[1] === around;
  const name = nameOf(around);
  const registers = `\\.(on|message|event|command|action)\\(\\s*["'][\\w.:-]+["'],\\s*${name}\\s*\\)|\\b(userMessage|threadStarted|threadContextChanged): ${name}\\b`;
  const isNamed = name && new RegExp(registers).test(node.getSourceFile().text);
  if ((!isInline && !isNamed) || tryAround(node) || !absorbs(node.catchClause)) return false;
  const parameters = around.parameters.flatMap(({ name }) => text(name).match(/\w+/g) ?? []);
  const api = new RegExp(`await (fetch\\(|(${[...parameters, "client", "bot", "\\w+\\.client"].join("|")})\\.[\\w.?]*\\(|(say|respond|set[A-Z]\\w*)\\()`);
  const work = /await ([\w.?]*\.(reply|followUp|editReply|send|create|insert|save|postMessage)|say)\(/;
  const follows = (from) => {
    for (let at = from; at !== around.body; at = at.parent) {
      if (ts.isBlock(at.parent) && at.parent.statements.slice(at.parent.statements.indexOf(at) + 1).some((one) => work.test(text(one)))) return true;
      if (ts.isTryStatement(at.parent)) return false;
    }
    return false;
  };
  const leaves = /\breturn\b/.test(text(node.catchClause.block));
  return api.test(text(node.tryBlock)) && !leaves && follows(node);
}

/** A try of its own around a check that throws, and around both one that answers all failures with 500. */
function losesStatus(node, { known }) {
  const outer = tryAround(node);
  const checks = [...known].some((name) => new RegExp(`await ${name}\\(`).test(text(node.tryBlock)));
  return checks && outer && answersAlike(outer.catchClause) && absorbs(node.catchClause) && absorbs(outer.catchClause);
}

/** All that an async function does, which somebody calls and leaves alone: it fetches. A script or an example may end
 *  with its first failure. */
function losesFloating(node, around) {
  if (/(^|\/)(scripts?|bin|examples|bench(es|marks)?)\//.test(node.getSourceFile().fileName)) return false;
  const isAsync = around.modifiers?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
  const name = nameOf(around);
  if (!isAsync || !name || node.parent !== around.body || !absorbs(node.catchClause) || !/await fetch\(/.test(text(node.tryBlock))) return false;
  // What is fetched must fail here, not in a function that is called later.
  let direct = false;
  const look = (one) => {
    if (ts.isFunctionLike(one) || (ts.isTryStatement(one) && one.catchClause)) return;
    direct ||= ts.isAwaitExpression(one) && /^fetch\(/.test(text(one.expression));
    ts.forEachChild(one, look);
  };
  ts.forEachChild(node.tryBlock, look);
  let floats = false;
  walk(node.getSourceFile(), (one) => {
    if (!ts.isExpressionStatement(one)) return;
    const value = ts.isVoidExpression(one.expression) ? one.expression.expression : one.expression;
    floats ||= ts.isCallExpression(value) && text(value.expression) === name && !tryAround(one);
  });
  return direct && floats;
}

/** Bookkeeping with a try of its own, between what a provider answered and the response. */
function losesAnswer(node) {
  if (node.tryBlock.statements.length > 3 || !ts.isBlock(node.parent) || !absorbs(node.catchClause)) return false;
  const books = node.tryBlock.statements.some((one) => {
    const value = ts.isExpressionStatement(one) && ts.isAwaitExpression(one.expression) ? one.expression.expression : undefined;
    return value && ts.isCallExpression(value) && BILLING.test(text(value.expression));
  });
  const at = node.parent.statements.indexOf(node);
  const before = node.parent.statements.slice(0, at).some((one) => PROVIDER.test(text(one)));
  const after = node.parent.statements.slice(at + 1).some((one) => ts.isReturnStatement(one) && /(Next)?Response/.test(text(one)));
  return books && before && after;
}

/** A check that throws, made into one that returns false: those who call it and leave its answer alone wait for a
 *  throw. */
function throwToReturn(file, { droppedOnes }) {
  const all = [];
  walk(file, (node) => {
    if (!ts.isThrowStatement(node) || !AUTH_ERROR.test(text(node))) return;
    const around = functionOf(node);
    const isCheck = around && ts.isFunctionDeclaration(around) && around.name && droppedOnes.has(around.name.text);
    if (isCheck && !tryAround(node)) all.push(...replace(node, "return false as never;"));
  });
  return all;
}

export const MUTATIONS = { combine, "drop-await": dropAwait, "drop-guard": dropGuard, "drop-else": dropElse, "delete-try": deleteTry, "throw-to-return": throwToReturn };

/** Every mutant of some files, one edit each. */
export function mutants(project, paths, wanted = Object.keys(MUTATIONS)) {
  const sources = [...project.texts.keys()].filter((path) => /\.[mc]?tsx?$/.test(path));
  const known = throwers(project, sources);
  const given = { known, droppedOnes: dropped(project, paths, known) };
  const all = [];
  for (const path of paths) {
    const before = project.texts.get(path);
    const file = project.parse(path);
    for (const kind of wanted) {
      for (const edit of MUTATIONS[kind](file, given)) {
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
