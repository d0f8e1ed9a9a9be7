import { numel } from "../shape";
import { elements, emptyTensor, type Tensor } from "../tensor";
import { cubicSlopes, cubicWeights } from "./interpolation";

export interface GridSampling {
  mode: string;
  padding_mode: string;
  align_corners: boolean;
}

/** Along one dimension: the places that a coordinate touches, their weights, and those by the coordinate. */
interface Touched {
  places: number[];
  weights: number[];
  slopes: number[];
}

/** A coordinate moved into the input, and the derivative of that. */
type Moved = [at: number, slope: number];

/** Source: aten/src/ATen/native/GridSampler.h */
function touch(coordinate: number, size: number, g: GridSampling): Touched {
  const scale = g.align_corners ? (size - 1) / 2 : size / 2;
  const at = g.align_corners ? (coordinate + 1) * scale : (coordinate + 1) * scale - 0.5;
  if (g.mode === "bicubic") {
    const below = Math.floor(at);
    return inside(
      [-1, 0, 1, 2].map((k) => moveInside(below + k, size, g)[0]),
      cubicWeights(at - below),
      cubicSlopes(at - below).map((slope) => slope * scale),
      size,
    );
  }
  const [place, slope] = moveInside(at, size, g);
  if (g.mode === "nearest") return inside([roundHalfEven(place)], [1], [0], size);
  const below = Math.floor(place);
  const step = slope * scale;
  return inside([below, below + 1], [below + 1 - place, place - below], [-step, step], size);
}

/** Without what lies outside the input. */
function inside(places: number[], weights: number[], slopes: number[], size: number): Touched {
  const keep = (_: number, i: number) => places[i] >= 0 && places[i] < size;
  return { places: places.filter(keep), weights: weights.filter(keep), slopes: slopes.filter(keep) };
}

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

function moveInside(at: number, size: number, { padding_mode, align_corners }: GridSampling): Moved {
  if (padding_mode === "zeros") return [at, 1];
  if (padding_mode === "border") return clip(at, size, 1);
  const [low, span] = align_corners ? [0, size - 1] : [-0.5, size];
  if (span === 0) return [0, 0];
  const distance = Math.abs(at - low);
  const sign = at < low ? -1 : 1;
  const rest = distance % span;
  const flipped = Math.floor(distance / span) % 2 !== 0;
  return flipped ? clip(span - rest + low, size, -sign) : clip(rest + low, size, sign);
}

function clip(at: number, size: number, slope: number): Moved {
  if (!(at > 0)) return [0, 0];
  return at >= size - 1 ? [size - 1, 0] : [at, slope];
}

/** Visits every touched input place of every output place; the last entry of a grid point is the first dimension's. */
function eachTouch(
  input: Tensor,
  grid: Tensor,
  g: GridSampling,
  visit: (batch: number, point: number, place: number, weight: number, slopes: number[]) => void,
): void {
  const sizes = input.shape.slice(2);
  const n = sizes.length;
  const points = numel(grid.shape.slice(1, -1));
  const coordinates = elements(grid);
  for (let b = 0; b < grid.shape[0]; b++)
    for (let p = 0; p < points; p++) {
      const base = (b * points + p) * n;
      const touched = sizes.map((size, d) => touch(coordinates[base + n - 1 - d], size, g));
      const walk = (d: number, place: number, weight: number, slopes: number[]): void => {
        if (d === n) {
          visit(b, p, place, weight, slopes);
          return;
        }
        const t = touched[d];
        t.places.forEach((at, k) => {
          const next = slopes.map((s) => s * t.weights[k]);
          next.push(weight * t.slopes[k]);
          walk(d + 1, place * sizes[d] + at, weight * t.weights[k], next);
        });
      };
      walk(0, 0, 1, []);
    }
}

/** input (N, C, spatial), grid (N, places, dims) → (N, C, places). */
export function sampleGrid(input: Tensor, grid: Tensor, g: GridSampling): Tensor {
  const [batch, channels] = input.shape;
  const plane = numel(input.shape.slice(2));
  const places = grid.shape.slice(1, -1);
  const points = numel(places);
  const x = elements(input);
  const sums = new Float64Array(batch * channels * points);
  eachTouch(input, grid, g, (b, point, place, weight) => {
    for (let c = b * channels; c < (b + 1) * channels; c++)
      sums[c * points + point] += weight * x[c * plane + place];
  });
  const result = emptyTensor([batch, channels, ...places], input.dtype);
  result.storage.data.set(sums);
  return result;
}

/** The gradients of input and grid. */
export function sampleGridGrads(
  grad: Tensor,
  input: Tensor,
  grid: Tensor,
  g: GridSampling,
): [input: Tensor, grid: Tensor] {
  const channels = input.shape[1];
  const plane = numel(input.shape.slice(2));
  const n = input.shape.length - 2;
  const points = numel(grid.shape.slice(1, -1));
  const x = elements(input);
  const dy = elements(grad);
  const dx = new Float64Array(x.length);
  const dg = new Float64Array(numel(grid.shape));
  eachTouch(input, grid, g, (b, point, place, weight, slopes) => {
    let product = 0;
    for (let c = b * channels; c < (b + 1) * channels; c++) {
      const arriving = dy[c * points + point];
      dx[c * plane + place] += weight * arriving;
      product += arriving * x[c * plane + place];
    }
    for (let d = 0; d < n; d++) dg[(b * points + point) * n + n - 1 - d] += product * slopes[d];
  });
  const inputGrad = emptyTensor([...input.shape], input.dtype);
  inputGrad.storage.data.set(dx);
  const gridGrad = emptyTensor([...grid.shape], grid.dtype);
  gridGrad.storage.data.set(dg);
  return [inputGrad, gridGrad];
}
