/** Each of these is copied: what the program does with its tensors later does not show. */
export type Layer = ImageLayer | ScatterLayer | ContourLayer;

export interface ImageLayer {
  kind: "image";
  rows: number;
  columns: number;
  /** One number for each cell, or red, green and blue of the first, of the second … */
  channels: 1 | 3;
  values: Float64Array;
  /** Of colours: the value that shows as full brightness. */
  white: number;
  /** What was left out, in a sentence; empty if nothing was. */
  note: string;
}

export interface ScatterLayer {
  kind: "scatter";
  x: Float64Array;
  y: Float64Array;
  /** The class of each point; null where they have none. */
  labels: Float64Array | null;
  note: string;
}

export interface ContourLayer {
  kind: "contour";
  rows: number;
  columns: number;
  /** Where the first and the last column and row of points lie. */
  x: readonly [number, number];
  y: readonly [number, number];
  /** Row by row, from the lowest y. */
  values: Float64Array;
  /** Whether the values are classes, counted from 0, rather than a height. */
  isClasses: boolean;
  note: string;
}

/** Takes what a program plots. */
export interface PlotSink {
  point(name: string, value: number): void;
  layer(name: string, layer: Layer): void;
  /** Calls what a plot asks of the program for its own sake, and returns the answer. */
  aside<T>(ask: () => T): T;
}

let sink: PlotSink | null = null;

/** Where plots go from now on; null lets them go nowhere. */
export function setPlotSink(next: PlotSink | null): void {
  sink = next;
}

export function plotSink(): PlotSink | null {
  return sink;
}
