import { type DType, float64, int64, type TypedArray } from "../dtype";
import { NotImplementedError, RuntimeError } from "../errors";
import { op, torch } from "../op/define";
import { noDerivative } from "../op/no_derivative";
import { numel, sameShape, showShape } from "../shape";
import { elements, fromData, type Tensor } from "../tensor";

/**
 * How many elements fall into each of `bins` bins of equal width between `min` and `max` (the elements' own if
 * both are 0); elements outside count nowhere. Throws for integers. Source: torch.histc.
 */
op("histc(input, bins: int = 100, min: Number = 0, max: Number = 0)", (input, bins, min, max) => {
  requireHistogram(input, bins, "histogram_cpu");
  if (min > max) throw new RuntimeError("torch.histc: max must be larger than min");
  const data = elements(input);
  const [low, high] = rangeOf(data, min, max, "torch.histc");
  const counts = new input.dtype.ArrayType(bins);
  for (let i = 0; i < data.length; i++) {
    const x = data[i];
    if (!(x >= low && x <= high)) continue;
    const bin = Math.floor(((x - low) / (high - low)) * bins);
    counts[Math.min(bin, bins - 1)]++;
  }
  return fromData(counts, [bins], input.dtype);
});

function requireHistogram(input: Tensor, bins: number, kernel: string): void {
  if (bins < 1)
    throw new RuntimeError(`torch.histogram(): bins must be > 0, but got ${bins} for dimension 0`);
  if (input.dtype.category !== "float")
    throw new NotImplementedError(`"${kernel}" not implemented for '${input.dtype.scalarTypeName}'`);
}

/** The range that bins cover: the given one, or the elements' own, widened where it is a point. */
function rangeOf(data: TypedArray, min: number, max: number, name: string): [number, number] {
  let [low, high] = [min, max];
  if (min === max && data.length > 0) {
    low = Number.POSITIVE_INFINITY;
    high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < data.length; i++) {
      low = Math.min(low, data[i]);
      high = Math.max(high, data[i]);
    }
  }
  if (!(Number.isFinite(low) && Number.isFinite(high)))
    throw new RuntimeError(`${name}: range of [${showBound(low)}, ${showBound(high)}] is not finite`);
  return low === high ? widened(name, low) : [low, high];
}

function widened(name: string, x: number): [number, number] {
  return name === "torch.histc" ? [x - 1, x + 1] : [x - 0.5, x + 0.5];
}

function showBound(x: number): string {
  return Number.isNaN(x) ? "nan" : String(x).replace("Infinity", "inf");
}

/**
 * Counts, or sums of `weight`, of the elements in bins of equal width over `range` (the elements' own unless
 * given), and the bins' edges; `density` scales the counts so that the area is 1. Throws for integers.
 * Source: torch.histogram.
 */
op(
  "histogram(input, bins: int = 100, *, range: float[]? = null, weight: Tensor? = null, density = false) -> (hist, bin_edges)",
  {
    grad_fn: "NotImplemented",
    forward: (input, bins, range, weight, density) => {
      requireHistogram(input, bins, "histogramdd");
      const edges = torch.linspace(...edgesRange(input, range), bins + 1, { dtype: input.dtype });
      return [histogram(input, edges, weight, density), edges];
    },
    backward: {
      input: [[], () => noDerivative("histogram"), "none"],
      weight: null,
    },
  },
);

/** As `histogram`, in bins between the given sorted edges (n + 1). Source: torch.histogram. */
op("histogram.bins(input, bins: Tensor, *, weight: Tensor? = null, density = false) -> (hist, bin_edges)", {
  grad_fn: "NotImplemented",
  forward: (input, bins, weight, density) => {
    checkEdges(input, bins, 0);
    return [histogram(input, bins, weight, density), bins.clone()];
  },
  backward: {
    input: [[], () => noDerivative("histogram"), "none"],
    bins: null,
    weight: null,
  },
});

