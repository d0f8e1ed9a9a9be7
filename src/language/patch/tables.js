// biome-ignore-all lint/correctness/noUnusedVariables: used where scripts/patch-typescript.mjs inserts them
// Inserted into TypeScript's checker module by scripts/patch-typescript.mjs, just before
// `createTypeChecker`. Free names are the compiler's own.

/** Python's data model: the methods each operator asks for, in the order of the fields. */
const operatorProtocol = new Map([
  [SyntaxKind.PlusToken, { method: "__add__", reflected: "__radd__" }],
  [SyntaxKind.MinusToken, { method: "__sub__", reflected: "__rsub__" }],
  [SyntaxKind.AsteriskToken, { method: "__mul__", reflected: "__rmul__" }],
  [SyntaxKind.SlashToken, { method: "__truediv__", reflected: "__rtruediv__" }],
  [SyntaxKind.PercentToken, { method: "__mod__", reflected: "__rmod__" }],
  [SyntaxKind.AsteriskAsteriskToken, { method: "__pow__", reflected: "__rpow__" }],
  [SyntaxKind.AtToken, { method: "__matmul__", reflected: "__rmatmul__" }],
  [SyntaxKind.AmpersandToken, { method: "__and__", reflected: "__rand__" }],
  [SyntaxKind.BarToken, { method: "__or__", reflected: "__ror__" }],
  [SyntaxKind.CaretToken, { method: "__xor__", reflected: "__rxor__" }],
  [SyntaxKind.PlusEqualsToken, { inPlace: "__iadd__", method: "__add__", reflected: "__radd__" }],
  [SyntaxKind.MinusEqualsToken, { inPlace: "__isub__", method: "__sub__", reflected: "__rsub__" }],
  [SyntaxKind.AsteriskEqualsToken, { inPlace: "__imul__", method: "__mul__", reflected: "__rmul__" }],
  [
    SyntaxKind.SlashEqualsToken,
    { inPlace: "__itruediv__", method: "__truediv__", reflected: "__rtruediv__" },
  ],
  [SyntaxKind.PercentEqualsToken, { inPlace: "__imod__", method: "__mod__", reflected: "__rmod__" }],
  [SyntaxKind.AsteriskAsteriskEqualsToken, { inPlace: "__ipow__", method: "__pow__", reflected: "__rpow__" }],
  [SyntaxKind.AmpersandEqualsToken, { inPlace: "__iand__", method: "__and__", reflected: "__rand__" }],
  [SyntaxKind.BarEqualsToken, { inPlace: "__ior__", method: "__or__", reflected: "__ror__" }],
  [SyntaxKind.CaretEqualsToken, { inPlace: "__ixor__", method: "__xor__", reflected: "__rxor__" }],
  [SyntaxKind.LessThanToken, { method: "__lt__", reflected: "__gt__" }],
  [SyntaxKind.LessThanEqualsToken, { method: "__le__", reflected: "__ge__" }],
  [SyntaxKind.GreaterThanToken, { method: "__gt__", reflected: "__lt__" }],
  [SyntaxKind.GreaterThanEqualsToken, { method: "__ge__", reflected: "__le__" }],
]);

const unaryOperatorProtocol = new Map([
  [SyntaxKind.MinusToken, "__neg__"],
  [SyntaxKind.PlusToken, "__pos__"],
  [SyntaxKind.TildeToken, "__invert__"],
]);

/** `x[i, j]` parses as a comma expression: its operands, left to right. Parentheses stay one index. */
function indexExpressions(expression) {
  return isCommaExpression(expression)
    ? [...indexExpressions(expression.left), expression.right]
    : [expression];
}

/** Whether a comma in an index, or a part of it, may separate indices: its object decides. */
function isIndexList(node) {
  if (!isCommaExpression(node)) return false;
  const { parent } = node;
  return (isElementAccessExpression(parent) && parent.argumentExpression === node) || isIndexList(parent);
}
