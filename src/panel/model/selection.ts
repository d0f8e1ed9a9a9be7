import { elementNames, GRADIENT, SUMMARY_COLUMNS, UPDATE_RATIO } from "./pieces";
import type { RunInfo } from "./runs";
import type { RunData, Track } from "./track";
import { loopOf, trainingLoop } from "./training";
import type { LeafForm, ViewState } from "./view";

/** A run as the page knows it. */
export interface ShownRun {
  info: RunInfo;
  data: RunData;
}

/** One line of a chart: a column of a track of a run. */
export interface Selected {
  run: ShownRun;
  track: Track;
  column: string;
  name: string;
  /** Lines of the same thing in several runs have the same place, by which they are coloured. */
  place: number;
  isGhost: boolean;
}

export type LeafPart = "weights" | "gradients";

/** Scalars drawn before the user picks some. */
const FIRST_SCALARS = 3;
/** As many elements are drawn one by one; of more, each tensor's norm. */
const MAX_ELEMENT_LINES = 24;
/** Charts of more lines than this show the newest run only. */
const MAX_LINES_WITH_GHOSTS = 8;
export const MAX_LINES = 200;

/** The newest run comes first, so that the others are drawn behind it. */
export function lossLines(runs: readonly ShownRun[]): Selected[] {
  return select(runs, (data) => scalarCandidates(data.ofKind("loss")));
}

/** The scalars of the newest run that can be picked: all but what the loops count with. */
export function scalarTracks(runs: readonly ShownRun[]): Track[] {
  const newest = runs.at(-1);
  const loops = new Set(newest?.data.loops.map(({ name }) => name));
  return newest?.data.ofKind("scalar").filter(({ info }) => !loops.has(info.name)) ?? [];
}

/** Keys of the scalars that are drawn: before the user picks some, the first few of the training's loop. */
export function drawnScalars(runs: readonly ShownRun[], { scalars }: ViewState): string[] {
  if (scalars !== null) return scalars;
  const newest = runs.at(-1);
  const loop = newest && trainingLoop(newest.data);
  return scalarTracks(runs)
    .filter((track) => newest === undefined || loopOf(newest.data, track)?.key === loop?.key)
    .slice(0, FIRST_SCALARS)
    .map(({ info }) => info.key);
}

export function scalarLines(runs: readonly ShownRun[], view: ViewState): Selected[] {
  const drawn = new Set(drawnScalars(runs, view));
  return select(runs, (data) =>
    scalarCandidates(data.ofKind("scalar").filter(({ info }) => drawn.has(info.key))),
  );
}

/** What the program plots by name. */
export function plotLines(runs: readonly ShownRun[]): Selected[] {
  return select(runs, (data) => scalarCandidates(data.ofKind("plot")));
}

/** In the order of a model's layers, a layer's weight before its bias. */
export function leafTracks(runs: readonly ShownRun[]): Track[] {
  const newest = runs.at(-1);
  return newest === undefined ? [] : sortedLeaves(newest.data);
}

/** The leaf that is shown by itself: the one that was picked, else the largest where not all can be shown. */
export function chosenLeaf(runs: readonly ShownRun[], view: ViewState, part: LeafPart): Track | null {
  const leaves = leafTracks(runs);
  const picked = leaves.find(({ info }) => info.key === view.leaf);
  if (picked !== undefined || view[part] === "lines") return picked ?? null;
  return leaves.reduce<Track | null>(
    (best, leaf) => (best === null || sizeOf(leaf) > sizeOf(best) ? leaf : best),
    null,
  );
}

function sortedLeaves(data: RunData): Track[] {
  return data.ofKind("leaf").sort((a, b) => compareNames(a.info.name, b.info.name));
}

function compareNames(a: string, b: string): number {
  const last = (name: string) => name.replace(/\bbias(?=\W|$)/g, "\uffff");
  return last(a).localeCompare(last(b), "en", { numeric: true });
}

export function leafLines(runs: readonly ShownRun[], view: ViewState, part: LeafPart): Selected[] {
  const key = chosenLeaf(runs, view, part)?.info.key ?? null;
  const chosen = (data: RunData) => sortedLeaves(data).filter(({ info }) => key === null || info.key === key);
  const newest = runs.at(-1);
  const elements = newest ? chosen(newest.data).reduce((sum, track) => sum + sizeOf(track), 0) : 0;
  const byElement = elements <= (key === null ? MAX_ELEMENT_LINES : MAX_LINES);
  const form: LeafForm = view[part];
  const prefix = part === "gradients" ? GRADIENT : "";
  return select(runs, (data) =>
    chosen(data).flatMap((track) => {
      const columns = form === "statistics" ? SUMMARY_COLUMNS : byElement ? elementsOf(track) : ["norm"];
      return columns.map((column) => ({
        track,
        column: prefix + column,
        name: `${prefix}${nameOf(track, column)}`,
      }));
    }),
  );
}

/** ‖Δw‖/‖w‖ of every leaf. */
export function ratioLines(runs: readonly ShownRun[]): Selected[] {
  return select(runs, (data) =>
    sortedLeaves(data)
      .filter((track) => track.length > 1)
      .map((track) => ({ track, column: UPDATE_RATIO, name: track.info.name })),
  );
}

/** An axis as it can be drawn: `step` in place of a loop that is not there. */
export function axisKey(runs: readonly ShownRun[], axis: string): string {
  const newest = runs.at(-1);
  if (newest === undefined) return "step";
  if (axis === "epoch") return trainingLoop(newest.data) === null ? "step" : "epoch";
  return newest.data.loopIndex(axis) < 0 ? "step" : axis;
}

interface Candidate {
  track: Track;
  column: string;
  name: string;
}

/** Those of one name are told apart by their lines. */
function scalarCandidates(tracks: readonly Track[]): Candidate[] {
  return tracks.map((track) => {
    const { name, line } = track.info;
    const isShared = tracks.some((other) => other !== track && other.info.name === name);
    return { track, column: "value", name: isShared ? `${name} (line ${line})` : name };
  });
}

function select(runs: readonly ShownRun[], candidatesOf: (data: RunData) => Candidate[]): Selected[] {
  const newest = runs.at(-1);
  const first = newest ? candidatesOf(newest.data) : [];
  const withGhosts = first.length <= MAX_LINES_WITH_GHOSTS;
  const places = new Map<string, number>();
  const selected: Selected[] = [];
  for (const run of [...runs].reverse()) {
    const isGhost = run !== newest;
    if (run.info.hidden || (isGhost && !withGhosts)) continue;
    for (const { track, column, name } of isGhost ? candidatesOf(run.data) : first) {
      if (!track.columns.has(column)) continue;
      const key = `${track.info.kind} ${track.info.key} ${column}`;
      const place = places.get(key) ?? places.size;
      places.set(key, place);
      selected.push({ run, track, column, name, place, isGhost });
    }
  }
  return selected.slice(0, MAX_LINES);
}

function sizeOf({ info }: Track): number {
  return (info.shape ?? []).reduce((product, size) => product * size, 1);
}

function elementsOf(track: Track): string[] {
  return elementNames(track.info.shape ?? []).filter((name) => track.columns.has(name));
}

function nameOf({ info }: Track, column: string): string {
  if (column === "value") return info.name;
  return column.startsWith("[") ? info.name + column : `${info.name} ${column}`;
}