function checkEdges(input: Tensor, bins: Tensor, dim: number): Tensor {
  const fail = (message: string) => {
    throw new RuntimeError(`torch.histogramdd: ${message}`);
  };
  if (bins.shape.length !== 1)
    fail(
      `bins tensor should have one dimension, but got ${bins.shape.length} dimensions in the bins tensor for dimension ${dim}`,
    );
  if (bins.shape[0] === 0)
    fail(
      `bins tensor should have at least 1 element, but got 0 elements in the bins tensor for dimension ${dim}`,
    );
  if (bins.dtype !== input.dtype)
    fail(
      `input tensor and bins tensors should have the same dtype, but got input with dtype ${cName(input.dtype)} and bins for dimension ${dim} with dtype ${cName(bins.dtype)}`,
    );
  requireHistogram(input, bins.shape[0] - 1, "histogramdd");
  return bins;
}

/** What C++ calls a floating dtype. */
function cName(dtype: DType): string {
  return dtype.scalarTypeName.toLowerCase();
}

function edgesRange(input: Tensor, range: number[] | null): [number, number] {
  if (range === null) {
    const data = elements(input);
    return data.length === 0 ? [0, 1] : rangeOf(data, 0, 0, "torch.histogramdd");
  }
  if (range.length !== 2)
    throw new RuntimeError(
      `torch.histogramdd: for a 1-dimensional histogram range should have 2 elements, but got ${range.length}`,
    );
  if (range[0] > range[1])
    throw new RuntimeError(
      `torch.histogramdd: min should not exceed max, but got min ${range[0]} max ${range[1]} for dimension 0`,
    );
  return range[0] === range[1] ? widened("torch.histogramdd", range[0]) : [range[0], range[1]];
}

function histogram(input: Tensor, binEdges: Tensor, weight: Tensor | null, density: boolean): Tensor {
  if (weight !== null) checkWeight(input, weight);
  const data = elements(input);
  const edges = elements(binEdges);
  const weights = weight === null ? null : elements(weight);
  const bins = edges.length - 1;
  const sums = new Float64Array(bins);
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const bin = binOf(data[i], edges);
    if (bin < 0) continue;
    sums[bin] += weights === null ? 1 : weights[i];
    sum += weights === null ? 1 : weights[i];
  }
  const out = new input.dtype.ArrayType(bins);
  for (let b = 0; b < bins; b++) out[b] = density ? sums[b] / sum / (edges[b + 1] - edges[b]) : sums[b];
  return fromData(out, [bins], input.dtype);
}

/** The last edge belongs to the last bin; −1 outside all bins. */
function binOf(x: number, edges: TypedArray): number {
  const bins = edges.length - 1;
  if (!(x >= edges[0] && x <= edges[bins])) return -1;
  let low = 0;
  let high = bins;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (x < edges[mid]) high = mid;
    else low = mid;
  }
  return low;
}

function checkWeight(input: Tensor, weight: Tensor): void {
  if (!sameShape(input.shape, weight.shape))
    throw new RuntimeError(
      `torch.histogramdd: if weight tensor is provided it should have the same shape as the input tensor excluding its innermost dimension, but got input with shape ${showShape([numel(input.shape), 1])} and weight with shape ${showShape([numel(weight.shape)])}`,
    );
  if (input.dtype !== weight.dtype)
    throw new RuntimeError(
      `torch.histogramdd: if weight tensor is provided, input tensor and weight tensor should have the same dtype, but got input(${cName(input.dtype)}), and weight(${cName(weight.dtype)})`,
    );
}

/**
 * Counts, or sums of `weight` (…), of points `input` (…, D) in a grid of D dimensions, and the edges along each.
 * `bins`: how many of equal width, for all dimensions or one number for each, or the edges for each; `range`
 * holds two bounds per dimension. Throws for integers. Source: torch.histogramdd.
 */
