import { int32, int64, type TypedArray } from "../dtype";
import { NotImplementedError, RuntimeError } from "../errors";
import { offsetsOver, refuseRepeats } from "../kernels/places";
import { laidOutAs } from "../kernels/result_layout";
import { contiguous_format } from "../layout";
import { op } from "../op/define";
import { contiguousStrides, numel, sameShape, showShape, wrapDim } from "../shape";
import { elements, emptyTensor, fromData, scatter, type Tensor } from "../tensor";

/** The order of elements reversed along the dimensions. Source: torch.flip. */
op("flip(input, dims: int...)", {
  grad_fn: "FlipBackward0",
  forward: (input, dims) => flip(input, dims),
  backward: { input: [["dims"], (grad, dims) => grad.flip(dims), "grad, flipped back"] },
});

function flip(input: Tensor, dims: readonly number[]): Tensor {
  const { shape } = input;
  const flipped = dims.map((d) => wrapDim(d, shape.length));
  refuseRepeats(flipped);
  const strides = contiguousStrides(shape);
  const start = flipped.reduce((sum, d) => sum + ((shape[d] ?? 1) - 1) * (strides[d] ?? 0), 0);
  const steps = strides.map((s, d) => (flipped.includes(d) ? -s : s));
  const result = picked(input, offsetsOver(shape, steps, start), shape);
  return input.strides === null ? result : laidOutAs(elements(result), shape, input.dtype, input);
}

/** The elements of the input at row-major `places`, in another shape. */
function picked(input: Tensor, places: Int32Array, shape: readonly number[]): Tensor {
  const from = elements(input);
  const out = new input.dtype.ArrayType(places.length);
  for (let i = 0; i < out.length; i++) out[i] = from[places[i]];
  return fromData(out, [...shape], input.dtype);
}

/** Columns in reverse order. Source: torch.fliplr. */
op("fliplr(input)", (input) => {
  if (input.shape.length < 2) throw new RuntimeError("Input must be >= 2-d.");
  return input.flip([1]);
});

/** Rows in reverse order. Source: torch.flipud. */
op("flipud(input)", (input) => {
  if (input.shape.length < 1) throw new RuntimeError("Input must be >= 1-d.");
  return input.flip([0]);
});

/** Elements moved on by `shifts` along `dims`, round the end; without `dims` as one row. Source: torch.roll. */
op("roll(input, shifts: int[], dims: int[] = [])", {
  grad_fn: "RollBackward0",
  forward: (input, shifts, dims) => roll(input, shifts, dims),
  backward: {
    input: [
      ["shifts", "dims"],
      (grad, shifts, dims) =>
        grad.roll(
          shifts.map((s) => -s),
          dims,
        ),
      "grad, rolled back",
    ],
  },
});

function roll(input: Tensor, shifts: readonly number[], dims: readonly number[]): Tensor {
  if (shifts.length === 0) throw new RuntimeError("`shifts` required");
  if (dims.length === 0 && shifts.length === 1)
    return fromData(elements(roll(input.reshape([-1]), shifts, [0])), [...input.shape], input.dtype);
  if (dims.length !== shifts.length)
    throw new RuntimeError(`shifts and dimensions must align. shifts: ${shifts.length}, dims:${dims.length}`);
  return dims.reduce((t, dim, i) => rollOnce(t, shifts[i], wrapDim(dim, input.shape.length)), input);
}

function rollOnce(input: Tensor, shift: number, dim: number): Tensor {
  const { shape } = input;
  const from = elements(input);
  const out = new input.dtype.ArrayType(from.length);
  const size = shape[dim] ?? 1;
  const inner = numel(shape.slice(dim + 1));
  const block = size * inner;
  const moved = block === 0 ? 0 : (((shift % size) + size) % size) * inner;
  for (let start = 0; start < from.length; start += block) {
    out.set(from.subarray(start, start + block - moved), start + moved);
    out.set(from.subarray(start + block - moved, start + block), start);
  }
  return fromData(out, [...shape], input.dtype);
}

/** Turned by 90° `k` times in the plane of two dimensions, from the first towards the second. Source: torch.rot90. */
op("rot90(input, k: int = 1, dims: int[] = [0,1])", {
  grad_fn: "Rot90Backward0",
  forward: (input, k, dims) => rotate(input, k, dims),
  backward: { input: [["k", "dims"], (grad, k, dims) => grad.rot90(-k, dims), "grad, turned back"] },
});

