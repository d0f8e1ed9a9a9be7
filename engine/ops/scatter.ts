import type { TypedArray } from "../dtype";
import { RuntimeError } from "../errors";
import { offsetsOver } from "../kernels/places";
import { op, torch } from "../op/define";
import { contiguousStrides, numel, type Shape, sameShape, showShape, wrapDim } from "../shape";
import { elements, fromData, gather as gatherElements, stridesOf, type Tensor } from "../tensor";
import { isIndex, placesAlong, writeAlong } from "./indexing";

/** Elements along `dim` at the places that `index` (int64, any size along `dim`) names, in its shape. Source: torch.gather. */
op("gather(input, dim: int, index: Tensor, *, sparse_grad = false)", {
  grad_fn: "GatherBackward0",
  forward: (input, dim, index) => {
    const offsets = gatheredPlaces(input.shape, wrapDim(dim, input.shape.length), index);
    const from = elements(input);
    const out = new input.dtype.ArrayType(offsets.length);
    for (let i = 0; i < out.length; i++) out[i] = from[offsets[i]];
    return fromData(out, [...index.shape], input.dtype);
  },
  backward: {
    input: [
      ["input.shape", "dim", "index"],
      (grad, shape, dim, index) => grad.new_zeros(shape).scatter_add(dim, index, grad),
      "grad added where it was gathered from",
    ],
    index: null,
  },
});

function gatheredPlaces(shape: Shape, dim: number, index: Tensor): Int32Array {
  if (numel(index.shape) === 0) return new Int32Array(0);
  if (!isIndex(index)) throw new RuntimeError("gather(): Expected dtype int32/int64 for index");
  if (Math.max(index.shape.length, 1) !== Math.max(shape.length, 1))
    throw new RuntimeError("Index tensor must have the same number of dimensions as input tensor");
  const larger = index.shape.findIndex((size, d) => d !== dim && size > (shape[d] ?? 1));
  if (larger >= 0)
    throw new RuntimeError(
      `Size does not match at dimension ${larger} expected index ${showShape(index.shape)} to be no larger than self ${showShape(shape)} apart from dimension ${dim}`,
    );
  return placesIn(shape, dim, index);
}

/** For each element of `index`, where along `dim` of a row-major `shape` it points. */
function placesIn(shape: Shape, dim: number, index: Tensor): Int32Array {
  const strides = contiguousStrides(shape);
  const size = shape[dim] ?? 1;
  const step = strides[dim] ?? 1;
  const others = index.shape.map((_, d) => (d === dim ? 0 : (strides[d] ?? 0)));
  const places = offsetsOver(index.shape, others);
  const named = elements(index);
  for (let i = 0; i < places.length; i++) {
    const place = named[i];
    if (place < 0 || place >= size)
      throw new RuntimeError(`index ${place} is out of bounds for dimension ${dim} with size ${size}`);
    places[i] += place * step;
  }
  return places;
}

/** As `gatheredPlaces`, for writing: `src`, if there is one, must have a value for every place. */
function scatteredPlaces(input: Tensor, dim: number, index: Tensor, src: Tensor | null): Int32Array {
  const { shape } = input;
  const at = wrapDim(dim, shape.length);
  if (numel(index.shape) === 0) return new Int32Array(0);
  if (!isIndex(index)) throw new RuntimeError("scatter(): Expected dtype int32/int64 for index");
  if (src !== null && src.dtype !== input.dtype)
    throw new RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype");
  const ndim = Math.max(shape.length, 1);
  if (Math.max(index.shape.length, 1) !== ndim)
    throw new RuntimeError("Index tensor must have the same number of dimensions as self tensor");
  if (src !== null && Math.max(src.shape.length, 1) !== ndim)
    throw new RuntimeError("Index tensor must have the same number of dimensions as src tensor");
  const fits = index.shape.every(
    (size, d) => (d === at || size <= (shape[d] ?? 1)) && (src === null || size <= (src.shape[d] ?? 1)),
  );
  if (!fits)
    throw new RuntimeError(
      `Expected index ${showShape(index.shape)} to be no larger than self ${showShape(shape)} apart from dimension ${at}${src === null ? "" : ` and to be no larger size than src ${showShape(src.shape)}`}`,
    );
  return placesIn(shape, at, index);
}

