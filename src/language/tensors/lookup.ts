import { isAssigned, skipParentheses } from "../syntax";
import ts from "../typescript";
import type { SeenValue, SeenValues } from "./seen";

/**
 * What the last run saw of an expression: its own value, or for a variable what it was set to last above
 * this place.
 */
export function seenValueOf(
  expression: ts.Expression,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  seen: SeenValues,
): SeenValue | undefined {
  const node = skipParentheses(expression);
  const start = node.getStart(file);
  const own = seen.at(start, node.end) ?? (ts.isIdentifier(node) ? seenName(node, seen, start) : undefined);
  if (own || !ts.isIdentifier(node)) return own;
  const symbol = checker.getSymbolAtLocation(node);
  return symbol && seenVariable(symbol, node.text, start, file, checker, seen);
}

/** What the variable `symbol` was set to last before `offset`, as far as the text goes. */
export function seenVariable(
  symbol: ts.Symbol,
  name: string,
  offset: number,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  seen: SeenValues,
): SeenValue | undefined {
  const { text } = file;
  for (let at = text.lastIndexOf(name, offset - 1); at >= 0; at = text.lastIndexOf(name, at - 1)) {
    const value = seen.from(at);
    if (value && isBindingOf(symbol, at, name, file, checker)) return value;
    if (at === 0) break;
  }
  return undefined;
}

/** A declaration or assignment is seen with the name that it sets in front. */
function seenName(node: ts.Identifier, seen: SeenValues, start: number): SeenValue | undefined {
  return isTarget(node) ? seen.from(start) : undefined;
}

function isBindingOf(
  symbol: ts.Symbol,
  at: number,
  name: string,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
) {
  const node = identifierAt(file, at);
  return node?.text === name && isTarget(node) && checker.getSymbolAtLocation(node) === symbol;
}

function isTarget(node: ts.Identifier): boolean {
  const { parent } = node;
  const isDeclared =
    ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isParameter(parent);
  return (isDeclared && parent.name === node) || isAssigned(node);
}

/** The identifier that begins at an offset. */
function identifierAt(file: ts.SourceFile, offset: number): ts.Identifier | undefined {
  let found: ts.Identifier | undefined;
  const visit = (node: ts.Node): void => {
    if (found || offset < node.pos || offset >= node.end) return;
    if (ts.isIdentifier(node) && node.getStart(file) === offset) found = node;
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
