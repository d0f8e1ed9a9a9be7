/*
 * What programs show besides what is seen of them anyway: `import plot from "gradlens/plot"`. Outside an editor
 * the same programs run, and what they plot goes nowhere.
 */
import { no_grad } from "../autograd/context";
import { float32 } from "../dtype";
import { pythonTypeName, ValueError } from "../errors";
import { fromData, Tensor } from "../tensor";
import {
  isOptions,
  type Numbers,
  numbersOf,
  readName,
  readNumbers,
  readOptions,
  readRange,
  readScalar,
  readTensor,
  shapeOf,
} from "./arguments";
import { type ContourLayer, type ImageLayer, plotSink, type ScatterLayer } from "./sink";

/** Cells across and down that are shown; of a larger image each cell is the mean of several. */
export const MAX_SIDE = 128;
/** Points of a scatter that are shown, evenly chosen. */
export const MAX_POINTS = 5000;
const RESOLUTION = 50;
export const MAX_RESOLUTION = 100;

export interface PictureOptions {
  /** The picture's title; pictures of one name are one, of which the last counts. */
  name?: string;
}

export interface ContourOptions extends PictureOptions {
  /** From where to where the plane goes; [-1, 1] unless given. */
  x?: readonly [number, number];
  y?: readonly [number, number];
  /** Of a function: at how many places across and down it is asked; 50 unless given, at most 100. */
  resolution?: number;
}

/**
 * Adds `value`, a number or a tensor of one element, to the curve `name` of the training panel, and returns
 * nothing. Called once per iteration it draws `value` over the iterations. 200 names are kept.
 * Throws TypeError for a larger tensor.
 */
function curve(name: string, value: number | boolean | Tensor): void {
  const call = "plot()";
  plotSink()?.point(readName(name, call), readScalar(value, call));
}

/**
 * Shows a tensor as an image: (H, W) or (1, H, W) in shades between its lowest and highest value, (3, H, W) in
 * colour, of integers from 0 to 255 or floats from 0 to 1. More than 128 rows or columns are averaged.
 * Throws ValueError for another shape.
 */
function image(tensor: Tensor, options: PictureOptions = {}): void {
  const call = "plot.image()";
  const { name = "image" } = readOptions(options, ["name"], call);
  const { shape, dtype } = readTensor(tensor, "the image", call);
  const [channels, rows, columns] = shape.length === 2 ? [1, ...shape] : shape;
  if (rows === undefined || columns === undefined || shape.length > 3 || (channels !== 1 && channels !== 3)) {
    const shapes = "(H, W), (1, H, W) or (3, H, W)";
    throw new ValueError(`${call}: the image must have shape ${shapes}, not ${shapeOf(tensor)}`);
  }
  const white = dtype.is_floating_point ? 1 : 255;
  const whole = { rows, columns, values: interleaved(numbersOf(tensor), channels), channels };
  const { note, ...shown } = averaged(whole);
  const layer: ImageLayer = { kind: "image", ...shown, channels, white, note };
  plotSink()?.layer(readName(name, call), layer);
}

/**
 * Shows points at `x` and `y`, tensors of one dimension or arrays of one length, coloured by `labels`: classes
 * counted from 0. Stands over the `plot.contour` of the same name. Of more than 5,000 points every second,
 * third … is shown. Throws ValueError for lists of different lengths.
 */
function scatter(
  x: Numbers,
  y: Numbers,
  labels?: Numbers | PictureOptions | null,
  options: PictureOptions = {},
): void {
  const call = "plot.scatter()";
  if (isOptions(labels)) {
    scatter(x, y, null, labels);
    return;
  }
  const { name = "plane" } = readOptions(options, ["name"], call);
  const [xs, ys] = [readNumbers(x, "x", call), readNumbers(y, "y", call)];
  const classes = labels == null ? null : readNumbers(labels, "labels", call);
  if (xs.length !== ys.length || (classes !== null && classes.length !== xs.length)) {
    const lengths = classes === null ? [xs.length, ys.length] : [xs.length, ys.length, classes.length];
    const what = classes === null ? "x and y" : "x, y and labels";
    throw new ValueError(`${call}: ${what} must be of one length, not ${lengths.join(", ")}`);
  }
  const step = Math.max(1, Math.ceil(xs.length / MAX_POINTS));
  const pick = (list: Float64Array) => list.filter((_, i) => i % step === 0);
  const note = step === 1 ? "" : `One in ${step} of ${xs.length} points is shown.`;
  const layer: ScatterLayer = {
    kind: "scatter",
    x: pick(xs),
    y: pick(ys),
    labels: classes && pick(classes),
    note,
  };
  plotSink()?.layer(readName(name, call), layer);
}

/**
 * Shows a height or classes over the plane: as a tensor (rows, columns), the first row at the lowest y, or as a
 * function that is called once, without recording, with points (N, 2) and returns (N,) heights, or (N, K) scores
 * of which the highest counts, as a classifier gives. A tensor of integers holds classes.
 * Throws ValueError if the function returns another shape.
 */
function contour(heights: Tensor | ((points: Tensor) => Tensor), options: ContourOptions = {}): void {
  const call = "plot.contour()";
  const known = readOptions(options, ["name", "x", "y", "resolution"], call);
  const { name = "plane", x = [-1, 1], y = [-1, 1], resolution = RESOLUTION } = known;
  const place = { x: readRange(x, "x", call), y: readRange(y, "y", call) };
  const title = readName(name, call);
  const layer =
    typeof heights === "function"
      ? contourOf(heights, place, resolution)
      : contourOfGrid(readTensor(heights, "the heights", call), place);
  plotSink()?.layer(title, layer);
}

