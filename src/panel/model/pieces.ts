import type { Site } from "../../compiler/site";
import type { CurvesAnswer, LeafPiece, LeavesAnswer } from "../../trace/queries";
import { HISTOGRAM_BINS, HISTOGRAM_WIDTH, type LoopInfo, type TrackPiece } from "./track";

/** What a run was compiled from. */
export interface Program {
  source: string;
  sites: readonly Site[];
}

/** Columns that a leaf's summary and its gradient's are told in, in the order of `LeafPiece.summary`. */
export const SUMMARY_COLUMNS = ["norm", "mean", "std", "min", "max"] as const;
/** ‖Δw‖/‖w‖ of the step that follows; NaN for the last entry. */
export const UPDATE_RATIO = "update ratio";
/** The columns of the gradient have this before their names. */
export const GRADIENT = "∇ ";

export function loopsOf({ loops }: { loops: readonly number[] }, program: Program): LoopInfo[] {
  const known = new Map<string, number>();
  return loops.map((site) => {
    const name = loopName(program, site);
    return { site, key: distinct(known, name), name, line: program.sites[site].line + 1 };
  });
}

/** What a loop counts with, as far as its head says so. */
function loopName(program: Program, site: number): string {
  const head = textOf(program, program.sites[site]);
  const name = /^for\s*(?:await\s*)?\(\s*(?:let|const|var)\s+([\p{ID_Start}_$][\p{ID_Continue}$]*)/u.exec(
    head,
  );
  return name?.[1] ?? `loop in line ${program.sites[site].line + 1}`;
}

/** The curves that are worth a place in a list: named values, what is printed, and the losses. */
export function curvePieces({ curves, roots }: CurvesAnswer, program: Program): TrackPiece[] {
  const losses = new Set(roots);
  const keys = keysOf(program);
  return curves.flatMap((curve) => {
    const site = program.sites[curve.id];
    const isLoss = losses.has(curve.id);
    if (site === undefined || (!isLoss && !isListed(site))) return [];
    const { from, stride, version, iterations } = curve;
    return {
      id: `curve ${curve.id}`,
      kind: isLoss ? "loss" : "scalar",
      key: `curve ${keys[curve.id]}`,
      name: nameOf(program, site),
      line: site.line + 1,
      shape: null,
      version,
      from,
      steps: Float64Array.from(curve.values, (_, i) => (from + i) * stride + 1),
      iterations: iterations.map(floats),
      columns: { value: floats(curve.values) },
      histograms: null,
    } satisfies TrackPiece;
  });
}

/** What the program plots by name. */
export function plotPieces({ plots }: CurvesAnswer): TrackPiece[] {
  return plots.map(({ id, name, version, from, stride, values, iterations }) => ({
    id: `plot ${id}`,
    kind: "plot",
    key: `plot ${name}`,
    name,
    line: 0,
    shape: null,
    version,
    from,
    steps: Float64Array.from(values, (_, i) => (from + i) * stride + 1),
    iterations: iterations.map(floats),
    columns: { value: floats(values) },
    histograms: null,
  }));
}

export function leafPieces({ leaves }: LeavesAnswer): TrackPiece[] {
  const known = new Map<string, number>();
  return leaves.map((leaf) => {
    const name = leaf.name ?? `tensor ${leaf.id + 1}`;
    return {
      id: `leaf ${leaf.id}`,
      kind: "leaf",
      key: `leaf ${distinct(known, name)}`,
      name,
      line: 0,
      shape: leaf.shape,
      version: leaf.version,
      from: leaf.from,
      steps: Float64Array.from(leaf.passes, (pass) => pass + 1),
      iterations: leaf.iterations.map(floats),
      columns: leafColumns(leaf),
      histograms: histogramRows(leaf),
    };
  });
}

function leafColumns(leaf: LeafPiece): Record<string, Float64Array> {
  const columns: Record<string, Float64Array> = { [UPDATE_RATIO]: floats(leaf.updateRatio) };
  SUMMARY_COLUMNS.forEach((name, i) => {
    columns[name] = floats(leaf.summary.map((row) => row[i]));
    columns[GRADIENT + name] = floats(leaf.gradSummary.map((row) => row[i]));
  });
  const names = elementNames(leaf.shape);
  names.forEach((name, i) => {
    if (leaf.elements) columns[name] = floats(leaf.elements.map((row) => row[i]));
    if (leaf.gradElements) columns[GRADIENT + name] = floats(leaf.gradElements.map((row) => row[i]));
  });
  return columns;
}

/** `[0, 1]` for each element, as it is indexed; `value` for the only one of a scalar. */
export function elementNames(shape: readonly number[]): string[] {
  let names = [""];
  for (const size of shape) {
    names = names.flatMap((name) =>
      Array.from({ length: size }, (_, i) => (name ? `${name}, ${i}` : `${i}`)),
    );
  }
  return shape.length === 0 ? ["value"] : names.map((name) => `[${name}]`);
}

function histogramRows({ histograms }: LeafPiece): Float64Array | null {
  if (histograms.length === 0) return null;
  const rows = new Float64Array(histograms.length * HISTOGRAM_WIDTH);
  histograms.forEach(({ min, max, bins }, i) => {
    rows.set([min ?? Number.NaN, max ?? Number.NaN], i * HISTOGRAM_WIDTH);
    rows.set(bins.slice(0, HISTOGRAM_BINS), i * HISTOGRAM_WIDTH + 2);
  });
  return rows;
}

const LISTED_KINDS: readonly string[] = ["binding", "statement", "printed"];

function isListed(site: Site): boolean {
  return LISTED_KINDS.includes(site.kind);
}

/** Of each site the key that tells it from others of its name. */
function keysOf(program: Program): string[] {
  const known = new Map<string, number>();
  return program.sites.map((site) => distinct(known, nameOf(program, site)));
}

function nameOf(program: Program, site: Site): string {
  return site.name ?? textOf(program, site);
}

const MAX_NAME_CHARS = 40;

function textOf({ source }: Program, { start, end }: Site): string {
  const text = source.slice(start, end).replace(/\s+/g, " ");
  return text.length > MAX_NAME_CHARS ? `${text.slice(0, MAX_NAME_CHARS - 1)}…` : text;
}

function distinct(known: Map<string, number>, name: string): string {
  const count = (known.get(name) ?? 0) + 1;
  known.set(name, count);
  return count === 1 ? name : `${name} (${count})`;
}

/** The realm writes NaN as null. */
function floats(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}
