import ts from "../language/typescript";

const { SyntaxKind } = ts;

/** The runtime's name for each binary operator that a tensor may take part in. */
export const BINARY = new Map<number, string>([
  [SyntaxKind.PlusToken, "add"],
  [SyntaxKind.MinusToken, "sub"],
  [SyntaxKind.AsteriskToken, "mul"],
  [SyntaxKind.SlashToken, "div"],
  [SyntaxKind.PercentToken, "mod"],
  [SyntaxKind.AsteriskAsteriskToken, "pow"],
  [SyntaxKind.AtToken, "matmul"],
  [SyntaxKind.AmpersandToken, "and"],
  [SyntaxKind.BarToken, "or"],
  [SyntaxKind.CaretToken, "xor"],
  [SyntaxKind.LessThanToken, "lt"],
  [SyntaxKind.LessThanEqualsToken, "le"],
  [SyntaxKind.GreaterThanToken, "gt"],
  [SyntaxKind.GreaterThanEqualsToken, "ge"],
]);

export const COMPOUND = new Map<number, string>([
  [SyntaxKind.PlusEqualsToken, "iadd"],
  [SyntaxKind.MinusEqualsToken, "isub"],
  [SyntaxKind.AsteriskEqualsToken, "imul"],
  [SyntaxKind.SlashEqualsToken, "idiv"],
  [SyntaxKind.PercentEqualsToken, "imod"],
  [SyntaxKind.AsteriskAsteriskEqualsToken, "ipow"],
  [SyntaxKind.AmpersandEqualsToken, "iand"],
  [SyntaxKind.BarEqualsToken, "ior"],
  [SyntaxKind.CaretEqualsToken, "ixor"],
]);

export const UNARY = new Map<number, string>([
  [SyntaxKind.MinusToken, "neg"],
  [SyntaxKind.PlusToken, "pos"],
  [SyntaxKind.TildeToken, "invert"],
]);

export const LOGICAL_ASSIGNMENT = new Set<number>([
  SyntaxKind.AmpersandAmpersandEqualsToken,
  SyntaxKind.BarBarEqualsToken,
  SyntaxKind.QuestionQuestionEqualsToken,
]);
