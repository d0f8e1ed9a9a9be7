import { bool, type DType, int32, int64, type TypedArray } from "../dtype";
import { NotImplementedError, RuntimeError } from "../errors";
import { fromRows, requireElements, rowsOf } from "../kernels/reduce";
import { laidOutAs } from "../kernels/result_layout";
import { type Before, nthElement, partialSort, quickSelect, sortFirst } from "../kernels/selection";
import { op, torch } from "../op/define";
import { noDerivativeFor } from "../op/no_derivative";
import { numel, sameShape, showShape, wrapDim } from "../shape";
import { elements, fromData, type Tensor } from "../tensor";
import { pick, placeAt, shareAmongTies } from "./reduction";

/** Elements along `dim` in order, and where they were; NaN counts as largest. Source: torch.sort. */
op("sort(input, dim: int = -1, descending = false) -> (values, indices)", {
  grad_fn: "SortBackward0",
  forward: (input, dim, descending) => sort(input, dim, descending),
  backward: {
    input: [
      ["input.shape", "dim", "result"],
      (grads, shape, dim, result) => placeAt(grads[0], shape, dim, true, result[1]),
      "grad where each element was",
    ],
  },
});

/** As `sort`; equal elements keep their order, which they do here in any case. Source: torch.sort. */
op("sort.stable(input, *, stable: bool?, dim: int = -1, descending = false) -> (values, indices)", {
  grad_fn: "SortBackward1",
  forward: (input, _stable, dim, descending) => sort(input, dim, descending),
  backward: {
    input: [
      ["input.shape", "dim", "result"],
      (grads, shape, dim, result) => placeAt(grads[0], shape, dim, true, result[1]),
      "grad where each element was",
    ],
  },
});

/** Where the elements along `dim` would be taken from to be in order, int64. Source: torch.argsort. */
op("argsort(input, dim: int = -1, descending = false)", (input, dim, descending) =>
  sort(input, dim, descending).at(1),
);

/** As `argsort`; equal elements keep their order, which they do here in any case. Source: torch.argsort. */
op(
  "argsort.stable(input, *, stable: bool, dim: int = -1, descending = false)",
  (input, _stable, dim, descending) => sort(input, dim, descending).at(1),
);

/** Elements along the first dimension in ascending order. Source: torch.msort. */
op("msort(input)", (input) => input.sort(0)[0]);

function sort(input: Tensor, dim: number, descending: boolean): Tensor[] {
  const at = wrapDim(dim, input.shape.length);
  const { data, rows, count } = rowsOf(input, at);
  const values = new input.dtype.ArrayType(data.length);
  const indices = new int64.ArrayType(data.length);
  const order = new Uint32Array(count);
  for (let r = 0; r < rows; r++) {
    const start = r * count;
    const row = data.subarray(start, start + count);
    sortRow(row, order, descending);
    for (let i = 0; i < count; i++) {
      values[start + i] = row[order[i]];
      indices[start + i] = order[i];
    }
  }
  const laidOut = (data: TypedArray, dtype: DType) => {
    const result = fromRows(data, input.shape, at, count, dtype);
    return input.strides === null ? result : laidOutAs(elements(result), input.shape, dtype, input);
  };
  return [laidOut(values, input.dtype), laidOut(indices, int64)];
}

/** Fills `order` with the indices that sort `row`, NaNs as the largest. Equal elements keep their order. */
function sortRow(row: TypedArray, order: Uint32Array, descending: boolean): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (descending) order.sort((a, b) => compare(row[b], row[a]));
  else order.sort((a, b) => compare(row[a], row[b]));
}

/** Negative where `x` comes first; a NaN comes last. */
function compare(x: number, y: number): number {
  if (x < y) return -1;
  if (x > y) return 1;
  return +Number.isNaN(x) - +Number.isNaN(y);
}

/**
 * The k largest (or smallest) elements along `dim` and where they are, in order if `sorted`.
 * Throws where there are fewer. Source: torch.topk.
 */
