import type { FormattingOptions, Position, Range, TextEdit } from "vscode-languageserver-types";
import { textEdits } from "./edits";
import { formatSettings } from "./preferences";
import { type Program, spanOf, typescriptOf } from "./program";

/** After these a line is formatted while it is typed. */
export const FORMATTING_CHARACTERS = ["}", ";", "\n"] as const;

export function formatDocument(program: Program, options: FormattingOptions): TextEdit[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  return textEdits(document, service.getFormattingEditsForDocument(fileName, formatSettings(options)));
}

export function formatRange(program: Program, range: Range, options: FormattingOptions): TextEdit[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const { start, length } = spanOf(document, range);
  const settings = formatSettings(options);
  return textEdits(document, service.getFormattingEditsForRange(fileName, start, start + length, settings));
}

export function formatOnType(
  program: Program,
  position: Position,
  character: string,
  options: FormattingOptions,
): TextEdit[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const offset = document.offsetAt(position);
  const settings = formatSettings(options);
  return textEdits(document, service.getFormattingEditsAfterKeystroke(fileName, offset, character, settings));
}
