import type { Site } from "../../compiler/site";
import { emptyStatistics, writeStatistics } from "../../trace/leafStatistics";
import type { CurvePiece, CurvesAnswer, LeafPiece, LeafStatistics, LeavesAnswer } from "../../trace/queries";
import type { LoopInfo, TrackPiece } from "./track";

/** What a run was compiled from. */
export interface Program {
  source: string;
  sites: readonly Site[];
}

/** Columns that a leaf's summary and its gradient's are told in, in the order of `LeafStatistics.summary`. */
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
    const { from, version, iterations } = curve;
    return {
      id: `curve ${curve.id}`,
      kind: isLoss ? "loss" : "scalar",
      key: `curve ${keys[curve.id]}`,
      name: nameOf(program, site),
      line: site.line + 1,
      shape: null,
      version,
      from,
      steps: stepsOf(curve),
      iterations,
      columns: { value: curve.values },
      histograms: null,
    } satisfies TrackPiece;
  });
}

/** What the program plots by name. */
export function plotPieces({ plots }: CurvesAnswer): TrackPiece[] {
  return plots.map((plot) => ({
    id: `plot ${plot.id}`,
    kind: "plot",
    key: `plot ${plot.name}`,
    name: plot.name,
    line: 0,
    shape: null,
    version: plot.version,
    from: plot.from,
    steps: stepsOf(plot),
    iterations: plot.iterations,
    columns: { value: plot.values },
    histograms: null,
  }));
}

function stepsOf({ values, from, stride }: CurvePiece): Float64Array {
  return values.map((_, i) => (from + i) * stride + 1);
}

export function leafPieces({ leaves }: LeavesAnswer): TrackPiece[] {
  const known = new Map<string, number>();
  return leaves.map((leaf) => {
    const name = leaf.name ?? `tensor ${leaf.id + 1}`;
    const statistics = leaf.statistics ?? statisticsOf(leaf);
    return {
      id: `leaf ${leaf.id}`,
      kind: "leaf",
      key: `leaf ${distinct(known, name)}`,
      name,
      line: 0,
      shape: leaf.shape,
      version: leaf.version,
      from: leaf.from,
      steps: leaf.passes.map((pass) => pass + 1),
      iterations: leaf.iterations,
      columns: leafColumns(leaf, statistics),
      histograms: statistics.histograms,
    };
  });
}

/** From the elements, which a small tensor is told by: the program has less to write then. */
function statisticsOf({ passes, elements, gradElements }: LeafPiece): LeafStatistics {
  const count = passes.length;
  const statistics = emptyStatistics(count);
  const entryOf = (all: Float64Array | null, at: number) => {
    const size = all === null || count === 0 ? 0 : all.length / count;
    return (all ?? new Float64Array(0)).subarray(at * size, (at + 1) * size);
  };
  for (let at = 0; at < count; at++) {
    const isFollowed = at + 1 < count && passes[at + 1] === passes[at] + 1;
    const next = isFollowed ? entryOf(elements, at + 1) : null;
    writeStatistics(statistics, at, entryOf(elements, at), entryOf(gradElements, at), next);
  }
  return statistics;
}

function leafColumns(
  leaf: LeafPiece,
  { summary, gradSummary, updateRatio }: LeafStatistics,
): Record<string, Float64Array> {
  const columns: Record<string, Float64Array> = { [UPDATE_RATIO]: updateRatio };
  const { length } = leaf.passes;
  const add = (names: readonly string[], prefix: string, rows: Float64Array | null) => {
    if (rows === null) return;
    names.forEach((name, i) => {
      columns[prefix + name] = columnOf(rows, i, names.length, length);
    });
  };
  add(SUMMARY_COLUMNS, "", summary);
  add(SUMMARY_COLUMNS, GRADIENT, gradSummary);
  const names = leaf.elements === null ? [] : elementNames(leaf.shape);
  add(names, "", leaf.elements);
  add(names, GRADIENT, leaf.gradElements);
  return columns;
}

function columnOf(rows: Float64Array, column: number, width: number, length: number): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = rows[i * width + column];
  return values;
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