op("topk(input, k: int, dim: int = -1, largest = true, sorted = true) -> (values, indices)", {
  grad_fn: "TopkBackward0",
  forward: (input, k, dim, largest, sorted) => {
    const at = wrapDim(dim, input.shape.length);
    if (k < 0 || k > (input.shape[at] ?? 1)) throw new RuntimeError("selected index k out of range");
    if (input.dtype === bool) throw new RuntimeError("topk does not support bool dtypes on CPU");
    return topk(input, input.shape.length === 0 ? 1 : k, at, largest, sorted);
  },
  backward: {
    input: [
      ["input.shape", "dim", "result"],
      (grads, shape, dim, result) => placeAt(grads[0], shape, dim, true, result[1]),
      "grad where the elements were, 0 elsewhere",
    ],
  },
});

function topk(input: Tensor, k: number, dim: number, largest: boolean, sorted: boolean): Tensor[] {
  const { data, rows, count } = rowsOf(input, dim);
  const values = new input.dtype.ArrayType(rows * k);
  const indices = new int64.ArrayType(rows * k);
  const ids = new Uint32Array(count);
  let row = data;
  const before: Before = largest
    ? (a, b) => row[a] > row[b] || (Number.isNaN(row[a]) && !Number.isNaN(row[b]))
    : (a, b) => row[a] < row[b] || (Number.isNaN(row[b]) && !Number.isNaN(row[a]));
  for (let r = 0; r < rows; r++) {
    row = data.subarray(r * count, (r + 1) * count);
    for (let i = 0; i < count; i++) ids[i] = i;
    if (k * 64 <= count) partialSort(ids, k, before);
    else {
      nthElement(ids, k - 1, before);
      if (sorted) sortFirst(ids, k - 1, before);
    }
    for (let i = 0; i < k; i++) {
      values[r * k + i] = row[ids[i]];
      indices[r * k + i] = ids[i];
    }
  }
  return [fromRows(values, input.shape, dim, k, input.dtype), fromRows(indices, input.shape, dim, k, int64)];
}

/** The k-th smallest elements along `dim`, k from 1, and where they are; NaN counts as largest. Source: torch.kthvalue. */
op("kthvalue(input, k: int, dim: int = -1, keepdim = false) -> (values, indices)", {
  grad_fn: "KthvalueBackward0",
  forward: (input, k, dim, keepdim) => {
    const at = wrapDim(dim, input.shape.length);
    requireElements(input, [at], "kthvalue()");
    if (k < 1 || k > (input.shape[at] ?? 1))
      throw new RuntimeError(`kthvalue(): selected number k out of range for dimension ${at}`);
    refuseBool(input, "kthvalue_cpu");
    return pick(input, at, keepdim, (data, start, end) => kthOfRow(data, start, end, k - 1));
  },
  backward: {
    input: [
      ["input.shape", "dim", "keepdim", "result"],
      (grads, shape, dim, keepdim, result) => placeAt(grads[0], shape, dim, keepdim, result[1]),
      "grad at the selected place, 0 elsewhere",
    ],
  },
});

function refuseBool(input: Tensor, kernel: string): void {
  if (input.dtype === bool) throw new NotImplementedError(`"${kernel}" not implemented for 'Bool'`);
}

function kthOfRow(data: TypedArray, start: number, end: number, k: number): number {
  const ids = positions(start, end);
  quickSelect(ids, k, (a, b) => data[a] > data[b] || (Number.isNaN(data[a]) && !Number.isNaN(data[b])));
  return ids[k];
}

function positions(start: number, end: number): Uint32Array {
  const ids = new Uint32Array(end - start);
  for (let i = 0; i < ids.length; i++) ids[i] = start + i;
  return ids;
}

/** The lower median of all elements; NaN if there is one, or for none. Source: torch.median. */
op("median(input)", {
  grad_fn: "MedianBackward0",
  forward: (input) => medianOfAll(input, false),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => shareAmongTies(grad, input, result),
      "grad shared among the elements equal to the median",
    ],
  },
});

