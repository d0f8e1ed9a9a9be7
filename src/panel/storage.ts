import type { Run, Runs } from "./model/runs";
import { thinPiece } from "./model/thin";
import { type LoopInfo, RunData, type TrackPiece } from "./model/track";

/** Where files are kept, by name. */
export interface Files {
  read(name: string): Promise<string | null>;
  write(name: string, text: string): Promise<void>;
  /** Names, the one written longest ago first. */
  list(): Promise<string[]>;
  delete(name: string): Promise<void>;
}

/** Programs whose runs are kept, and how much each may take. */
const MAX_PROGRAMS = 20;
export const MAX_CHARS = 2_000_000;
const FORMAT = 1;
/** Points that are kept of a curve; fewer if they do not fit. */
const POINTS = [1000, 300, 100, 30];

interface KeptRun extends Omit<Run, "id" | "data" | "restored"> {
  loops: readonly LoopInfo[];
  pieces: KeptPiece[];
}

type KeptPiece = Omit<TrackPiece, "steps" | "iterations" | "columns" | "histograms"> & {
  steps: KeptNumber[];
  iterations: KeptNumber[][];
  columns: Record<string, KeptNumber[]>;
};
/** Infinities and NaN by name. */
type KeptNumber = number | string;

/** Keeps the runs of programs over the end of the window. */
export class RunStorage {
  private readonly files: Files;

  constructor(files: Files) {
    this.files = files;
  }

  async load(key: string, runs: Runs): Promise<void> {
    const text = await this.files.read(fileOf(key));
    if (text !== null) for (const run of readRuns(text)) runs.restore(run);
  }

  async keep(key: string, runs: Runs): Promise<void> {
    await this.files.write(fileOf(key), writeRuns(runs));
    const names = await this.files.list();
    for (const name of names.slice(0, -MAX_PROGRAMS)) await this.files.delete(name);
  }
}

/** As JSON of at most `MAX_CHARS`: with fewer points, then without the oldest runs that are not pinned. */
export function writeRuns(runs: Runs): string {
  for (const points of POINTS) {
    const text = write(runs.all, points);
    if (text.length <= MAX_CHARS) return text;
  }
  let kept = [...runs.all];
  for (;;) {
    const oldest = Math.max(
      0,
      kept.findIndex((run) => !run.pinned),
    );
    kept = kept.filter((_, i) => i !== oldest);
    const text = write(kept, POINTS[POINTS.length - 1]);
    if (text.length <= MAX_CHARS) return text;
  }
}

function write(runs: readonly Run[], points: number): string {
  const kept = runs.filter(({ data }) => data.tracks.size > 0).map((run) => keptRun(run, points));
  return JSON.stringify({ format: FORMAT, runs: kept });
}

function keptRun({ data, ...run }: Run, points: number): KeptRun {
  const { change, name, pinned, hidden, status, color, source } = run;
  const pieces = [...data.tracks.values()].map((track) => keptPiece(thinPiece(track.whole(), points)));
  return { change, name, pinned, hidden, status, color, source, loops: data.loops, pieces };
}

function keptPiece({ steps, iterations, columns, histograms: _, ...piece }: TrackPiece): KeptPiece {
  return {
    ...piece,
    steps: numbers(steps),
    iterations: iterations.map(numbers),
    columns: Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, numbers(list)])),
  };
}

function numbers(list: Float64Array): KeptNumber[] {
  return Array.from(list, (value) => (Number.isFinite(value) ? Number(value.toPrecision(7)) : String(value)));
}

/** What was kept, or nothing if it is of another version or damaged. */
function readRuns(text: string): Omit<Run, "id" | "restored">[] {
  try {
    const { format, runs } = JSON.parse(text) as { format: number; runs: KeptRun[] };
    return format === FORMAT ? runs.map(restoredRun) : [];
  } catch {
    return [];
  }
}

function restoredRun({ loops, pieces, ...run }: KeptRun): Omit<Run, "id" | "restored"> {
  const data = new RunData();
  data.apply(loops, pieces.map(restoredPiece));
  return { ...run, status: run.status === "running" ? "stopped" : run.status, data };
}

function restoredPiece({ steps, iterations, columns, ...piece }: KeptPiece): TrackPiece {
  const floats = (list: KeptNumber[]) => Float64Array.from(list, Number);
  return {
    ...piece,
    steps: floats(steps),
    iterations: iterations.map(floats),
    columns: Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, floats(list)])),
    histograms: null,
  };
}

/** A name for a program that every file system takes. */
function fileOf(key: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const unit of new TextEncoder().encode(key)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(unit)) * 0x100000001b3n);
  }
  return `${hash.toString(16).padStart(16, "0")}.json`;
}
