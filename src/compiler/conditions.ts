import type { BinaryExpression, Expression, PrefixUnaryExpression } from "typescript-js";
import ts from "../language/typescript";
import type { Compilation } from "./compilation";
import { isPrimitive } from "./inference";

const { SyntaxKind } = ts;

/** What an `if`, a `while` or `?:` tests, recorded as written: a mask of one element, say. */
export function compileCondition(c: Compilation, node: Expression): void {
  if (!c.probing || isConstant(node)) {
    compileTest(c, node);
    return;
  }
  const probe = c.probe("condition", node, c.rangeOf(node));
  const start = c.startOf(node);
  if (isCombination(node) || isPrimitive(c.inference.typesOf(node))) {
    c.insert(start, probe, node);
    compileTest(c, node);
    c.insert(node.end, ")", node);
  } else {
    c.insert(start, `$$.truth(${probe}`, node);
    c.expression(node, true);
    c.insert(node.end, "))", node);
  }
}

/** An expression of which only the truth counts. */
export function compileTest(c: Compilation, node: Expression): void {
  if (ts.isParenthesizedExpression(node)) compileTest(c, node.expression);
  else if (isNot(node)) compileTest(c, node.operand);
  else if (isLogical(node)) {
    compileTest(c, node.left);
    compileTest(c, node.right);
  } else if (isPrimitive(c.inference.typesOf(node))) c.expression(node, true);
  else {
    c.insert(c.startOf(node), "$$.truth(", node);
    c.expression(node);
    c.insert(node.end, ")", node);
  }
}

/** `while (true)` has nothing to show. */
function isConstant(node: Expression): boolean {
  const { kind } = node;
  return (
    kind === SyntaxKind.TrueKeyword || kind === SyntaxKind.FalseKeyword || kind === SyntaxKind.NumericLiteral
  );
}

function isCombination(node: Expression): boolean {
  return ts.isParenthesizedExpression(node) ? isCombination(node.expression) : isNot(node) || isLogical(node);
}

function isNot(node: Expression): node is PrefixUnaryExpression {
  return ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken;
}

function isLogical(node: Expression): node is BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken;
}