function rotate(input: Tensor, k: number, dims: readonly number[]): Tensor {
  const ndim = input.shape.length;
  if (dims.length !== 2)
    throw new RuntimeError(`expected total rotation dims == 2, but got dims = ${dims.length}`);
  if (ndim < 2) throw new RuntimeError(`expected total dims >= 2, but got total dims = ${ndim}`);
  const [a, b] = dims.map((d) => wrapDim(d, ndim));
  if (a === b)
    throw new RuntimeError(
      `expected rotation dims to be different, but got dim0 = ${dims[0]} and dim1 = ${dims[1]}`,
    );
  const turns = ((k % 4) + 4) % 4;
  if (turns === 1) return input.flip([b]).transpose(a, b).clone();
  if (turns === 2) return input.flip([a, b]);
  return turns === 3 ? input.flip([a]).transpose(a, b).clone() : input.clone();
}

/** The tensor laid `repeats` times along each dimension, new ones in front. Source: torch.Tensor.repeat. */
op("Tensor.repeat(input, repeats: int...)", {
  grad_fn: "RepeatBackward0",
  forward: (input, repeats) => {
    const lead = repeats.length - input.shape.length;
    if (lead < 0)
      throw new RuntimeError(
        "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
      );
    const padded = [...new Array<number>(lead).fill(1), ...input.shape];
    const shape = padded.map((size, d) => (size === 0 ? 0 : size * repeats[d]));
    const negative = shape.find((s) => s < 0);
    if (negative !== undefined)
      throw new RuntimeError(
        `Trying to create tensor with negative dimension ${negative}: ${showShape(shape)}`,
      );
    if (numel(shape) === 0) return emptyTensor(shape, input.dtype);
    // Each dimension as (copy, place): copies step by nothing.
    const strides = contiguousStrides(padded);
    const places = offsetsOver(
      padded.flatMap((size, d) => [repeats[d], size]),
      padded.flatMap((_, d) => [0, strides[d]]),
    );
    return picked(input, places, shape);
  },
  backward: {
    input: [
      ["input.shape", "repeats"],
      (grad, shape, repeats) => {
        const lead = repeats.length - shape.length;
        if (repeats.some((r) => r <= 0)) return grad.new_zeros(shape);
        const sizes = repeats.flatMap((r, d) => (d < lead ? [r] : [r, shape[d - lead]]));
        const copies = repeats.map((_, d) => (d < lead ? d : lead + 2 * (d - lead)));
        return copies.length === 0 ? grad : grad.reshape(sizes).sum(copies);
      },
      "grad, summed over the copies",
    ],
  },
});

/** As `repeat`; missing repeats count as 1. Source: torch.tile. */
op("tile(input, dims: int...)", (input, dims) => {
  const missing = Math.max(input.shape.length - dims.length, 0);
  return input.repeat([...new Array<number>(missing).fill(1), ...dims]);
});

/** Each place i of a vector of counts, as often as it says. Source: torch.repeat_interleave. */
op("repeat_interleave.counts(repeats: Tensor, *, output_size: int? = null)", (repeats, output_size) => {
  if (repeats.shape.length !== 1) throw new RuntimeError("repeat_interleave only accept 1D vector as repeat");
  return repeatedPlaces(repeats, output_size);
});

/** Each element along `dim` (of the flat tensor if null) repeated in place. Source: torch.repeat_interleave. */
op(
  "repeat_interleave(input, repeats: int, dim: int? = null, *, output_size: int? = null)",
  (input, repeats, dim, output_size) => {
    const source = dim === null ? input.flatten() : input;
    const at = wrapDim(dim ?? 0, source.shape.length);
    if (repeats < 0) throw new RuntimeError("Repeats must be non-negative");
    const spread = source.shape.length === 0 ? source.reshape([1]) : source;
    const size = spread.shape[at] * repeats;
    if (output_size !== null && output_size !== size)
      throw new RuntimeError(
        `repeat_interleave: Invalid output_size, expected ${size} but got ${output_size}`,
      );
    const shape = spread.shape.toSpliced(at + 1, 0, repeats);
    return spread
      .unsqueeze(at + 1)
      .expand(shape)
      .clone({ memory_format: contiguous_format })
      .flatten(at, at + 1);
  },
);

