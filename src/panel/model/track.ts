import { countBelow, Floats } from "./floats";

/** What is known of something recorded over a run besides its numbers. */
export interface TrackInfo {
  /** Unique in its run. */
  id: string;
  kind: "loss" | "scalar" | "leaf" | "plot";
  /** The same for the same thing in another run, though the code around it was edited. */
  key: string;
  name: string;
  /** 1-based; 0 if it belongs to no line. */
  line: number;
  /** Of a leaf. */
  shape: number[] | null;
}

/** What a track has from `from` on; a newer `version` replaces it. All lists are of one length. */
export interface TrackPiece extends TrackInfo {
  version: number;
  from: number;
  steps: Float64Array;
  /** How many iterations each of the run's loops had begun. */
  iterations: Float64Array[];
  columns: Record<string, Float64Array>;
  /** `HISTOGRAM_WIDTH` numbers for each entry; null where there are none. */
  histograms: Float64Array | null;
}

export interface LoopInfo {
  site: number;
  /** The same for the same loop in another run. */
  key: string;
  name: string;
  /** 1-based. */
  line: number;
}

/** `[min, max, count of each of the bins]`. */
export const HISTOGRAM_BINS = 24;
export const HISTOGRAM_WIDTH = 2 + HISTOGRAM_BINS;

/** One thing recorded over a run: a scalar, or a tensor with what is told of it at each backward pass. */
export class Track {
  info: TrackInfo;
  version = -1;
  readonly steps = new Floats();
  iterations: Floats[] = [];
  readonly columns = new Map<string, Floats>();
  readonly histograms = new Floats();
  /** Changes whenever numbers before the end did. */
  revision = 0;

  constructor(info: TrackInfo) {
    this.info = info;
  }

  get length(): number {
    return this.steps.length;
  }

  apply(piece: TrackPiece): void {
    const { id, kind, key, name, line, shape, from } = piece;
    this.info = { id, kind, key, name, line, shape };
    if (from < this.length || piece.version !== this.version) this.revision++;
    this.version = piece.version;
    this.steps.replaceFrom(from, piece.steps);
    while (this.iterations.length < piece.iterations.length) this.iterations.push(new Floats());
    piece.iterations.forEach((list, i) => {
      this.iterations[i].replaceFrom(from, list);
    });
    for (const [name, list] of Object.entries(piece.columns)) this.column(name).replaceFrom(from, list);
    if (piece.histograms) this.histograms.replaceFrom(from * HISTOGRAM_WIDTH, piece.histograms);
  }

  /** Everything, as one piece. */
  whole(): TrackPiece {
    return {
      ...this.info,
      version: this.version,
      from: 0,
      steps: this.steps.values.slice(),
      iterations: this.iterations.map((list) => list.values.slice()),
      columns: Object.fromEntries([...this.columns].map(([name, list]) => [name, list.values.slice()])),
      histograms: this.histograms.length > 0 ? this.histograms.values.slice() : null,
    };
  }

  /** The index of the last entry up to an iteration of a loop (an index of the run's loops); -1 if none. */
  indexAt(loop: number, iteration: number): number {
    return loop < 0 || loop >= this.iterations.length
      ? this.length - 1
      : countBelow(this.iterations[loop].values, iteration, true) - 1;
  }

  private column(name: string): Floats {
    const column = this.columns.get(name) ?? new Floats();
    this.columns.set(name, column);
    return column;
  }
}

/** Everything recorded in one run. */
export class RunData {
  loops: readonly LoopInfo[] = [];
  readonly tracks = new Map<string, Track>();

  apply(loops: readonly LoopInfo[], pieces: readonly TrackPiece[]): void {
    this.loops = loops;
    for (const piece of pieces) {
      const track = this.tracks.get(piece.id) ?? new Track(piece);
      this.tracks.set(piece.id, track);
      track.apply(piece);
    }
  }

  ofKind(kind: TrackInfo["kind"]): Track[] {
    return [...this.tracks.values()].filter((track) => track.info.kind === kind);
  }

  loopIndex(key: string): number {
    return this.loops.findIndex((loop) => loop.key === key);
  }
}
