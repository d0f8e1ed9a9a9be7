import type { Range, SemanticTokens } from "vscode-languageserver-types";
import ts from "../typescript";
import { type Program, spanOf, typescriptOf } from "./program";

/** In the order of TypeScript's numbers; `gradient` is ours. */
export const semanticTokensLegend = {
  tokenTypes: [
    "class",
    "enum",
    "interface",
    "namespace",
    "typeParameter",
    "type",
    "parameter",
    "variable",
    "enumMember",
    "property",
    "function",
    "method",
  ],
  tokenModifiers: ["declaration", "static", "async", "readonly", "defaultLibrary", "local", "gradient"],
};

const GRADIENT = 1 << semanticTokensLegend.tokenModifiers.indexOf("gradient");

/** What starts, stops or holds gradients: the grammar gives it a colour of its own, which types keep. */
const gradientNames =
  /^(backward|zero_grad_?|retain_grad|requires_grad_?|detach_?|no_grad|enable_grad|set_grad_enabled|inference_mode|is_grad_enabled|grad|grad_fn|is_leaf|next_functions)$/;

export function semanticTokens(program: Program, range?: Range): SemanticTokens {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const text = document.getText();
  const span = range ? spanOf(document, range) : { start: 0, length: text.length };
  const { spans } = service.getEncodedSemanticClassifications(
    fileName,
    span,
    ts.SemanticClassificationFormat.TwentyTwenty,
  );
  const data: number[] = [];
  let line = 0;
  let character = 0;
  for (const { start, length, kind } of inOrder(spans)) {
    const at = document.positionAt(start);
    const modifiers = kind & 0xff;
    const isGradient = gradientNames.test(text.slice(start, start + length));
    data.push(
      at.line - line,
      at.line === line ? at.character - character : at.character,
      length,
      (kind >> 8) - 1,
      isGradient ? modifiers | GRADIENT : modifiers,
    );
    ({ line, character } = at);
  }
  return { data };
}

function inOrder(spans: readonly number[]): { start: number; length: number; kind: number }[] {
  const tokens = [];
  for (let i = 0; i < spans.length; i += 3) {
    tokens.push({ start: spans[i]!, length: spans[i + 1]!, kind: spans[i + 2]! });
  }
  return tokens.sort((a, b) => a.start - b.start);
}
