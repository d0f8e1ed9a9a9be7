import type { Line0, Site } from "../compiler/site";
import type { Seen, TensorSummary, Trace, ValueSummary } from "../trace/model";
import { cutBrackets, cutText, onOneLine } from "./cut";
import { sparkline } from "./sparkline";

/** What stands at the end of a line. */
export interface Label {
  line: Line0;
  /** At most `maxLength` characters, on one line. */
  text: string;
  /** The values behind the text, uncut, in the order of the source. */
  values: LabelValue[];
  /** How often the line was reached: the most of any of its values. */
  count: number;
}

export interface LabelValue {
  name: string | null;
  /** Shape and dtype are null for what is not a tensor. */
  shape: number[] | null;
  dtype: string | null;
  value: string;
  grad_fn: string | null;
  grad: string | null;
}

export interface LayoutOptions {
  /** Width of a label in characters, "…" included. */
  maxLength: number;
  gradFn: boolean;
  gradient: boolean;
  /** Whether a scalar's values over the iterations are drawn as a small curve. */
  sparkline: boolean;
}

/** A row longer than this is preceded by its shape, as everything of more than one dimension is. */
const LONG_ROW_CHARS = 60;
/** Length below which no value or gradient is cut before something else is left out. */
const MIN_VALUE_CHARS = 22;

const BETWEEN_VALUES = " · ";

interface Shown {
  site: Site;
  seen: Seen;
}

/** Part of a label's text. `role` says how it may be shortened; a `fixed` one is kept. */
interface Piece {
  role: "fixed" | "value" | "gradient" | "sparkline" | "gradFn";
  text: string;
}

/**
 * One label per line that has something to show. Too long a label first loses the ends of its values and
 * gradients, then its curve, then the names of the operations.
 */
export function layoutLabels(trace: Trace, options: LayoutOptions): Label[] {
  return [...shownByLine(trace)].map(([line, shown]) => {
    const count = Math.max(...shown.map(({ seen }) => seen.count));
    const pieces = shown.flatMap((one, index) => [
      ...(index > 0 ? [{ role: "fixed", text: BETWEEN_VALUES } as const] : []),
      ...piecesOf(one, options),
    ]);
    if (count > 1) pieces.push({ role: "fixed", text: `  ×${count}` });
    return { line, text: fitted(pieces, options.maxLength), values: shown.map(labelValue), count };
  });
}

function shownByLine({ sites, seen }: Trace): Map<Line0, Shown[]> {
  const lines = new Map<Line0, Shown[]>();
  const inSourceOrder = [...seen].map(([id, one]) => ({ site: sites[id]!, seen: one })).sort(bySource);
  for (const shown of inSourceOrder) {
    if (!hasLabel(shown)) continue;
    const { line } = shown.site;
    const others = lines.get(line) ?? [];
    if (others.some(({ site }) => tellsOf(site, shown.site))) continue;
    // A variable that changes twice on a line shows what it is at the line's end.
    const { name } = shown.site;
    lines.set(line, [...others.filter(({ site }) => name === undefined || site.name !== name), shown]);
  }
  return lines;
}

/** Whether a function's result is part of a value that the same line shows: `y = no_grad(() => x * 2)`. */
function tellsOf(outer: Site, inner: Site): boolean {
  return inner.kind === "return" && outer.start <= inner.start && inner.end <= outer.end;
}

function bySource(a: Shown, b: Shown): number {
  return a.site.line - b.site.line || a.site.start - b.site.start;
}

function hasLabel({ site, seen: { value } }: Shown): boolean {
  if (site.kind === "expression" || site.kind === "loop" || site.kind === "throw") return false;
  if (value.kind === "tensor") return true;
  return value.text !== "" && !(site.kind === "statement" && isSideProduct(value.text));
}

