import type { Node, SourceFile } from "typescript-js";
import ts from "../language/typescript";
import type { Piece } from "./writer";

export interface SourceRange {
  start: number;
  end: number;
}

/**
 * Finds what a position in V8's stack trace means: `line` and `column` in the compiled code, both from 1,
 * to the source range of the expression that was being evaluated; null if there is no such place.
 */
export type Locate = (line: number, column: number) => SourceRange | null;

export function createLocate(file: SourceFile, code: string, pieces: readonly Piece[]): Locate {
  let lineStarts: number[] | null = null;
  return (line, column) => {
    lineStarts ??= [0, ...Array.from(code.matchAll(/\r\n|[\n\r\u2028\u2029]/g), endOf)];
    const lineStart = lineStarts[line - 1];
    if (lineStart === undefined) return null;
    const node = nodeAt(file, pieces, lineStart + column - 1);
    return node === null ? null : { start: node.getStart(file, false), end: node.end };
  };
}

function endOf(match: RegExpExecArray): number {
  return match.index + match[0].length;
}

function nodeAt(file: SourceFile, pieces: readonly Piece[], offset: number): Node | null {
  let end = 0;
  for (const { text, start, owner } of pieces) {
    const pieceStart = end;
    end += text.length;
    if (offset >= end) continue;
    if (owner !== null) return ts.isSourceFile(owner) ? null : reported(owner);
    return failing(innermost(file, start + offset - pieceStart));
  }
  return null;
}

/** The innermost node around a source offset; whitespace and comments belong to what encloses them. */
function innermost(file: SourceFile, offset: number): Node {
  let node: Node = file;
  for (let next: Node | undefined = file; next !== undefined; ) {
    node = next;
    next = ts.forEachChild(node, (child) =>
      child.pos <= offset && offset < child.end && child.getStart(file, false) <= offset ? child : undefined,
    );
  }
  return node;
}

/** The expression that failed, given the node that V8 points at: for a call the name called, or what encloses its arguments. */
function failing(node: Node): Node | null {
  let found: Node = node;
  const { parent } = found;
  if (parent !== undefined && ts.isPropertyAccessExpression(parent) && parent.name === found) found = parent;
  while (found.parent !== undefined && isCalleeOf(found, found.parent)) found = found.parent;
  while (!ts.isExpression(found) && !ts.isStatement(found) && found.parent !== undefined)
    found = found.parent;
  return ts.isSourceFile(found) ? null : reported(found);
}

function isCalleeOf(node: Node, parent: Node): boolean {
  if (ts.isTaggedTemplateExpression(parent)) return parent.tag === node || parent.template === node;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node;
}

/** A failing statement is told by its expression: a `throw` by what it throws. */
function reported(node: Node): Node {
  if (ts.isThrowStatement(node) || ts.isExpressionStatement(node)) return node.expression;
  // V8 puts the first name read in an assignment's value at the target, which by itself cannot fail.
  const { parent } = node;
  const isTarget =
    ts.isIdentifier(node) &&
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isTarget ? parent.right : node;
}