/** Lower medians along a dimension, and where they are; NaN if there is one. Source: torch.median. */
op("median.dim(input, dim: int, keepdim = false) -> (values, indices)", {
  grad_fn: "MedianBackward1",
  forward: (input, dim, keepdim) => medians(input, dim, keepdim, false),
  backward: {
    input: [
      ["input.shape", "dim", "keepdim", "result"],
      (grads, shape, dim, keepdim, result) => placeAt(grads[0], shape, dim, keepdim, result[1]),
      "grad at the median's place, 0 elsewhere",
    ],
  },
});

/** The lower median of the elements that are not NaN. Source: torch.nanmedian. */
op("nanmedian(input)", {
  grad_fn: "NanmedianBackward0",
  forward: (input) => medianOfAll(input, true),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => shareAmongTies(grad, input, result),
      "grad shared among the elements equal to the median",
    ],
  },
});

/** Lower medians along a dimension without the NaNs, and where they are. Source: torch.nanmedian. */
op("nanmedian.dim(input, dim: int, keepdim = false) -> (values, indices)", {
  grad_fn: "NanmedianBackward1",
  forward: (input, dim, keepdim) => medians(input, dim, keepdim, true),
  backward: {
    input: [
      ["input.shape", "dim", "keepdim", "result"],
      (grads, shape, dim, keepdim, result) => placeAt(grads[0], shape, dim, keepdim, result[1]),
      "grad at the median's place, 0 elsewhere",
    ],
  },
});

function medianOfAll(input: Tensor, ignoreNan: boolean): Tensor {
  refuseBool(input, "median_cpu");
  const data = elements(input);
  // PyTorch answers the smallest integer here, which for int64 is beyond what is exact.
  if (data.length === 0 && input.dtype.category !== "float")
    throw new RuntimeError("median() of an empty integer tensor has no value");
  const result = new input.dtype.ArrayType(1);
  result[0] = data.length === 0 ? Number.NaN : data[medianOfRow(data, 0, data.length, ignoreNan)];
  return fromData(result, [], input.dtype);
}

function medians(input: Tensor, dim: number, keepdim: boolean, ignoreNan: boolean): Tensor[] {
  requireElements(input, [wrapDim(dim, input.shape.length)], "median()");
  refuseBool(input, "median_out");
  return pick(input, dim, keepdim, (data, start, end) => medianOfRow(data, start, end, ignoreNan));
}

function medianOfRow(data: TypedArray, start: number, end: number, ignoreNan: boolean): number {
  let nans = 0;
  for (let i = start; i < end; i++) {
    if (!Number.isNaN(data[i])) continue;
    if (!ignoreNan) return i;
    nans++;
  }
  const row = data.subarray(start, end);
  const order = new Uint32Array(row.length);
  sortRow(row, order, false);
  return start + order[Math.max(0, Math.floor((end - start - nans - 1) / 2))];
}

/** The most frequent elements along `dim`, the smallest of several, and where each stands last. Source: torch.mode. */
op("mode(input, dim: int = -1, keepdim = false) -> (values, indices)", {
  grad_fn: "ModeBackward0",
  forward: (input, dim, keepdim) => {
    requireElements(input, [wrapDim(dim, input.shape.length)], "mode()");
    return pick(input, dim, keepdim, modeOfRow);
  },
  backward: {
    input: [
      ["input.shape", "dim", "keepdim", "result"],
      (grads, shape, dim, keepdim, result) => placeAt(grads[0], shape, dim, keepdim, result[1]),
      "grad at the mode's place, 0 elsewhere",
    ],
  },
});

function modeOfRow(data: TypedArray, start: number, end: number): number {
  const ids = positions(start, end);
  sortFirst(ids, ids.length, (a, b) => data[a] < data[b]);
  let best = start;
  let bestCount = 0;
  for (let i = 0, count = 0; i < ids.length; i++) {
    count++;
    if (i + 1 < ids.length && data[ids[i]] === data[ids[i + 1]]) continue;
    if (count > bestCount) {
      best = ids[i];
      bestCount = count;
    }
    count = 0;
  }
  return best;
}

