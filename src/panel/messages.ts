import type { ContourLayer, ImageLayer, ScatterLayer } from "../../engine/plot/sink";
import type { PictureFacts, Position } from "../trace/queries";
import type { Progress } from "./model/progress";
import type { RunInfo } from "./model/runs";
import type { Problem, ShownStatus } from "./model/status";
import type { LoopInfo, TrackPiece } from "./model/track";
import type { ViewState } from "./model/view";

/**
 * Extension → page. `program` comes first, and again when another program is shown, whereupon the page forgets
 * what it has; the runs and all of their data follow. Numbers travel as typed arrays.
 */
export type ToPage =
  /** `title` is null when no program is open. */
  | { kind: "program"; title: string | null; view: ViewState }
  /** Oldest first; runs that are missing are forgotten. */
  | { kind: "runs"; runs: RunInfo[] }
  | { kind: "data"; run: number; loops: LoopInfo[]; pieces: TrackPiece[] }
  | { kind: "progress"; status: ShownStatus | null; problem: Problem | null; progress: Progress | null }
  /** Where the editor's annotations are; null for the run's end. */
  | { kind: "position"; at: Position | null }
  /** What the newest run has drawn; `notes` say what of its plots was left out. */
  | { kind: "pictures"; run: number; pictures: readonly PictureFacts[]; notes: readonly string[] }
  /** Answers `picture`; null if it is gone. */
  | { kind: "picture"; request: number; value: ShownLayer[] | null }
  /** Answers `leaf`; null if the value is gone. */
  | { kind: "leaf"; request: number; value: LeafAnswer | null };

/** What was drawn under one name: an image, or points over a contour. */
export type ShownLayer = ImageLayer | ScatterLayer | ContourLayer;

export interface LeafAnswer {
  shape: number[];
  values: Float64Array;
  grad: Float64Array | null;
}

/** Page → extension. */
export type ToHost =
  /** The page is there and has nothing. */
  | { kind: "ready" }
  | { kind: "view"; view: unknown }
  | { kind: "position"; at: Position | null }
  | { kind: "command"; command: PanelCommand }
  | { kind: "rename"; run: number; name: string }
  | { kind: "pin"; run: number; on: boolean }
  | { kind: "hide"; run: number; on: boolean }
  | { kind: "remove"; run: number }
  | { kind: "clear" }
  /** The whole tensor of the newest run's leaf at a moment. */
  | { kind: "leaf"; request: number; leaf: number; at: Position | null }
  /** What the newest run drew under one name by a moment. */
  | { kind: "picture"; request: number; picture: number; at: Position | null }
  | { kind: "save"; fileName: string; content: string | Uint8Array }
  /** 1-based. */
  | { kind: "reveal"; line: number };

export const PANEL_COMMANDS = ["run", "pause", "continue", "stop"] as const;
export type PanelCommand = (typeof PANEL_COMMANDS)[number];

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === "number";
const isString: Check = (value) => typeof value === "string";
const isBoolean: Check = (value) => typeof value === "boolean";
const isAnything: Check = () => true;
const isArray: Check = Array.isArray;
const isNumbers: Check = (value) => value instanceof Float64Array;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const hasFields =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
const isPosition = hasFields({ loop: isNumber, iteration: isNumber });

const toHost: Record<ToHost["kind"], Record<string, Check>> = {
  ready: {},
  view: { view: isAnything },
  position: { at: orNull(isPosition) },
  command: { command: (value) => PANEL_COMMANDS.includes(value as PanelCommand) },
  rename: { run: isNumber, name: isString },
  pin: { run: isNumber, on: isBoolean },
  hide: { run: isNumber, on: isBoolean },
  remove: { run: isNumber },
  clear: {},
  leaf: { request: isNumber, leaf: isNumber, at: orNull(isPosition) },
  picture: { request: isNumber, picture: isNumber, at: orNull(isPosition) },
  save: { fileName: isString, content: (value) => isString(value) || value instanceof Uint8Array },
  reveal: { line: isNumber },
};

const isPiece = hasFields({
  id: isString,
  kind: isString,
  key: isString,
  name: isString,
  version: isNumber,
  from: isNumber,
  steps: isNumbers,
  iterations: isListOf(isNumbers),
  columns: (value) => typeof value === "object" && value !== null && Object.values(value).every(isNumbers),
  histograms: orNull(isNumbers),
});

const isRange = isListOf(isNumber);
const isGrid = { rows: isNumber, columns: isNumber, values: isNumbers, note: isString };
const layers: Record<ShownLayer["kind"], Check> = {
  image: hasFields({ ...isGrid, channels: isNumber, white: isNumber }),
  contour: hasFields({ ...isGrid, x: isRange, y: isRange, isClasses: isBoolean }),
  scatter: hasFields({ x: isNumbers, y: isNumbers, labels: orNull(isNumbers), note: isString }),
};
const isLayer: Check = (value) => {
  const kind = (value as ShownLayer | null)?.kind;
  return kind !== undefined && Object.hasOwn(layers, kind) && layers[kind](value);
};

const toPage: Record<ToPage["kind"], Record<string, Check>> = {
  program: { title: orNull(isString), view: isAnything },
  runs: { runs: isListOf(hasFields({ id: isNumber, change: isString, color: isNumber })) },
  data: { run: isNumber, loops: isArray, pieces: isListOf(isPiece) },
  progress: {
    status: orNull(isString),
    problem: orNull(hasFields({ text: isString, line: orNull(isNumber) })),
    progress: orNull(hasFields({ unit: isString, done: isNumber })),
  },
  position: { at: orNull(isPosition) },
  pictures: {
    run: isNumber,
    pictures: isListOf(hasFields({ id: isNumber, name: isString, calls: isNumber })),
    notes: isListOf(isString),
  },
  picture: { request: isNumber, value: orNull(isListOf(isLayer)) },
  leaf: { request: isNumber, value: orNull(hasFields({ shape: isArray, values: isNumbers })) },
};

/** The message if it is one that the extension takes, else null. */
export function readToHost(value: unknown): ToHost | null {
  return fits(value, toHost) ? (value as ToHost) : null;
}

/** The message if it is one that the page takes, else null. */
export function readToPage(value: unknown): ToPage | null {
  return fits(value, toPage) ? (value as ToPage) : null;
}

function fits(value: unknown, kinds: Record<string, Record<string, Check>>): boolean {
  const kind = (value as { kind?: unknown } | null)?.kind;
  return typeof kind === "string" && Object.hasOwn(kinds, kind) && hasFields(kinds[kind])(value);
}
