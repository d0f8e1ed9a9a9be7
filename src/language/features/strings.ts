import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { nodeAt } from "../syntax";
import { isTensor } from "../tensors/checks";
import { seenValueOf } from "../tensors/lookup";
import ts from "../typescript";
import { type Program, rangeOf } from "./program";

/**
 * What could stand in the string at `offset`, where only this language knows: ranges in a tensor's index,
 * names in a state dict. Undefined everywhere else.
 */
export function stringCompletions(
  program: Program,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  offset: number,
): CompletionItem[] | undefined {
  const string = stringAround(file, offset);
  if (!string) return undefined;
  const inside = rangeOf(program.document, {
    start: string.getStart(file) + 1,
    length: contentLength(string, file),
  });
  const make = ({ text, description, detail = description, kind }: Candidate, i: number): CompletionItem => ({
    label: text,
    labelDetails: { description },
    detail,
    kind,
    sortText: String(i).padStart(2, "0"),
    filterText: text,
    textEdit: { range: inside, newText: text },
  });
  return (
    indexCandidates(program, file, checker, string) ?? keyCandidates(program, file, checker, string)
  )?.map(make);
}

interface Candidate {
  text: string;
  /** Beside the text in the list. */
  description: string;
  /** What is said of the chosen one; the description unless given. */
  detail?: string;
  kind: CompletionItemKind;
}

function stringAround(file: ts.SourceFile, offset: number): ts.StringLiteralLike | undefined {
  const node = nodeAt(file, offset);
  if (!node || !ts.isStringLiteralLike(node)) return undefined;
  const isInside =
    offset > node.getStart(file) && offset <= node.getStart(file) + 1 + contentLength(node, file);
  return isInside ? node : undefined;
}

/** A string that is not closed yet has no last quote. */
function contentLength(string: ts.StringLiteralLike, file: ts.SourceFile): number {
  const text = string.getText(file);
  return text.length - (text.length > 1 && text.at(-1) === text[0] ? 2 : 1);
}

/** `x["…", here]`: the ranges of one dimension, with numbers where the last run tells its size. */
function indexCandidates(
  program: Program,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  string: ts.StringLiteralLike,
): Candidate[] | undefined {
  const place = indexPlace(string);
  if (!place || !isTensor(checker.getTypeAtLocation(place.access.expression))) return undefined;
  const seen = program.language.seen(program.fileName);
  const value = seenValueOf(place.access.expression, file, checker, seen);
  const dimension = dimensionOf(place, value?.shape?.length);
  const size = dimension === undefined ? undefined : value?.shape?.[dimension];
  if (value?.shape && dimension !== undefined && size === undefined) return [];
  const of = size === undefined ? "" : `, dimension ${dimension} of ${value!.label}`;
  const range = (text: string, what: string): Candidate => ({
    text,
    description: text === ":" ? what + of : what,
    detail: what + of,
    kind: CompletionItemKind.Value,
  });
  const middle = size === undefined ? 3 : Math.max(1, Math.ceil(size / 2));
  return [
    range(":", "all"),
    ...(place.indices.some((index) => index !== string && isEllipsis(index))
      ? []
      : [range("...", "all dimensions between")]),
    range("1:", "from 1 on"),
    range(":-1", "without the last"),
    range("-1:", "the last, as a range"),
    range(`:${middle}`, `the first ${middle}`),
    ...(size === undefined
      ? [range("1:3", "from 1 to before 3")]
      : [range(`0:${size}`, "from the first to the last")]),
    range("::2", "every second"),
  ];
}

interface IndexPlace {
  access: ts.ElementAccessExpression;
  indices: ts.Expression[];
  position: number;
}

function indexPlace(string: ts.Expression): IndexPlace | undefined {
  let node: ts.Expression = string;
  while (isComma(node.parent)) node = node.parent;
  const access = node.parent;
  if (!access || !ts.isElementAccessExpression(access) || access.argumentExpression !== node)
    return undefined;
  const indices = operands(node);
  return { access, indices, position: indices.indexOf(string) };
}

function isComma(node: ts.Node | undefined): node is ts.BinaryExpression {
  return !!node && ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken;
}

function operands(node: ts.Expression): ts.Expression[] {
  return isComma(node) ? [...operands(node.left), node.right] : [node];
}

function isEllipsis(index: ts.Expression): boolean {
  return ts.isStringLiteralLike(index) && index.text === "...";
}

/** The dimension that an index is about; undefined where it cannot be told. `null` takes none. */
function dimensionOf({ indices, position }: IndexPlace, rank: number | undefined): number | undefined {
  const takes = (index: ts.Expression) => index.kind !== ts.SyntaxKind.NullKeyword;
  const before = indices.slice(0, position);
  if (!before.some(isEllipsis)) return before.filter(takes).length;
  return rank === undefined ? undefined : rank - indices.slice(position).filter(takes).length;
}

const keyMethods = new Set(["get", "has", "delete"]);

/** `sd.get("here")`, `sd["here"]`: the names that the last run saw in a state dict or other mapping. */
function keyCandidates(
  program: Program,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  string: ts.StringLiteralLike,
): Candidate[] | undefined {
  const mapping = mappingOf(string);
  const seen = program.language.seen(program.fileName);
  const keys = mapping && seenValueOf(mapping, file, checker, seen)?.keys;
  return keys?.map((text) => ({ text, description: "seen in the last run", kind: CompletionItemKind.Field }));
}

function mappingOf(string: ts.StringLiteralLike): ts.Expression | undefined {
  const { parent } = string;
  if (ts.isElementAccessExpression(parent)) return parent.expression;
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== string) return undefined;
  const called = parent.expression;
  return ts.isPropertyAccessExpression(called) && keyMethods.has(called.name.text)
    ? called.expression
    : undefined;
}