/** The different elements, sorted, or the different slices along `dim`. Not differentiable. Source: torch.unique. */
op("unique(input, sorted = true, *, dim: int? = null)", (input, sorted, dim) =>
  dim === null ? torch._unique2(input, sorted)[0] : torch.unique_dim(input, dim, sorted)[0],
);

/**
 * The different elements, sorted; with `return_inverse` also which of them each element of the input is,
 * with `return_counts` how often each occurs. With `dim` the different slices along it.
 * One tensor, or an array of what was asked for. Not differentiable. Source: torch.unique.
 */
op(
  "unique.all(input, sorted = true, return_inverse = false, return_counts = false, dim: int? = null) -> Tensor | Tensor[]",
  (input, sorted, return_inverse, return_counts, dim) =>
    chosen(
      dim === null
        ? torch._unique2(input, sorted, return_inverse, return_counts)
        : torch.unique_dim(input, dim, sorted, return_inverse, return_counts),
      return_inverse,
      return_counts,
    ),
);

/** As `unique`, but only equal neighbours count as one, and nothing is sorted. Source: torch.unique_consecutive. */
op(
  "unique_consecutive(input, *, dim: int? = null)",
  (input, dim) => torch._unique_consecutive(input, { dim })[0],
);

/**
 * As `unique`, but only equal neighbours count as one, and nothing is sorted. One tensor, or an array of what
 * was asked for. Source: torch.unique_consecutive.
 */
op(
  "unique_consecutive.all(input, return_inverse = false, return_counts = false, dim: int? = null) -> Tensor | Tensor[]",
  (input, return_inverse, return_counts, dim) =>
    chosen(
      torch._unique_consecutive(input, return_inverse, return_counts, dim),
      return_inverse,
      return_counts,
    ),
);

function chosen(all: readonly Tensor[], inverse: boolean, counts: boolean): Tensor | Tensor[] {
  if (!inverse && !counts) return all[0];
  return all.filter((_, i) => i === 0 || (i === 1 ? inverse : counts));
}

/** Source: aten::_unique2. @internal */
op(
  "_unique2(input, sorted = true, return_inverse = false, return_counts = false) -> (values, inverse, counts)",
  {
    grad_fn: "Unique2Backward0",
    forward: (input) => {
      const data = elements(input);
      const order = new Uint32Array(data.length);
      sortRow(data, order, false);
      const groups = group(order, (a, b) => data[a] === data[b]);
      return [
        fromData(takeAt(data, groups.first, input.dtype), [groups.first.length], input.dtype),
        fromData(groups.of, [...input.shape], int64),
        fromData(groups.counts, [groups.first.length], int64),
      ];
    },
    backward: { input: [[], () => noDerivativeFor("_unique2"), "none"] },
  },
);

/** Source: aten::unique_dim. @internal */
op(
  "unique_dim(input, dim: int, sorted = true, return_inverse = false, return_counts = false) -> (values, inverse, counts)",
  {
    grad_fn: "UniqueDimBackward0",
    method: false,
    forward: (input, dim) => uniqueSlices(input, dim, true),
    backward: { input: [[], () => noDerivativeFor("unique_dim"), "none"] },
  },
);

/** Source: aten::unique_consecutive. @internal */
op(
  "_unique_consecutive(input, return_inverse = false, return_counts = false, dim: int? = null) -> (values, inverse, counts)",
  {
    grad_fn: "UniqueConsecutiveBackward0",
    forward: (input, _return_inverse, _return_counts, dim) => {
      if (dim !== null) return uniqueSlices(input, dim, false);
      const data = elements(input);
      const groups = group(positions(0, data.length), (a, b) => data[a] === data[b]);
      return [
        fromData(takeAt(data, groups.first, input.dtype), [groups.first.length], input.dtype),
        fromData(groups.of, [...input.shape], int64),
        fromData(groups.counts, [groups.first.length], int64),
      ];
    },
    backward: { input: [[], () => noDerivativeFor("unique_consecutive"), "none"] },
  },
);

