// What mutants are made of: the shapes of code whose meaning can be read off without a type checker.
import ts from "typescript";

export const text = (node) => node.getText();
export const AUTH_ERROR = /new \w*(Authentication|Authorization|Unauthorized|Forbidden|AccessDenied)\w*\(/;
/** Statuses and errors that turn somebody away. */
export const REJECTS = /\bthrow\b|\b(40[13]|50[03])\b/;
const LOGGER = /^(console|log|logger|logging|this\.logger|this\.log|Sentry)\b/;

export const functionOf = (node) => {
  do node = node.parent;
  while (node && !ts.isFunctionLike(node));
  return node;
};

export const replace = (node, by) => [{ at: node.getStart(), end: node.end, text: by }];

/** What stands between the braces of a block. */
export const inside = (block) => text(block).slice(1, -1);

/** `const x = await call(..)`: the name, and the call. */
export function awaited(statement) {
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return undefined;
  const [{ name, initializer }] = statement.declarationList.declarations;
  if (!initializer || !ts.isAwaitExpression(initializer)) return undefined;
  return { name: text(name), call: text(initializer.expression), expression: initializer.expression };
}

/** The try statement with a catch whose block a node stands in, in the same function. */
export function tryAround(node) {
  for (let at = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause) return at.parent;
  }
  return undefined;
}

/** Whether a clause keeps the failure to itself: it does not throw. */
export const absorbs = (clause) => !/\bthrow\b/.test(text(clause.block));

/** Whether a clause answers every failure alike with 500, with nothing read of the error but for a log. */
export function answersAlike(clause) {
  if (!/status: 500|status\(500\)|, 500\)/.test(text(clause.block)) || /40[0-9]/.test(text(clause.block))) return false;
  if (!clause.variableDeclaration) return true;
  const name = text(clause.variableDeclaration.name);
  let alike = true;
  const look = (node) => {
    if (ts.isIdentifier(node) && node.text === name && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) {
      let at = node;
      while (at !== clause.block && !(ts.isCallExpression(at) && LOGGER.test(text(at.expression)))) at = at.parent;
      alike &&= at !== clause.block;
    }
    ts.forEachChild(node, look);
  };
  look(clause.block);
  return alike;
}

/** The name of a function: its own, or of the variable that holds it, also through `useCallback`. */
export function nameOf(fn) {
  if (ts.isFunctionDeclaration(fn)) return fn.name?.text;
  let at = fn.parent;
  if (ts.isCallExpression(at) && /(^|\.)useCallback$/.test(text(at.expression))) at = at.parent;
  return ts.isVariableDeclaration(at) && ts.isIdentifier(at.name) ? at.name.text : undefined;
}

/** The names of variables that hold a secret of the environment, with whether they are declared in `fn`. */
export function isSecret(fn, name) {
  const from = `(process\\.env\\.|env\\.|Bun\\.env\\.|\\w*[cC]onfig\\(\\)\\.)\\w*(SECRET|TOKEN|KEY|PASSWORD|[sS]ecret|[tT]oken|[kK]ey)\\b`;
  return new RegExp(`const ${name} = ${from}`).test(text(fn.body)) || new RegExp(`^const ${name} = ${from}`, "m").test(fn.getSourceFile().text);
}