/** What a call gives that is made for its effect: None, or an object to go on with, as `manual_seed` does. */
function isSideProduct(text: string): boolean {
  return text === "null" || /^\p{Lu}\w*(\(| \{)/u.test(text);
}

function piecesOf({ site, seen }: Shown, options: LayoutOptions): Piece[] {
  const { value } = seen;
  const pieces: Piece[] = [
    { role: "fixed", text: leadOf(site, value) },
    { role: "value", text: shownText(site, value) },
  ];
  if (value.kind === "tensor") {
    if (options.gradFn && value.gradFn !== null) {
      pieces.push({ role: "gradFn", text: `  ${value.gradFn}` });
    }
    // A printed value stands for itself; its gradient is shown where it was computed.
    if (options.gradient && value.grad !== null && site.kind !== "printed") {
      pieces.push({ role: "fixed", text: "  ∇ " }, { role: "gradient", text: gradientText(value.grad) });
    }
  }
  const hasCurve = options.sparkline && site.kind !== "condition";
  const curve = hasCurve ? sparkline(seen.series ?? []) : "";
  if (curve !== "") pieces.push({ role: "sparkline", text: `  ${curve}` });
  return pieces;
}

function leadOf({ kind, name }: Site, value: ValueSummary): string {
  const shape = value.kind === "tensor" && isLargerThanRow(value) ? shapeText(value.shape) : "";
  if (name !== undefined) return shape === "" ? `${name} = ` : `${name} ${shape} = `;
  return `${kind === "return" ? "→ " : ""}${shape === "" ? "" : `${shape} `}`;
}

function isLargerThanRow({ shape, text }: TensorSummary): boolean {
  return shape.length > 1 || text.length > LONG_ROW_CHARS;
}

/** A shape as Python prints it: `(3, 2)`, `(3,)`, `()`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function shownText({ kind }: Site, { text }: ValueSummary): string {
  if (kind === "condition") return PYTHON[text] ?? onOneLine(text).replace(/^tensor\((True|False)\)$/, "$1");
  return (kind === "printed" ? PYTHON[text] : undefined) ?? onOneLine(text);
}

/** What Python calls what a program decides by or prints. */
const PYTHON: Record<string, string | undefined> = { null: "None", true: "True", false: "False" };

/** A gradient has the shape and dtype of its tensor, so only its numbers are shown. */
function gradientText(grad: string): string {
  const numbers = onOneLine(grad).replace(/^tensor\(/, "");
  return numbers.replace(/(, (dtype|size)=[^\]]*)?\)$/, "");
}

function labelValue({ site, seen: { value } }: Shown): LabelValue {
  const isTensor = value.kind === "tensor";
  return {
    name: site.name ?? null,
    shape: isTensor ? value.shape : null,
    dtype: isTensor ? value.dtype : null,
    value: value.text,
    grad_fn: isTensor ? value.gradFn : null,
    grad: isTensor ? value.grad : null,
  };
}

function fitted(pieces: readonly Piece[], maxLength: number): string {
  const steps = [
    () => shortenValues(pieces, maxLength),
    () => leaveOut(pieces, "sparkline"),
    () => leaveOut(pieces, "gradFn"),
  ];
  for (const step of steps) {
    if (lengthOf(pieces) <= maxLength) break;
    step();
  }
  return cutText(pieces.map(({ text }) => text).join(""), maxLength);
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

/** Cuts the longest values and gradients to a common length, so that a short one keeps all of its own. */
function shortenValues(pieces: readonly Piece[], maxLength: number): void {
  const values = pieces.filter(({ role }) => role === "value" || role === "gradient");
  let room = maxLength - lengthOf(pieces) + lengthOf(values);
  const byLength = values.sort((a, b) => a.text.length - b.text.length);
  byLength.forEach((piece, index) => {
    const share = Math.floor(room / (byLength.length - index));
    piece.text = cutBrackets(piece.text, Math.max(MIN_VALUE_CHARS, share));
    room -= piece.text.length;
  });
}

function leaveOut(pieces: readonly Piece[], role: Piece["role"]): void {
  for (const piece of pieces) if (piece.role === role) piece.text = "";
}
