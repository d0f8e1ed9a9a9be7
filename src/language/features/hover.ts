import type { Hover, Position } from "vscode-languageserver-types";
import { nodeAt } from "../syntax";
import { isTensor } from "../tensors/checks";
import { seenValueOf } from "../tensors/lookup";
import ts from "../typescript";
import { codeBlock, documentation, markdown, plain } from "./markdown";
import { type Program, rangeOf, typescriptOf } from "./program";

/** The type of what stands at a place, the shape that the last run saw, and documentation. */
export function hover(program: Program, position: Position): Hover | null {
  const { document, fileName } = program;
  const offset = document.offsetAt(position);
  const { service } = typescriptOf(program);
  const info = service.getQuickInfoAtPosition(fileName, offset);
  if (!info) return null;
  const type = plain(info.displayParts) + shapeAt(program, info.textSpan.start);
  const parts = [codeBlock(type), documentation(info.documentation, info.tags)];
  return {
    contents: markdown(parts.filter((part) => part !== "").join("\n\n")),
    range: rangeOf(document, info.textSpan),
  };
}

/** ` (2, 3) float32`, to follow the type of a tensor; empty where the last run saw none. */
function shapeAt(program: Program, offset: number): string {
  const { file, checker } = typescriptOf(program);
  const node = nodeAt(file, offset);
  if (!node || !ts.isIdentifier(node)) return "";
  const expression =
    ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node;
  const seen = program.language.seen(program.fileName);
  if (!isTensor(checker.getTypeAtLocation(expression))) return "";
  const value = seenValueOf(expression, file, checker, seen);
  return value?.shape ? ` ${value.label}` : "";
}