/** Each element along `dim` (of the flat tensor if null) as often as `repeats` says for it. Source: torch.repeat_interleave. */
op(
  "repeat_interleave.Tensor(input, repeats: Tensor, dim: int? = null, *, output_size: int? = null)",
  (input, repeats, dim, output_size) => {
    const source = dim === null ? input.flatten() : input;
    const at = wrapDim(dim ?? 0, source.shape.length);
    const size = source.shape[at] ?? 1;
    if (repeats.shape.length > 1) throw new RuntimeError("repeats must be 0-dim or 1-dim tensor");
    if (repeats.numel() !== 1 && repeats.numel() !== size)
      throw new RuntimeError(
        `repeats must have the same size as input along dim, but got repeats.size(0) = ${repeats.numel()} and input.size(${at}) = ${size}`,
      );
    const counts = repeats.numel() === 1 ? repeats.reshape([1]).expand([size]) : repeats;
    return source.index_select(at, repeatedPlaces(counts, output_size));
  },
);

function repeatedPlaces(repeats: Tensor, outputSize: number | null): Tensor {
  if (repeats.dtype !== int64 && repeats.dtype !== int32)
    throw new NotImplementedError(
      `"repeat_interleave_cpu" not implemented for '${repeats.dtype.scalarTypeName}'`,
    );
  const places: number[] = [];
  elements(repeats).forEach((count: number, place: number) => {
    if (count < 0) throw new RuntimeError("repeats can not be negative");
    for (let i = 0; i < count; i++) places.push(place);
  });
  if (outputSize !== null && outputSize !== places.length)
    throw new RuntimeError("allocated size does not match required size");
  return fromData(
    repeats.dtype === int32 ? Int32Array.from(places) : Float64Array.from(places),
    [places.length],
    repeats.dtype,
  );
}

/** The diagonal of a matrix; or a matrix with the vector on its diagonal. Source: torch.diag. */
op("diag(input, diagonal: int = 0)", (input, diagonal) => {
  const ndim = input.shape.length;
  if (ndim === 1) return input.diag_embed(diagonal);
  if (ndim === 2) return input.diagonal_copy(diagonal);
  throw new RuntimeError(`diag(): Supports 1D or 2D tensors. Got ${ndim}D`);
});

/** A matrix with all elements on its diagonal, 0 elsewhere. Source: torch.diagflat. */
op("diagflat(input, offset: int = 0)", (input, offset) => input.contiguous().view([-1]).diag_embed(offset));

/** The last dimension spread over the diagonal of two new ones, 0 elsewhere. Source: torch.diag_embed. */
op("diag_embed(input, offset: int = 0, dim1: int = -2, dim2: int = -1)", {
  grad_fn: "DiagEmbedBackward0",
  forward: (input, offset, dim1, dim2) => {
    const ndim = input.shape.length + 1;
    const a = wrapDim(dim1, ndim);
    const b = wrapDim(dim2, ndim);
    if (a === b) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
    const size = input.shape[ndim - 2] + Math.abs(offset);
    const [first, second] = [Math.min(a, b), Math.max(a, b)];
    const shape = input.shape.slice(0, -1).toSpliced(first, 0, size).toSpliced(second, 0, size);
    const result = emptyTensor(shape, input.dtype);
    scatter(result.diagonal(offset, a, b), elements(input));
    return result;
  },
  backward: {
    input: [
      ["offset", "dim1", "dim2"],
      (grad, offset, dim1, dim2) => grad.diagonal(offset, dim1, dim2),
      "the diagonal of grad",
    ],
  },
});

/** The lower triangle up to a diagonal, 0 elsewhere; for each matrix of a batch. Source: torch.tril. */
op("tril(input, diagonal: int = 0)", {
  grad_fn: "TrilBackward0",
  forward: (input, diagonal) => triangle("tril", input, (i, j) => j - i <= diagonal),
  backward: {
    input: [["diagonal"], (grad, diagonal) => grad.tril(diagonal), "the lower triangle of grad"],
  },
  inplace: true,
});

/** The upper triangle from a diagonal on, 0 elsewhere; for each matrix of a batch. Source: torch.triu. */
op("triu(input, diagonal: int = 0)", {
  grad_fn: "TriuBackward0",
  forward: (input, diagonal) => triangle("triu", input, (i, j) => j - i >= diagonal),
  backward: {
    input: [["diagonal"], (grad, diagonal) => grad.triu(diagonal), "the upper triangle of grad"],
  },
  inplace: true,
});

