import type { Line0, Site } from "../compiler/site";
import type { Past } from "../session/moment";
import type { RunError, Seen, TensorSummary, Trace, ValueSummary } from "../trace/model";
import { cutText, onOneLine } from "./cut";
import { eventPieces } from "./eventText";
import { fitted } from "./fit";
import { iterationText } from "./iteration";
import { repeatsLiteral } from "./literal";
import type { LayoutOptions } from "./options";
import { BETWEEN_VALUES, fixed, type Piece } from "./pieces";
import { sparkline } from "./sparkline";
import { numbersOf, shapeText } from "./texts";

/** What stands at the end of a line. */
export interface Label {
  line: Line0;
  /** At most `maxLength` characters, on one line; empty where the value stands in the source as it is. */
  text: string;
  /** Whether it tells why the program ended there. */
  isError: boolean;
  /** Whether the loop that the views are at did not reach the line in its iteration, only before. */
  isOlder: boolean;
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

/** A row longer than this is preceded by its shape, as everything of more than one dimension is. */
const LONG_ROW_CHARS = 60;

interface Shown {
  id: number;
  site: Site;
  seen: Seen;
}

export interface LayoutScope {
  /** The moment that the trace is of, if not the end of the run. */
  past?: Past;
  /** Which lines are wanted; all of them if not given. */
  wants?: (line: Line0) => boolean;
}

/** One label per line that has something to show, top to bottom but for that of an error. */
export function layoutLabels(trace: Trace, options: LayoutOptions, scope: LayoutScope = {}): Label[] {
  const { past } = scope;
  const labels = new Map<Line0, Label>();
  for (const [line, shown] of shownByLine(trace, scope.wants)) {
    labels.set(line, layoutLine(line, shown, trace, options, past));
  }
  if (past !== undefined) addIteration(labels, trace, past, options, scope.wants);
  addError(labels, trace, options, scope.wants);
  return [...labels.values()];
}

function layoutLine(
  line: Line0,
  shown: readonly Shown[],
  { source }: Trace,
  options: LayoutOptions,
  past: Past | undefined,
): Label {
  const count = Math.max(...shown.map(({ seen }) => seen.count));
  const told = shown.filter((one) => isTold(one, source, options));
  const parts = told.map((one) => piecesOf(one, source, options)).filter((pieces) => pieces.length > 0);
  const pieces = parts.flatMap((part, index) => (index > 0 ? [fixed(BETWEEN_VALUES), ...part] : part));
  if (options.count && count > 1 && past === undefined && pieces.length > 0)
    pieces.push(fixed(`  ×${count}`));
  return {
    line,
    text: fitted(pieces, options.maxLength),
    isError: false,
    isOlder: past !== undefined && shown.every(({ id }) => past.older.has(id)),
    values: shown.filter(hasValue).map(labelValue),
    count,
  };
}

function shownByLine({ sites, seen }: Trace, wants: LayoutScope["wants"]): Map<Line0, Shown[]> {
  const lines = new Map<Line0, Shown[]>();
  const all: Shown[] = [];
  for (const [id, one] of seen) {
    const shown = { id, site: sites[id]!, seen: one };
    if ((wants?.(shown.site.line) ?? true) && hasLabel(shown)) all.push(shown);
  }
  for (const shown of all.sort(bySource)) {
    const { line, name } = shown.site;
    const others = lines.get(line) ?? [];
    if (others.some(({ site }) => tellsOf(site, shown.site))) continue;
    // A variable that changes twice on a line shows what it is at the line's end.
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

/** Kinds of sites that are seen by hovering only. */
const SILENT = new Set<Site["kind"]>(["expression", "loop", "throw", "parameter"]);

function hasLabel(shown: Shown): boolean {
  if (SILENT.has(shown.site.kind)) return false;
  return shown.seen.event !== undefined || hasValue(shown);
}

function hasValue({ site, seen: { value } }: Shown): boolean {
  if (value.kind === "tensor") return true;
  return value.text !== "" && !(site.kind === "statement" && isSideProduct(value.text));
}

/** What a call gives that is made for its effect: None, or an object to go on with, as `manual_seed` does. */
function isSideProduct(text: string): boolean {
  return text === "null" || /^\p{Lu}\w*(\(| \{)/u.test(text);
}

function isTold({ site, seen }: Shown, source: string, options: LayoutOptions): boolean {
  if (site.kind === "condition") return options.conditions;
  if (site.kind === "printed" && !options.printed) return false;
  if (seen.event !== undefined && !options.training) return false;
  return !repeatsLiteral(site, seen.value, source);
}

function piecesOf({ site, seen }: Shown, source: string, options: LayoutOptions): Piece[] {
  const { value, before, event } = seen;
  if (event !== undefined) return eventPieces(event);
  const pieces = [fixed(leadOf(site, value, options))];
  if (before !== undefined && writesInPlace(source.slice(site.start, site.end)))
    pieces.push({ role: "before", text: `${numbersOf(before)} → ` });
  pieces.push({ role: "value", text: shownText(site, value) });
  if (value.kind === "tensor") {
    if (options.gradFn && value.gradFn !== null) pieces.push({ role: "gradFn", text: `  ${value.gradFn}` });
    // A printed value stands for itself; its gradient is shown where it was computed.
    if (options.gradient && value.grad !== null && site.kind !== "printed") {
      // A gradient has the shape and dtype of its tensor, so only its numbers are shown.
      pieces.push(fixed("  ∇ "), { role: "gradient", text: numbersOf(value.grad) });
    }
  }
  const hasCurve = options.sparkline && site.kind !== "condition";
  const curve = hasCurve ? sparkline(seen.series ?? []) : "";
  if (curve !== "") pieces.push({ role: "sparkline", text: `  ${curve}` });
  return pieces;
}

/** Whether it is the expression itself that changes its tensor: `x.add_(1)`, `x *= 2`; not `backward()` before it. */
function writesInPlace(expression: string): boolean {
  return /\w_\(|(?:\*\*|[-+*/%@])=(?!=)/.test(expression);
}

function leadOf({ kind, name }: Site, value: ValueSummary, options: LayoutOptions): string {
  const shape = value.kind === "tensor" && wantsShape(value, options) ? shapeText(value.shape) : "";
  if (name !== undefined) return shape === "" ? `${name} = ` : `${name} ${shape} = `;
  return `${kind === "return" ? "→ " : ""}${shape === "" ? "" : `${shape} `}`;
}

function wantsShape({ shape, text }: TensorSummary, options: LayoutOptions): boolean {
  if (options.shape !== "large") return options.shape === "always";
  return shape.length > 1 || text.length > LONG_ROW_CHARS;
}

function shownText({ kind }: Site, { text }: ValueSummary): string {
  if (kind === "condition") return PYTHON[text] ?? onOneLine(text).replace(/^tensor\((True|False)\)$/, "$1");
  return (kind === "printed" ? PYTHON[text] : undefined) ?? onOneLine(text);
}

/** What Python calls what a program decides by or prints. */
const PYTHON: Record<string, string | undefined> = { null: "None", true: "True", false: "False" };

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

/** The line of the loop that the views are at says in which iteration they are. */
function addIteration(
  labels: Map<Line0, Label>,
  trace: Trace,
  past: Past,
  options: LayoutOptions,
  wants: LayoutScope["wants"],
): void {
  const { line } = trace.sites[past.position.loop]!;
  if (!(wants?.(line) ?? true)) return;
  const label = labels.get(line) ?? emptyLabel(line, past.position.iteration);
  const badge = `⟲ ${iterationText(trace, past)}`;
  const text = label.text === "" ? badge : `${label.text}  ${badge}`;
  labels.set(line, { ...label, text: cutText(text, options.maxLength) });
}

/** Why the program ended takes the place of what its line showed before. */
function addError(
  labels: Map<Line0, Label>,
  { source, outcome }: Trace,
  options: LayoutOptions,
  wants: LayoutScope["wants"],
): void {
  const error = errorOf(outcome);
  if (error === null) return;
  const line = lineAt(source, Math.max(error.start, error.end));
  if (!(wants?.(line) ?? true)) return;
  const message = outcome.kind === "failed" ? `${error.name}: ${error.message}` : error.message;
  const text = cutText(`✖ ${onOneLine(message)}`, options.maxLength);
  labels.set(line, { ...(labels.get(line) ?? emptyLabel(line, 0)), text, isError: true });
}

/** What the user or a newer run stopped needs no explanation. */
function errorOf(outcome: Trace["outcome"]): RunError | null {
  if (outcome.kind === "failed") return outcome.error;
  const isLimit = outcome.kind === "stopped" && outcome.reason !== "user" && outcome.reason !== "replaced";
  return isLimit ? outcome.error : null;
}

function emptyLabel(line: Line0, count: number): Label {
  return { line, text: "", isError: false, isOlder: false, values: [], count };
}

function lineAt(source: string, offset: number): Line0 {
  let line = 0;
  for (let i = source.indexOf("\n"); i >= 0 && i < offset; i = source.indexOf("\n", i + 1)) line++;
  return line;
}
