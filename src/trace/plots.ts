import type { Layer, PlotSink } from "../../engine/plot/sink";
import type { Budget, Thinnable } from "./budget";
import { countUpTo, type Moments } from "./moments";
import { Series } from "./series";

/** What a program plots beyond these is left out, and a note says so. */
export const MAX_CURVES = 200;
export const MAX_PICTURES = 20;
/** As a 0-dim tensor's, a value here has cost more than its place. */
const MAX_VALUES = 1 << 20;
/** Of each picture at most so many are kept, evenly spaced over the run. */
const MAX_FRAMES = 64;

/** What a program plotted under one name, call by call. */
export interface PlottedCurve {
  name: string;
  series: Series;
  calls: number;
}

export interface PlottedPicture {
  name: string;
  /** Of each kind: an image, points, a contour. */
  layers: Frames[];
  calls: number;
}

/** Keeps what a program plots, with its moments. */
export class Plots implements PlotSink {
  readonly curves: PlottedCurve[] = [];
  readonly pictures: PlottedPicture[] = [];
  /** What was left out, in sentences. */
  readonly notes: string[] = [];
  private readonly curveIds = new Map<string, number>();
  private readonly pictureIds = new Map<string, number>();
  private readonly moments: Moments;
  private readonly budget: Budget;
  readonly aside: PlotSink["aside"];

  constructor(moments: Moments, budget: Budget, aside: PlotSink["aside"]) {
    this.moments = moments;
    this.budget = budget;
    this.aside = aside;
  }

  point(name: string, value: number): void {
    const curve = this.curve(name);
    if (curve === null) return;
    const { series } = curve;
    const call = curve.calls++;
    if (call >= series.next) series.add(call, value);
  }

  private curve(name: string): PlottedCurve | null {
    const known = this.curveIds.get(name);
    if (known !== undefined) return this.curves[known];
    const { length } = this.curves;
    if (length === MAX_CURVES) {
      this.note(`Only the first ${MAX_CURVES} curves are kept.`);
      return null;
    }
    this.curveIds.set(name, length);
    this.curves[length] = { name, series: new Series(this.moments, this.budget, MAX_VALUES), calls: 0 };
    return this.curves[length];
  }

  layer(name: string, layer: Layer): void {
    const picture = this.picture(name);
    if (picture === null) return;
    picture.calls++;
    const { layers } = picture;
    for (let i = 0; i < layers.length; i++) {
      if (layers[i].kind === layer.kind) {
        layers[i].add(layer);
        return;
      }
    }
    const frames = new Frames(layer.kind, this.moments, this.budget);
    layers[layers.length] = frames;
    frames.add(layer);
  }

  private picture(name: string): PlottedPicture | null {
    const known = this.pictureIds.get(name);
    if (known !== undefined) return this.pictures[known];
    const { length } = this.pictures;
    if (length === MAX_PICTURES) {
      this.note(`Only the first ${MAX_PICTURES} pictures are kept.`);
      return null;
    }
    this.pictureIds.set(name, length);
    this.pictures[length] = { name, layers: [], calls: 0 };
    return this.pictures[length];
  }

  private note(text: string): void {
    for (let i = 0; i < this.notes.length; i++) if (this.notes[i] === text) return;
    this.notes[this.notes.length] = text;
  }
}

interface Frame {
  layer: Layer;
  counts: Float64Array;
  bytes: number;
}

/** One kind of layer over the run: all of them at first, then every second, every fourth …, and always the last. */
export class Frames implements Thinnable {
  readonly kind: Layer["kind"];
  bytes = 0;
  private readonly moments: Moments;
  private readonly budget: Budget;
  private frames: Frame[] = [];
  private last: Frame | null = null;
  private calls = 0;
  private stride = 1;

  constructor(kind: Layer["kind"], moments: Moments, budget: Budget) {
    this.kind = kind;
    this.moments = moments;
    this.budget = budget;
    budget.join(this);
  }

  add(layer: Layer): void {
    const call = this.calls++;
    const counts = new Float64Array(this.moments.loops.length);
    this.moments.write(counts, 0);
    const frame = { layer, counts, bytes: bytesOf(layer) };
    this.last = frame;
    if (call % this.stride !== 0) return;
    const before = this.bytes;
    this.frames[this.frames.length] = frame;
    this.bytes += frame.bytes;
    if (this.frames.length > MAX_FRAMES) this.thin();
    this.budget.grew(this.bytes - before);
  }

  thin(): boolean {
    if (this.frames.length < 2) return false;
    const kept: Frame[] = [];
    this.bytes = 0;
    for (let i = 0; i < this.frames.length; i += 2) {
      kept[kept.length] = this.frames[i];
      this.bytes += this.frames[i].bytes;
    }
    this.frames = kept;
    this.stride *= 2;
    return true;
  }

  /** The last one, or the last up to an iteration of a loop (an index of `Moments.loops`); null if there was none. */
  at(moment: { loop: number; iteration: number } | null): Layer | null {
    if (moment === null) return this.last?.layer ?? null;
    const { loop, iteration } = moment;
    if (this.last !== null && this.last.counts[loop] <= iteration) return this.last.layer;
    const count = countUpTo(this.frames.length, (i) => this.frames[i].counts[loop], iteration);
    return count === 0 ? null : this.frames[count - 1].layer;
  }
}

function bytesOf(layer: Layer): number {
  if (layer.kind !== "scatter") return layer.values.byteLength;
  return layer.x.byteLength * (layer.labels === null ? 2 : 3);
}