function triangle(name: string, input: Tensor, keeps: (row: number, column: number) => boolean): Tensor {
  if (input.shape.length < 2) throw new RuntimeError(`${name}: input tensor must have at least 2 dimensions`);
  const [rows, columns] = input.shape.slice(-2);
  const from = elements(input);
  const out = new input.dtype.ArrayType(from.length);
  for (let start = 0; start < from.length; start += rows * columns)
    copyKept(from, out, start, rows, columns, keeps);
  return fromData(out, [...input.shape], input.dtype);
}

function copyKept(
  from: TypedArray,
  out: TypedArray,
  start: number,
  rows: number,
  columns: number,
  keeps: (row: number, column: number) => boolean,
): void {
  let at = start;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) if (keeps(i, j)) out[at] = from[at];
}

/** A copy with `src` at one index of a dimension. Source: torch.select_scatter. */
op("select_scatter(input, src: Tensor, dim: int, index: int)", {
  grad_fn: "SelectScatterBackward0",
  forward: (input, src, dim, index) => withSlice(input, src, (t) => t.select(dim, index)),
  backward: {
    input: [
      ["src.shape", "dim", "index"],
      (grad, shape, dim, index) => grad.select_scatter(grad.new_zeros(shape), dim, index),
      "grad, 0 at the selected place",
    ],
    src: [["dim", "index"], (grad, dim, index) => grad.select(dim, index), "grad at the selected place"],
  },
});

/** A copy with `src` at a slice of a dimension. Source: torch.slice_scatter. */
op("slice_scatter(input, src: Tensor, dim: int = 0, start: int? = null, end: int? = null, step: int = 1)", {
  grad_fn: "SliceScatterBackward0",
  forward: (input, src, dim, start, end, step) =>
    withSlice(input, src, (t) => t.slice(dim, start, end, step)),
  backward: {
    input: [
      ["src.shape", "dim", "start", "end", "step"],
      (grad, shape, dim, start, end, step) =>
        grad.slice_scatter(grad.new_zeros(shape), dim, start, end, step),
      "grad, 0 at the sliced place",
    ],
    src: [
      ["dim", "start", "end", "step"],
      (grad, dim, start, end, step) => grad.slice(dim, start, end, step),
      "grad at the sliced place",
    ],
  },
});

/** A copy with `src` on a diagonal. Source: torch.diagonal_scatter. */
op("diagonal_scatter(input, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1)", {
  grad_fn: "DiagonalScatterBackward0",
  forward: (input, src, offset, dim1, dim2) => withSlice(input, src, (t) => t.diagonal(offset, dim1, dim2)),
  backward: {
    input: [
      ["src.shape", "offset", "dim1", "dim2"],
      (grad, shape, offset, dim1, dim2) => grad.diagonal_scatter(grad.new_zeros(shape), offset, dim1, dim2),
      "grad, 0 on the diagonal",
    ],
    src: [
      ["offset", "dim1", "dim2"],
      (grad, offset, dim1, dim2) => grad.diagonal(offset, dim1, dim2),
      "the diagonal of grad",
    ],
  },
});

/** A copy with `src` at the places that `as_strided` would show. Source: torch.as_strided_scatter. */
op("as_strided_scatter(input, src: Tensor, size: int[], stride: int[], storage_offset: int? = null)", {
  grad_fn: "AsStridedScatterBackward0",
  forward: (input, src, size, stride, storage_offset) =>
    withSlice(input, src, (t) => t.as_strided(size, stride, storage_offset)),
  backward: {
    input: [
      ["src.shape", "size", "stride", "storage_offset"],
      (grad, shape, size, stride, storage_offset) =>
        grad.contiguous().as_strided_scatter(grad.new_zeros(shape), size, stride, storage_offset),
      "grad, 0 at the written places",
    ],
    src: [
      ["size", "stride", "storage_offset"],
      (grad, size, stride, storage_offset) => grad.contiguous().as_strided(size, stride, storage_offset),
      "grad at the written places",
    ],
  },
});

/** A copy of the input into which `src` is written through a view. */
function withSlice(input: Tensor, src: Tensor, viewOfCopy: (copy: Tensor) => Tensor): Tensor {
  const result = input.clone();
  const slice = viewOfCopy(result);
  if (!sameShape(slice.shape, src.shape))
    throw new RuntimeError(
      `expected src to have a size equal to the slice of self. src size = ${showShape(src.shape)}, slice size = ${showShape(slice.shape)}`,
    );
  scatter(slice, elements(src.to(input.dtype)));
  return result;
}