/** The elements of `src` that `index` has places for. */
function cropped(src: Tensor, index: Tensor): TypedArray {
  if (sameShape(src.shape, index.shape)) return elements(src);
  const out = new src.dtype.ArrayType(numel(index.shape));
  if (src.shape.length !== index.shape.length) return elements(src).subarray(0, out.length);
  return gatherElements(src, index.shape, stridesOf(src), out);
}

/** A copy of the input with `write` called for every place and the value meant for it. */
function scattered(
  input: Tensor,
  places: Int32Array,
  values: TypedArray,
  write: (out: TypedArray, at: number, value: number) => void,
): Tensor {
  const result = input.detachedCopy();
  const out = result.storage.data;
  for (let i = 0; i < places.length; i++) write(out, places[i], values[i]);
  return result;
}

/** A copy with `src` written along `dim` at the places that `index` names. Source: torch.scatter. */
op("scatter(input, dim: int, index: Tensor, src: Tensor)", {
  grad_fn: "ScatterBackward0",
  forward: (input, dim, index, src) =>
    scattered(input, scatteredPlaces(input, dim, index, src), cropped(src, index), (out, at, value) => {
      out[at] = value;
    }),
  backward: {
    input: [
      ["dim", "index"],
      (grad, dim, index) => grad.scatter(dim, index, 0),
      "grad, 0 at the written places",
    ],
    index: null,
    src: [["dim", "index"], (grad, dim, index) => grad.gather(dim, index), "grad at the written places"],
  },
  inplace: true,
});

/** A copy with one value along `dim` at the places that `index` names. Source: torch.scatter. */
op("scatter.value(input, dim: int, index: Tensor, value: Number)", {
  grad_fn: "ScatterBackward1",
  forward: (input, dim, index, value) => {
    const places = scatteredPlaces(input, dim, index, null);
    return scattered(input, places, sameValue(input, value, places.length), (out, at, x) => {
      out[at] = x;
    });
  },
  backward: {
    input: [
      ["dim", "index"],
      (grad, dim, index) => grad.scatter(dim, index, 0),
      "grad, 0 at the written places",
    ],
    index: null,
  },
  inplace: true,
});

function sameValue(input: Tensor, value: number, count: number): TypedArray {
  return elements(input.new_full([count], value));
}

/** A copy with `src` added to, or multiplied with, what is at the named places. Has no derivative. Source: torch.scatter. */
op(
  "scatter.reduce(input, dim: int, index: Tensor, src: Tensor, *, reduce: str)",
  (input, dim, index, src, reduce) =>
    scattered(
      input.detach(),
      scatteredPlaces(input, dim, index, src),
      cropped(src, index),
      combination(reduce),
    ),
  { inplace: true },
);

/** A copy with a value added to, or multiplied with, what is at the named places. Has no derivative. Source: torch.scatter. */
op(
  "scatter.value_reduce(input, dim: int, index: Tensor, value: Number, *, reduce: str)",
  (input, dim, index, value, reduce) => {
    const places = scatteredPlaces(input, dim, index, null);
    return scattered(input.detach(), places, sameValue(input, value, places.length), combination(reduce));
  },
  { inplace: true },
);

function combination(reduce: string): (out: TypedArray, at: number, value: number) => void {
  if (reduce === "add")
    return (out, at, value) => {
      out[at] += value;
    };
  if (reduce === "multiply")
    return (out, at, value) => {
      out[at] *= value;
    };
  throw new RuntimeError("reduce argument must be either add or multiply.");
}

