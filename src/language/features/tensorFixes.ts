import type { CodeAction, TextEdit } from "vscode-languageserver-types";
import type { LanguageDiagnostic } from "../diagnostic";
import { nodeAt } from "../syntax";
import { tensorCodes } from "../tensors/checks";
import ts from "../typescript";
import { conventionalImports, importEdit } from "./imports";
import { type Program, rangeOf, typescriptOf } from "./program";

/** "Cannot find name", plain and with a guess of what was meant. */
const unknownNames = [2304, 2552];

/** "Object literal may only specify known properties …", with a guess of which was meant. */
const UNKNOWN_KEYWORD = 2561;

/** Fixes that TypeScript does not know: torch's modules by their usual names, and what tensors get wrong. */
export function tensorFixes(program: Program, found: LanguageDiagnostic): CodeAction[] {
  const { file } = typescriptOf(program);
  const text = file.text.slice(found.start, found.end);
  if (unknownNames.includes(found.code)) return importFix(program, file, text);
  if (found.code === UNKNOWN_KEYWORD) return spellingFix(program, found);
  if (found.code === tensorCodes.identity) return identityFix(program, file, found);
  if (found.code === tensorCodes.forIn) return forInFix(program, file, found);
  return [];
}

function importFix(program: Program, file: ts.SourceFile, name: string): CodeAction[] {
  const module = conventionalImports.get(name);
  // TypeScript offers modules by their own name.
  if (!module || module.endsWith(name)) return [];
  return [fix(`Add import from "${module}"`, program, importEdit(program, file, name, module))];
}

function spellingFix(program: Program, { start, end, message }: LanguageDiagnostic): CodeAction[] {
  const newText = /'(\w+)'\?$/.exec(message)?.[1];
  if (newText === undefined) return [];
  const range = rangeOf(program.document, { start, length: end - start });
  return [fix(`Change spelling to '${newText}'`, program, { range, newText })];
}

function identityFix(
  program: Program,
  file: ts.SourceFile,
  { start, end }: LanguageDiagnostic,
): CodeAction[] {
  const node = enclosing(file, start, end, ts.isBinaryExpression);
  if (!node) return [];
  const left = node.left.getText(file);
  const right = node.right.getText(file);
  const isNegated = node.operatorToken.getText(file).startsWith("!");
  const receiver = ts.isLeftHandSideExpression(node.left) ? left : `(${left})`;
  const range = rangeOf(program.document, { start, length: end - start });
  const whole = `${isNegated ? "!" : ""}${receiver}.equal(${right})`;
  const elements = `${receiver}.${isNegated ? "ne" : "eq"}(${right})`;
  return [
    fix("Compare the values as a whole", program, { range, newText: whole }),
    fix("Compare element by element", program, { range, newText: elements }),
  ];
}

function forInFix(program: Program, file: ts.SourceFile, { start, end }: LanguageDiagnostic): CodeAction[] {
  const node = enclosing(file, start, end, ts.isForInStatement);
  if (!node) return [];
  const length = file.text.slice(node.initializer.end, start).trim() === "in" ? 2 : 0;
  const at = file.text.indexOf("in", node.initializer.end);
  const range = rangeOf(program.document, { start: at, length });
  return length > 0 ? [fix("Go through the rows", program, { range, newText: "of" })] : [];
}

/** The node of a kind around a range. */
function enclosing<T extends ts.Node>(
  file: ts.SourceFile,
  start: number,
  end: number,
  isKind: (node: ts.Node) => node is T,
): T | undefined {
  let node = nodeAt(file, start);
  while (node && !(isKind(node) && node.end >= end)) node = node.parent;
  return node as T | undefined;
}

function fix(title: string, { document }: Program, edit: TextEdit): CodeAction {
  return { title, isPreferred: true, edit: { changes: { [document.uri]: [edit] } } };
}