op(
  "histogramdd(input, bins: int | int[] | Tensor[], range: float[]? = null, weight: Tensor? = null, density = false) -> [Tensor, Tensor[]]",
  (input, bins, range, weight, density) => {
    if (input.shape.length < 2)
      throw new RuntimeError("torch.histogramdd: input tensor should have at least 2 dimensions");
    const dims = input.shape.at(-1)!;
    const given = typeof bins === "number" ? new Array<number>(dims).fill(bins) : bins;
    if (given.length !== dims)
      throw new RuntimeError(
        `torch.histogramdd: expected ${dims} sequences of bin edges for a ${dims}-dimensional histogram but got ${given.length}`,
      );
    if (range !== null && range.length !== 2 * dims)
      throw new RuntimeError(
        `torch.histogramdd: for a ${dims}-dimensional histogram range should have ${2 * dims} elements, but got ${range.length}`,
      );
    const points = input.detach().reshape([-1, dims]);
    const edges = given.map((bin, d) => {
      const column = points.select(1, d);
      if (typeof bin !== "number") return checkEdges(column, bin, d).clone();
      requireHistogram(column, bin, "histogramdd");
      const bounds = edgesRange(column, range && range.slice(2 * d, 2 * d + 2));
      return torch.linspace(...bounds, bin + 1, { dtype: input.dtype });
    });
    return [gridCounts(points, edges, weight === null ? null : weight.detach().reshape(-1), density), edges];
  },
  { method: false },
);

function gridCounts(points: Tensor, edges: Tensor[], weight: Tensor | null, density: boolean): Tensor {
  if (weight !== null) checkWeight(points.select(1, 0), weight);
  const shape = edges.map((edge) => edge.shape[0] - 1);
  const grid = edges.map((edge) => elements(edge));
  const data = elements(points);
  const weights = weight === null ? null : elements(weight);
  const sums = new Float64Array(numel(shape));
  let total = 0;
  for (let i = 0; i < points.shape[0]; i++) {
    let cell = 0;
    for (let d = 0; d < grid.length && cell >= 0; d++) {
      const bin = binOf(data[i * grid.length + d], grid[d]);
      cell = bin < 0 ? -1 : cell * shape[d] + bin;
    }
    if (cell < 0) continue;
    sums[cell] += weights === null ? 1 : weights[i];
    total += weights === null ? 1 : weights[i];
  }
  const counts = fromData(new points.dtype.ArrayType(sums.length), shape, points.dtype);
  counts.storage.data.set(density ? sums.map((sum) => sum / total) : sums);
  if (!density) return counts;
  return edges.reduce((result, edge, d) => {
    const widths = edge.diff();
    return result.div(widths.reshape(shape.map((size, other) => (other === d ? size : 1))));
  }, counts);
}

/**
 * How often each of 0, 1, 2 … occurs in `input` (n), or the sums of `weights` (n) there; at least `minlength`
 * results. Throws for negative elements. Source: torch.bincount.
 */
op("bincount(input, weights: Tensor? = null, minlength: int = 0)", {
  grad_fn: "NotImplemented",
  forward: (input, weights, minlength) => {
    const data = elements(input);
    checkBincount(input, data, weights, minlength);
    let size = minlength;
    for (let i = 0; i < data.length; i++) size = Math.max(size, data[i] + 1);
    const dtype = weights === null ? int64 : weights.dtype.name === "float32" ? weights.dtype : float64;
    const out = new dtype.ArrayType(size);
    const added = weights === null ? null : elements(weights);
    for (let i = 0; i < data.length; i++) out[data[i]] += added === null ? 1 : added[i];
    return fromData(out, [size], dtype);
  },
  backward: {
    input: null,
    weights: [[], () => noDerivative("bincount"), "none"],
  },
});

function checkBincount(input: Tensor, data: TypedArray, weights: Tensor | null, minlength: number): void {
  if (input.dtype.category !== "int")
    throw new NotImplementedError(`"bincount_cpu" not implemented for '${input.dtype.scalarTypeName}'`);
  if (minlength < 0) throw new RuntimeError("minlength should be >= 0");
  if (input.shape.length !== 1 || data.some((x) => x < 0))
    throw new RuntimeError("bincount only supports 1-d non-negative integral inputs.");
  if (weights !== null && !sameShape(weights.shape, input.shape))
    throw new RuntimeError("weights should be 1-d and have the same length as input");
}