/** A copy with `src` added along `dim` at the places that `index` names. Source: torch.scatter_add. */
op("scatter_add(input, dim: int, index: Tensor, src: Tensor)", {
  grad_fn: "ScatterAddBackward0",
  forward: (input, dim, index, src) =>
    scattered(input, scatteredPlaces(input, dim, index, src), cropped(src, index), combination("add")),
  backward: {
    input: [[], (grad) => grad, "grad"],
    index: null,
    src: [["dim", "index"], (grad, dim, index) => grad.gather(dim, index), "grad at the written places"],
  },
  inplace: true,
});

// Reductions into places. `sum`, `prod`, `mean`, `amax` and `amin` of what arrives at each of them.

/** Brings everything that arrives at a place together with what is there, or only among itself. */
function reduceInto(
  input: Tensor,
  includeSelf: boolean,
  reduce: string,
  visit: (write: (at: number, value: number) => void) => void,
): Tensor {
  const result = input.detachedCopy();
  const out = result.storage.data;
  const counts = new Int32Array(out.length).fill(includeSelf ? 1 : 0);
  const combine = REDUCTIONS[reduce];
  visit((at, value) => {
    out[at] = counts[at] === 0 ? value : combine(out[at], value);
    counts[at]++;
  });
  if (reduce === "mean") {
    const floating = input.dtype.category === "float";
    for (let i = 0; i < out.length; i++) {
      if (counts[i] < 2) continue;
      out[i] = floating ? out[i] / counts[i] : Math.floor(out[i] / counts[i]);
    }
  }
  return result;
}

const REDUCTIONS: Record<string, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  mean: (a, b) => a + b,
  amax: Math.max,
  amin: Math.min,
};

/** A copy in which what `src` sends to a place, and what was there with `include_self`, is reduced. Source: torch.scatter_reduce. */
op("scatter_reduce(input, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self = true)", {
  grad_fn: "ScatterReduceBackward0",
  forward: (input, dim, index, src, reduce, include_self) => {
    if (!(reduce in REDUCTIONS))
      throw new RuntimeError(`reduce argument must be either sum, prod, mean, amax or amin, got ${reduce}`);
    const places = scatteredPlaces(input, dim, index, src);
    const values = cropped(src, index);
    return reduceInto(input, include_self, reduce, (write) => {
      for (let i = 0; i < places.length; i++) write(places[i], values[i]);
    });
  },
  backward: {
    input: [
      ["input", "dim", "index", "src", "reduce", "include_self", "result"],
      (grad, input, dim, index, src, reduce, include_self, result) =>
        gradOfTarget(grad, input, src, result, reduce, include_self, byIndex(dim, index, reduce)),
      "grad, times what the reduction multiplied it with",
    ],
    index: null,
    src: [
      ["input", "dim", "index", "src", "reduce", "include_self", "result"],
      (grad, input, dim, index, src, reduce, include_self, result) =>
        gradOfSource(grad, input, src, result, reduce, include_self, byIndex(dim, index, reduce)),
      "grad at the written places, times what the reduction multiplied it with",
    ],
  },
  inplace: true,
});

/** As `scatter_reduce` with one place per slice along `dim`; `prod`, `mean`, `amax` or `amin`. Source: torch.index_reduce. */
op("index_reduce(input, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self = true)", {
  grad_fn: "IndexReduceBackward0",
  forward: (input, dim, index, source, reduce, include_self) => {
    if (reduce === "sum" || !(reduce in REDUCTIONS))
      throw new RuntimeError(
        `index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got ${reduce}.`,
      );
    const places = placesAlong("index_reduce_", input, dim, index, source);
    return reduceInto(input, include_self, reduce, (write) =>
      writeAlong(input, dim, places, elements(source), write),
    );
  },
  backward: {
    input: [
      ["input", "dim", "index", "source", "reduce", "include_self", "result"],
      (grad, input, dim, index, source, reduce, include_self, result) =>
        gradOfTarget(grad, input, source, result, reduce, include_self, bySlice(dim, index, reduce)),
      "grad, times what the reduction multiplied it with",
    ],
    index: null,
    source: [
      ["input", "dim", "index", "source", "reduce", "include_self", "result"],
      (grad, input, dim, index, source, reduce, include_self, result) =>
        gradOfSource(grad, input, source, result, reduce, include_self, bySlice(dim, index, reduce)),
      "grad at the written places, times what the reduction multiplied it with",
    ],
  },
  inplace: true,
});