type Place = Pick<ContourLayer, "x" | "y">;

function contourOf(heights: (points: Tensor) => Tensor, place: Place, resolution: number): ContourLayer {
  const call = "plot.contour()";
  if (!Number.isInteger(resolution) || resolution < 2 || resolution > MAX_RESOLUTION) {
    throw new ValueError(`${call}: resolution must be a whole number from 2 to ${MAX_RESOLUTION}`);
  }
  const size = resolution;
  const points = new Float32Array(2 * size * size);
  const at = ([low, high]: readonly [number, number], i: number) => low + ((high - low) * i) / (size - 1);
  for (let i = 0; i < size * size; i++) {
    points[2 * i] = at(place.x, i % size);
    points[2 * i + 1] = at(place.y, Math.floor(i / size));
  }
  const ask = (): unknown => no_grad(() => heights(fromData(points, [size * size, 2], float32)));
  const sink = plotSink();
  const result = sink === null ? ask() : sink.aside(ask);
  const { values, isClasses } = heightsOf(result, size * size);
  return { kind: "contour", rows: size, columns: size, ...place, values, isClasses, note: "" };
}

function heightsOf(result: unknown, count: number): Pick<ContourLayer, "values" | "isClasses"> {
  const given = result instanceof Tensor ? shapeOf(result) : pythonTypeName(result);
  if (result instanceof Tensor && result.shape[0] === count && result.shape.length <= 2) {
    const width = result.shape[1] ?? 1;
    const values = numbersOf(result);
    if (width === 1) return { values, isClasses: !result.dtype.is_floating_point };
    return { values: highest(values, width), isClasses: true };
  }
  throw new ValueError(
    `plot.contour(): the function got ${count} points and must return a tensor of shape (${count},) or (${count}, K), not ${given}`,
  );
}

/** Of each row the place of its highest number. */
function highest(values: Float64Array, width: number): Float64Array {
  const places = new Float64Array(values.length / width);
  for (let row = 0; row < places.length; row++) {
    for (let i = 1; i < width; i++) {
      if (values[row * width + i] > values[row * width + places[row]]) places[row] = i;
    }
  }
  return places;
}

function contourOfGrid(grid: Tensor, place: Place): ContourLayer {
  const [rows, columns] = grid.shape;
  if (rows === undefined || columns === undefined || grid.shape.length > 2) {
    throw new ValueError(`plot.contour(): the heights must have shape (rows, columns), not ${shapeOf(grid)}`);
  }
  const isClasses = !grid.dtype.is_floating_point;
  const whole = { rows, columns, channels: 1, values: numbersOf(grid) };
  // The mean of two classes is a third that has nothing to do with them.
  return { kind: "contour", ...place, isClasses, ...(isClasses ? thinned(whole) : averaged(whole)) };
}

interface Cells {
  rows: number;
  columns: number;
  channels: number;
  values: Float64Array;
}

/** From all of red, all of green … to red, green and blue of each cell. */
function interleaved(values: Float64Array, channels: number): Float64Array {
  const count = values.length / channels;
  return channels === 1
    ? values
    : values.map((_, i) => values[(i % channels) * count + Math.floor(i / channels)]);
}

/** With at most `MAX_SIDE` rows and columns, each cell the mean of those in its place. */
function averaged(cells: Cells): Cells & { note: string } {
  const { rows, columns, channels, values } = cells;
  const [down, across] = stepsOf(cells);
  if (down * across === 1) return { ...cells, note: "" };
  const small = { rows: Math.ceil(rows / down), columns: Math.ceil(columns / across), channels };
  const sums = new Float64Array(small.rows * small.columns * channels);
  const counts = new Float64Array(sums.length);
  for (let i = 0; i < values.length; i++) {
    const cell = Math.floor(i / channels);
    const row = Math.floor(Math.floor(cell / columns) / down);
    const to = (row * small.columns + Math.floor((cell % columns) / across)) * channels + (i % channels);
    sums[to] += values[i];
    counts[to]++;
  }
  const note = `${rows} × ${columns} cells, of which each shown is the mean of ${down} × ${across}.`;
  return { ...small, values: sums.map((sum, i) => sum / counts[i]), note };
}

/** With at most `MAX_SIDE` rows and columns, of which the others are left out. */
function thinned(cells: Cells): Cells & { note: string } {
  const { rows, columns, values } = cells;
  const [down, across] = stepsOf(cells);
  if (down * across === 1) return { ...cells, note: "" };
  const kept = values.filter((_, i) => Math.floor(i / columns) % down === 0 && (i % columns) % across === 0);
  const note = `${rows} × ${columns} cells, of which one in ${down} × ${across} is shown.`;
  return {
    ...cells,
    rows: Math.ceil(rows / down),
    columns: Math.ceil(columns / across),
    values: kept,
    note,
  };
}

function stepsOf({ rows, columns }: Cells): [down: number, across: number] {
  return [Math.max(1, Math.ceil(rows / MAX_SIDE)), Math.max(1, Math.ceil(columns / MAX_SIDE))];
}

/** Curves, images, points and decision boundaries in the training panel. See docs/training-panel.md. */
const plot = Object.assign(curve, { image, scatter, contour });
export default plot;
