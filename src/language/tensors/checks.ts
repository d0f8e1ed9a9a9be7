import type { LanguageDiagnostic } from "../diagnostic";
import { skipParentheses } from "../syntax";
import ts from "../typescript";
import { seenValueOf } from "./lookup";
import type { SeenValues } from "./seen";

/** Numbers for what TypeScript has none for. */
export const tensorCodes = { identity: 100001, forIn: 100002, truth: 100003 } as const;

/** What is correct TypeScript and yet never meant of a tensor. */
export function tensorDiagnostics(
  program: ts.Program,
  fileName: string,
  seen: SeenValues,
): LanguageDiagnostic[] {
  const file = program.getSourceFile(fileName);
  if (!file) return [];
  const checker = program.getTypeChecker();
  const found: LanguageDiagnostic[] = [];
  const warn = (node: ts.Node, code: number, message: string) =>
    found.push({ start: node.getStart(file), end: node.end, code, message, severity: "warning" });

  function checkTruth(expression: ts.Expression): void {
    const node = skipParentheses(expression);
    // Their operands are conditions in their own right.
    if (isLogical(node) || isNot(node) || !isTensor(checker.getTypeAtLocation(node))) return;
    const value = seenValueOf(node, file!, checker, seen);
    const count = value?.shape?.reduce((product, size) => product * size, 1) ?? 1;
    if (count === 1 || value?.failed) return;
    const what = count === 0 ? "no values" : "more than one value";
    const message =
      `Boolean value of Tensor with ${what} is ambiguous: in the last run this was ${value!.label}. ` +
      "Use .any() or .all() for its elements, .item() for a single one.";
    warn(node, tensorCodes.truth, message);
  }

  const visit = (node: ts.Node): void => {
    const condition = conditionOf(node);
    if (condition) checkTruth(condition);
    if (ts.isBinaryExpression(node)) {
      const operator = identityOperators.get(node.operatorToken.kind);
      if (operator && [node.left, node.right].every((side) => isTensor(checker.getTypeAtLocation(side)))) {
        warn(node, tensorCodes.identity, identityMessage(operator));
      }
    }
    if (ts.isForInStatement(node) && isTensor(checker.getTypeAtLocation(node.expression))) {
      const message = "for…in goes through the names of a tensor's properties. Use for…of for its rows.";
      warn(node.expression, tensorCodes.forIn, message);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const identityOperators = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "==="],
  [ts.SyntaxKind.EqualsEqualsToken, "=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsToken, "!="],
]);

function identityMessage(operator: string): string {
  return (
    `Operator '${operator}' asks whether two tensors are the same object, not whether their values are. ` +
    "Use a.equal(b) for the whole, a.eq(b) for each element."
  );
}

/** The expression whose truth a node asks for. */
function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isForStatement(node) || ts.isConditionalExpression(node)) return node.condition;
  if (isNot(node)) return node.operand;
  return isLogical(node) ? node.left : undefined;
}

function isNot(node: ts.Node): node is ts.PrefixUnaryExpression {
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;
}

function isLogical(node: ts.Node): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
}

/** By what it can do, as operators go, not by its name; `null` beside it does not count. */
export function isTensor(type: ts.Type): boolean {
  const members = (type.isUnion() ? type.types : [type]).filter(({ flags }) => !(flags & NOTHING));
  return members.length > 0 && members.every((member) => member.getProperty("__matmul__") !== undefined);
}

const NOTHING = ts.TypeFlags.Null | ts.TypeFlags.Undefined;