interface Groups {
  /** The first id of each run of equal ones. */
  first: number[];
  /** For each id the run it is in. */
  of: Float64Array;
  counts: Float64Array;
}

/** Runs of equal ids in an order. */
function group(order: Uint32Array, equal: (a: number, b: number) => boolean): Groups {
  const first: number[] = [];
  const of = new Float64Array(order.length);
  const counts: number[] = [];
  for (let i = 0; i < order.length; i++) {
    if (i === 0 || !equal(order[i - 1], order[i])) {
      first.push(order[i]);
      counts.push(0);
    }
    counts[counts.length - 1]++;
    of[order[i]] = first.length - 1;
  }
  return { first, of, counts: Float64Array.from(counts) };
}

function takeAt(data: TypedArray, ids: readonly number[], dtype: DType): TypedArray {
  const out = new dtype.ArrayType(ids.length);
  for (let i = 0; i < out.length; i++) out[i] = data[ids[i]];
  return out;
}

function uniqueSlices(input: Tensor, dim: number, sorted: boolean): Tensor[] {
  const at = wrapDim(dim, input.shape.length);
  if (input.shape.some((size, d) => size === 0 && d !== at))
    throw new RuntimeError(
      "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied",
    );
  const slices = input.shape.length === 0 ? input.reshape([1]) : input.movedim(at, 0);
  const count = slices.shape[0];
  const width = numel(slices.shape.slice(1));
  const data = elements(slices);
  const compareSlices = (a: number, b: number) => {
    for (let i = 0; i < width; i++) {
      const order = compare(data[a * width + i], data[b * width + i]);
      if (order !== 0) return order;
    }
    return 0;
  };
  const order = positions(0, count);
  if (sorted) order.sort(compareSlices);
  const groups = group(order, (a, b) => compareSlices(a, b) === 0);
  const picked = fromData(Float64Array.from(groups.first), [groups.first.length], int64);
  const kept = slices._index([0], [picked]);
  return [
    input.shape.length === 0 ? kept : kept.movedim(0, at).clone(),
    fromData(groups.of, [count], int64),
    fromData(groups.counts, [groups.first.length], int64),
  ];
}

/**
 * Where each value of `input` would have to be inserted to keep the rows of `sorted_sequence` (…, n) sorted;
 * before equal elements, behind them if `right`. int64, or int32 if `out_int32`. Source: torch.searchsorted.
 */
op(
  "searchsorted(sorted_sequence, input: Tensor | Number, *, out_int32 = false, right = false, side: str? = null, sorter: Tensor? = null)",
  (sorted_sequence, input, out_int32, right, side, sorter) => {
    const boundaries = sorted_sequence;
    const values = typeof input === "number" ? torch.full([], input) : input;
    checkSearch(boundaries, values, right, side, sorter);
    const data = sorter === null ? elements(boundaries) : inOrder(boundaries, sorter);
    return search(data, boundaries.shape, values, right || side === "right", out_int32 ? int32 : int64);
  },
);

/** Which of the intervals between sorted `boundaries` (n) each element of `input` is in. Source: torch.bucketize. */
op(
  "bucketize(input: Tensor | Number, boundaries: Tensor, *, out_int32 = false, right = false)",
  (input, boundaries, out_int32, right) => {
    if (boundaries.shape.length !== 1)
      throw new RuntimeError(
        `boundaries tensor must be 1 dimension, but got dim(${boundaries.shape.length})`,
      );
    const values = typeof input === "number" ? torch.full([], input) : input;
    return search(elements(boundaries), boundaries.shape, values, right, out_int32 ? int32 : int64);
  },
  { method: false },
);