/** How a reduction's derivative reaches its places: element by element or slice by slice. */
interface Places {
  add(target: Tensor, values: Tensor): Tensor;
  take(from: Tensor): Tensor;
  clear(target: Tensor): Tensor;
  reduce(target: Tensor, values: Tensor, includeSelf: boolean): Tensor;
}

function byIndex(dim: number, index: Tensor, reduce: string): Places {
  return {
    add: (target, values) => target.scatter_add(dim, index, values),
    take: (from) => from.gather(dim, index),
    clear: (target) => target.scatter(dim, index, 0),
    reduce: (target, values, include_self) =>
      target.scatter_reduce(dim, index, values, reduce, { include_self }),
  };
}

function bySlice(dim: number, index: Tensor, reduce: string): Places {
  return {
    add: (target, values) => target.index_add(dim, index, values),
    take: (from) => from.index_select(dim, index),
    clear: (target) => target.index_fill(dim, index, 0),
    reduce: (target, values, include_self) =>
      target.index_reduce(dim, index, values, reduce, { include_self }),
  };
}

// Source of both: torch/csrc/autograd/FunctionsManual.cpp, scatter_reduce_backward.

function gradOfTarget(
  grad: Tensor,
  input: Tensor,
  src: Tensor,
  result: Tensor,
  reduce: string,
  includeSelf: boolean,
  places: Places,
): Tensor {
  const whole = (): Tensor => {
    if (reduce === "sum") return grad;
    if (reduce === "mean") return grad.div(arrivals(grad, src, includeSelf, places));
    if (reduce === "prod") {
      const masked = input.masked_fill(input.eq(0), 1);
      return grad.mul(places.reduce(masked, src, includeSelf)).div(masked);
    }
    const chosen = input.eq(result).to(input.dtype);
    return chosen.mul(shareAmongChosen(grad, chosen, src, result, places));
  };
  return includeSelf ? whole() : places.clear(whole());
}

function gradOfSource(
  grad: Tensor,
  input: Tensor,
  src: Tensor,
  result: Tensor,
  reduce: string,
  includeSelf: boolean,
  places: Places,
): Tensor {
  if (reduce === "sum") return places.take(grad);
  if (reduce === "mean") return places.take(grad).div(places.take(arrivals(grad, src, includeSelf, places)));
  if (reduce === "prod") {
    const zero = src.eq(0);
    const zeros = places.take(places.add(input.new_zeros(input.shape), zero.to(input.dtype)));
    // Beside a single zero the others' product remains; two zeros leave nothing.
    const single = zero.logical_and(zeros.eq(1));
    const others = places.reduce(input, src.masked_fill(single, 1), includeSelf);
    return torch.where(
      single,
      places.take(grad.mul(others)),
      places.take(grad.mul(result)).div(src.masked_fill(zero, 1)),
    );
  }
  const chosen = input.eq(result).to(input.dtype);
  const share = places.take(shareAmongChosen(grad, chosen, src, result, places));
  return src.eq(places.take(result)).to(src.dtype).mul(share);
}

/** How many values were averaged at each place. */
function arrivals(grad: Tensor, src: Tensor, includeSelf: boolean, places: Places): Tensor {
  const start = includeSelf ? grad.new_ones(grad.shape) : grad.new_zeros(grad.shape);
  const counts = places.add(start, src.new_ones(src.shape));
  return counts.masked_fill(counts.eq(0), 1);
}

/** grad at each place divided among the values there that equal the extreme. */
function shareAmongChosen(grad: Tensor, chosen: Tensor, src: Tensor, result: Tensor, places: Places): Tensor {
  const equal = src.eq(places.take(result)).to(src.dtype);
  return grad.div(places.add(chosen, equal));
}