function search(
  boundaries: TypedArray,
  shape: readonly number[],
  input: Tensor,
  right: boolean,
  dtype: DType,
): Tensor {
  const size = shape[shape.length - 1];
  const values = elements(input);
  const out = new dtype.ArrayType(values.length);
  const perRow = shape.length === 1 ? values.length : (input.shape.at(-1) ?? 1);
  for (let i = 0; i < values.length; i++) {
    const start = shape.length === 1 ? 0 : Math.floor(i / perRow) * size;
    out[i] = insertionPoint(boundaries, start, start + size, values[i], right) - start;
  }
  return fromData(out, [...input.shape], dtype);
}

/** Written so that a NaN goes behind all, as PyTorch has it. */
function insertionPoint(sorted: TypedArray, from: number, to: number, value: number, right: boolean): number {
  let start = from;
  let end = to;
  while (start < end) {
    const mid = start + ((end - start) >> 1);
    if (right ? !(sorted[mid] > value) : !(sorted[mid] >= value)) start = mid + 1;
    else end = mid;
  }
  return start;
}

function inOrder(boundaries: Tensor, sorter: Tensor): TypedArray {
  const size = boundaries.shape.at(-1)!;
  const from = elements(boundaries);
  const order = elements(sorter);
  const out = new boundaries.dtype.ArrayType(from.length);
  for (let i = 0; i < out.length; i++) {
    if (order[i] < 0 || order[i] >= size)
      throw new RuntimeError("torch.searchsorted(): sorter index out of range");
    out[i] = from[i - (i % size) + order[i]];
  }
  return out;
}

function checkSearch(
  boundaries: Tensor,
  values: Tensor,
  right: boolean,
  side: string | null,
  sorter: Tensor | null,
): void {
  const fail = (message: string) => {
    throw new RuntimeError(`torch.searchsorted(): ${message}`);
  };
  if (side !== null && side !== "left" && side !== "right")
    fail(`side can only be 'left' or 'right' but got ${side}`);
  if (side === "left" && right)
    fail("side and right can't be set to opposites, got side of left while right was True");
  const ndim = boundaries.shape.length;
  if (ndim === 0) fail("boundaries tensor should have positive dimension, but got 0 dimension");
  if (values.shape.length === 0 && ndim !== 1)
    fail(
      `input value can be a scalar only when boundaries tensor dimension is 1, but we got boundaries tensor dim(${ndim}) and input value's dim(0) numel(1)`,
    );
  if (ndim !== 1 && !sameShape(boundaries.shape.slice(0, -1), values.shape.slice(0, -1)))
    fail(
      `boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match, but we got boundaries tensor ${showShape(boundaries.shape)} and input value tensor ${showShape(values.shape)}`,
    );
  if (sorter === null) return;
  if (!sameShape(sorter.shape, boundaries.shape))
    fail(
      `boundary and sorter must have the same size, but got boundary tensor ${showShape(boundaries.shape)}and got sorter tensor ${showShape(sorter.shape)}`,
    );
  if (sorter.dtype !== int64)
    fail(`sorter must be a tensor of long dtype but got dtype ${sorter.dtype.scalarTypeName}`);
}

/** Whether each of `elements` is among `test_elements`; `invert` asks for the opposite. Source: torch.isin. */
op(
  "isin(elements: Tensor, test_elements: Tensor | Number, *, assume_unique = false, invert = false)",
  (input, test_elements, _assume_unique, invert) => {
    if (input.dtype === bool) throw new RuntimeError("Unsupported input type encountered for isin(): Bool");
    const known = new Set<number>(
      typeof test_elements === "number" ? [test_elements] : elements(test_elements),
    );
    known.delete(Number.NaN);
    const from = elements(input);
    const out = new bool.ArrayType(from.length);
    for (let i = 0; i < out.length; i++) out[i] = +(known.has(from[i]) !== invert);
    return fromData(out, [...input.shape], bool);
  },
);

/** Whether a number is among `test_elements`; `invert` asks for the opposite. Source: torch.isin. */
op(
  "isin.Scalar(element: Number, test_elements: Tensor, *, assume_unique = false, invert = false)",
  (element, test_elements, assume_unique, invert) =>
    torch.isin(torch.full([], element), test_elements, { assume_unique, invert }),
);
