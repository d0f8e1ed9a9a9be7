import { float64, int64, type TypedArray } from "../dtype";
import { IndexError, RuntimeError } from "../errors";
import { offsetsOver, refuseRepeats } from "../kernels/places";
import { contiguous_format } from "../layout";
import { op, torch } from "../op/define";
import {
  broadcastShapes,
  contiguousStrides,
  expandStrides,
  inferSize,
  numel,
  sameShape,
  showShape,
  viewStrides,
  wrapDim,
} from "../shape";
import { elements, emptyTensor, fromData, scatter, stridesOf, type Tensor, viewOf } from "../tensor";

/** Another shape over the same elements, without a copy. Throws where the memory does not allow it. Source: torch.Tensor.view. */
op("Tensor.view(input, size: int...)", {
  grad_fn: "ViewBackward0",
  view: true,
  forward: (input, size) => view(input, size),
  backward: {
    input: [["input.shape"], (grad, shape) => grad.reshape(shape), "grad, in the input's shape"],
  },
});

/** As `view`, for a copy that nothing else refers to. @internal */
op("_unsafe_view(input, size: int...)", {
  grad_fn: "UnsafeViewBackward0",
  forward: (input, size) => view(input, size),
  backward: {
    input: [["input.shape"], (grad, shape) => grad.reshape(shape), "grad, in the input's shape"],
  },
});

function view(input: Tensor, size: readonly number[]): Tensor {
  const shape = inferSize(size, numel(input.shape));
  const strides = viewStrides(input.shape, stridesOf(input), shape);
  if (strides === null)
    throw new RuntimeError(
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
    );
  return viewOf(input, shape, strides, input.offset);
}

/** The same elements in another shape: a view where possible, else a copy. Source: torch.reshape. */
op("reshape(input, shape: int...)", (input, shape) => {
  const target = inferSize(shape, numel(input.shape));
  if (viewStrides(input.shape, stridesOf(input), target) !== null) return input.view(target);
  return input.clone({ memory_format: contiguous_format })._unsafe_view(target);
});

/** In another tensor's shape, without a copy. Source: torch.Tensor.view_as. */
op("Tensor.view_as(input, other: Tensor)", (input, other) => input.view(other.shape));

/** In another tensor's shape: a view where possible, else a copy. Source: torch.Tensor.reshape_as. */
op("Tensor.reshape_as(input, other: Tensor)", (input, other) => input.reshape(other.shape));

/** One dimension that holds all elements, row-major. Source: torch.ravel. */
op("ravel(input)", (input) => input.contiguous().view(-1));

/** One dimension made into several, of which one may be −1. Source: torch.unflatten. */
op("unflatten(input, dim: int, sizes: int[])", (input, dim, sizes) => {
  const at = wrapDim(dim, input.shape.length);
  if (sizes.length === 0) throw new RuntimeError("unflatten: sizes must be non-empty");
  if (input.shape.length === 0)
    throw new IndexError(`Dimension specified as ${dim} but tensor has no dimensions`);
  const size = input.shape[at];
  const known = numel(sizes.filter((s) => s !== -1));
  const inferred = sizes.includes(-1);
  if (inferred ? known === 0 || size % known !== 0 : known !== size)
    throw new RuntimeError(
      `unflatten: Provided sizes ${showShape(sizes)} don't multiply up to the size of dim ${at} (${size}) in the input tensor`,
    );
  return input.view(input.shape.toSpliced(at, 1, ...sizes.map((s) => (s === -1 ? size / known : s))));
});

/** Joins dimensions start_dim to end_dim into one. Source: torch.flatten. */
op("flatten(input, start_dim: int = 0, end_dim: int = -1)", (input, start_dim, end_dim) => {
  const start = wrapDim(start_dim, input.shape.length);
  const end = wrapDim(end_dim, input.shape.length);
  if (start > end) throw new RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim");
  if (input.shape.length === 0) return input.reshape([1]);
  if (start === end) return input;
  const { shape } = input;
  return input.reshape([
    ...shape.slice(0, start),
    numel(shape.slice(start, end + 1)),
    ...shape.slice(end + 1),
  ]);
});

/** Reorders dimensions. Source: torch.permute. */
op("permute(input, dims: int...)", {
  grad_fn: "PermuteBackward0",
  view: true,
  forward: (input, dims) => permute(input, dims),
  backward: { input: [["dims"], (grad, dims) => grad.permute(inverse(dims)), "grad, dimensions put back"] },
});

function permute(input: Tensor, dims: readonly number[]): Tensor {
  const ndim = input.shape.length;
  if (dims.length !== ndim)
    throw new RuntimeError(
      `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${ndim} is not equal to len(dims) = ${dims.length}`,
    );
  const order = dims.map((d) => wrapDim(d, ndim));
  if (new Set(order).size !== ndim) throw new RuntimeError("permute(): duplicate dims are not allowed.");
  const strides = stridesOf(input);
  return viewOf(
    input,
    order.map((d) => input.shape[d]),
    order.map((d) => strides[d]),
    input.offset,
  );
}

function inverse(dims: readonly number[]): number[] {
  const result = new Array<number>(dims.length);
  dims.forEach((d, i) => {
    result[wrapDim(d, dims.length)] = i;
  });
  return result;
}

/** Swaps two dimensions. Source: torch.transpose. */
op("transpose(input, dim0: int, dim1: int)", {
  grad_fn: "TransposeBackward0",
  view: true,
  forward: (input, dim0, dim1) => transpose(input, dim0, dim1),
  backward: { input: [["dim0", "dim1"], (grad, dim0, dim1) => grad.transpose(dim0, dim1), "gradᵀ"] },
  alias: ["torch.swapaxes", "Tensor.swapaxes", "torch.swapdims", "Tensor.swapdims"],
});

/** The last two dimensions swapped. Source: torch.adjoint. */
op("adjoint(input)", (input) => input.mH);

/** Moves dimensions to other places; the rest keep their order. Source: torch.movedim. */
op(
  "movedim(input, source: int[], destination: int[])",
  (input, source, destination) => {
    if (source.length !== destination.length)
      throw new RuntimeError(
        `movedim: Invalid source or destination dims: source (${showShape(source)} dims) should contain the same number of dims as destination (${showShape(destination)} dims)`,
      );
    const ndim = input.shape.length;
    const from = source.map((d) => wrapDim(d, ndim));
    const to = destination.map((d) => wrapDim(d, ndim));
    refuseRepeatedMove(from, "source", source);
    refuseRepeatedMove(to, "destination", destination);
    const rest = input.shape.map((_, d) => d).filter((d) => !from.includes(d));
    const order = input.shape.map((_, d) => (to.includes(d) ? from[to.indexOf(d)] : rest.shift()!));
    return input.permute(order);
  },
  { alias: ["torch.moveaxis", "Tensor.moveaxis"] },
);

function refuseRepeatedMove(dims: readonly number[], name: string, given: readonly number[]): void {
  if (new Set(dims).size !== dims.length)
    throw new RuntimeError(`movedim: repeated dim in \`${name}\` (${showShape(given)})`);
}

/** Transpose of a matrix; fewer dimensions stay as they are. Source: torch.t. */
op("t(input)", {
  grad_fn: "TBackward0",
  view: true,
  forward: (input) => {
    const ndim = input.shape.length;
    if (ndim > 2) throw new RuntimeError(`t() expects a tensor with <= 2 dimensions, but self is ${ndim}D`);
    return ndim < 2 ? viewOf(input, input.shape, input.strides, input.offset) : transpose(input, 0, 1);
  },
  backward: { input: [[], (grad) => grad.t(), "gradᵀ"] },
});

function transpose(input: Tensor, dim0: number, dim1: number): Tensor {
  const ndim = input.shape.length;
  const a = wrapDim(dim0, ndim);
  const b = wrapDim(dim1, ndim);
  const shape = input.shape.slice();
  const strides = stridesOf(input).slice();
  if (ndim > 0) {
    shape[a] = input.shape[b];
    shape[b] = input.shape[a];
    const stride = strides[a];
    strides[a] = strides[b];
    strides[b] = stride;
  }
  return viewOf(input, shape, strides, input.offset);
}

/** Repeats dimensions of size 1 without copying; −1 keeps a size. Source: torch.Tensor.expand. */
op("Tensor.expand(input, size: int...)", {
  grad_fn: "ExpandBackward0",
  view: true,
  forward: (input, size) => expand(input, size),
  backward: {
    input: [["input.shape"], (grad, shape) => grad.sum_to_size(shape), "grad, summed over the repeats"],
  },
});

function expand(input: Tensor, size: readonly number[]): Tensor {
  const lead = size.length - input.shape.length;
  if (lead < 0)
    throw new RuntimeError(
      `expand(torch.${input.dtype.tensorTypeName}{${showShape(input.shape)}}, size=${showShape(size)}): the number of sizes provided (${size.length}) must be greater or equal to the number of dimensions in the tensor (${input.shape.length})`,
    );
  const shape = size.map((s, i) => {
    if (s !== -1) return s;
    if (i < lead)
      throw new RuntimeError(
        `The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${i}`,
      );
    return input.shape[i - lead];
  });
  const strides = expandStrides(input.shape, stridesOf(input), shape);
  if (strides === null) {
    const at = shape.findLastIndex(
      (s, i) => i >= lead && input.shape[i - lead] !== 1 && input.shape[i - lead] !== s,
    );
    throw new RuntimeError(
      `The expanded size of the tensor (${shape[at]}) must match the existing size (${input.shape[at - lead]}) at non-singleton dimension ${at}.  Target sizes: ${showShape(shape)}.  Tensor sizes: ${showShape(input.shape)}`,
    );
  }
  if (shape.some((s) => s < 0)) throw new RuntimeError("numel: integer multiplication overflow");
  return viewOf(input, shape, strides, input.offset);
}

/** Broadcast to another tensor's shape, without a copy. Source: torch.Tensor.expand_as. */
op("Tensor.expand_as(input, other: Tensor)", (input, other) => input.expand(other.shape));

/** Broadcast to a shape, without a copy. Source: torch.broadcast_to. */
op("broadcast_to(input, size: int...)", (input, size) => input.expand(size));

/** Each tensor broadcast to the shape of all together, without a copy. Source: torch.broadcast_tensors. */
op("broadcast_tensors(tensors: Tensor...) -> Tensor[]", (tensors) => {
  const shape = tensors.reduce<number[]>((s, t) => broadcastShapes(s, t.shape), []);
  return tensors.map((t) => t.expand(shape));
});

/** Sums out what broadcasting to `input`'s shape repeated. Source: torch.Tensor.sum_to_size. */
op("Tensor.sum_to_size(input, size: int...)", (input, size) => {
  if (size.length === 0) return input.sum();
  if (sameShape(input.shape, size)) return input;
  const lead = input.shape.length - size.length;
  const fits = lead >= 0 && size.every((s, i) => s === 1 || s === input.shape[lead + i]);
  if (!fits)
    throw new RuntimeError(
      `size {${showShape(size)}} is not expandable to size {${showShape(input.shape)}}.`,
    );
  const dims = input.shape.flatMap((s, d) => (d < lead || (size[d - lead] === 1 && s !== 1) ? [d] : []));
  const summed = dims.length === 0 ? input : input.sum(dims, true);
  return lead > 0 ? summed.reshape(size) : summed;
});

/** Drops every dimension of size 1. Source: torch.squeeze. */
op("squeeze(input)", {
  grad_fn: "SqueezeBackward0",
  view: true,
  forward: (input) => dropDims(input, (d) => input.shape[d] === 1),
  backward: {
    input: [["input.shape"], (grad, shape) => grad.reshape(shape), "grad, in the input's shape"],
  },
});

/** Drops a dimension if its size is 1. Source: torch.squeeze. */
op("squeeze.dim(input, dim: int)", {
  grad_fn: "SqueezeBackward1",
  view: true,
  forward: (input, dim) => {
    const at = wrapDim(dim, input.shape.length);
    return dropDims(input, (d) => d === at && input.shape[d] === 1);
  },
  backward: {
    input: [["input.shape"], (grad, shape) => grad.reshape(shape), "grad, in the input's shape"],
  },
});

/** Drops those of the dimensions whose size is 1. Source: torch.squeeze. */
op("squeeze.dims(input, dim: int[])", {
  grad_fn: "SqueezeBackward2",
  view: true,
  forward: (input, dim) => {
    const dims = dim.map((d) => wrapDim(d, input.shape.length));
    refuseRepeats(dims);
    return dropDims(input, (d) => dims.includes(d) && input.shape[d] === 1);
  },
  backward: {
    input: [["input.shape"], (grad, shape) => grad.reshape(shape), "grad, in the input's shape"],
  },
});

function dropDims(input: Tensor, drop: (dim: number) => boolean): Tensor {
  const keep = input.shape.map((_, d) => d).filter((d) => !drop(d));
  const strides = stridesOf(input);
  return viewOf(
    input,
    keep.map((d) => input.shape[d]),
    keep.map((d) => strides[d]),
    input.offset,
  );
}

/** Adds a dimension of size 1 at `dim`. Source: torch.unsqueeze. */
op("unsqueeze(input, dim: int)", {
  grad_fn: "UnsqueezeBackward0",
  view: true,
  forward: (input, dim) => {
    const { shape } = input;
    const at = wrapDim(dim, shape.length + 1);
    const strides = stridesOf(input);
    const step = at < shape.length ? shape[at] * strides[at] : 1;
    return viewOf(input, shape.toSpliced(at, 0, 1), strides.toSpliced(at, 0, step), input.offset);
  },
  backward: {
    input: [["input.shape"], (grad, shape) => grad.reshape(shape), "grad, without the added dimension"],
  },
});

/** One slice along a dimension, which disappears. Source: torch.select. */
op("select(input, dim: int, index: int)", {
  grad_fn: "SelectBackward0",
  view: true,
  forward: (input, dim, index) => {
    if (input.shape.length === 0) throw new IndexError("select() cannot be applied to a 0-dim tensor.");
    const at = wrapDim(dim, input.shape.length);
    const size = input.shape[at];
    if (index < -size || index >= size)
      throw new IndexError(
        `select(): index ${index} out of range for tensor of size ${showShape(input.shape)} at dimension ${at}`,
      );
    const strides = stridesOf(input);
    const offset = input.offset + (index < 0 ? index + size : index) * strides[at];
    return viewOf(input, input.shape.toSpliced(at, 1), strides.toSpliced(at, 1), offset);
  },
  backward: {
    input: [
      ["input.shape", "dim", "index"],
      (grad, shape, dim, index) => torch._select_backward(grad, shape, dim, index),
      "grad at the selected place, 0 elsewhere",
    ],
  },
});

/** Zeros with `grad` at one index of a dimension. @internal */
op("_select_backward(grad: Tensor, shape: int[], dim: int, index: int)", {
  grad_fn: "SelectBackwardBackward0",
  forward: (grad, shape, dim, index) => placed(grad, shape, (zeros) => zeros.select(dim, index)),
  backward: {
    grad: [["dim", "index"], (grad, dim, index) => grad.select(dim, index), "grad at the selected place"],
  },
});

/** Zeros of `shape` with `values` written through a view of them. */
function placed(values: Tensor, shape: number[], viewOfZeros: (zeros: Tensor) => Tensor): Tensor {
  const zeros = emptyTensor(shape, values.dtype);
  scatter(viewOfZeros(zeros), elements(values));
  return zeros;
}

/** Elements start to end (exclusive) of a dimension, every step-th. Source: Python's slicing. */
op("Tensor.slice(input, dim: int = 0, start: int? = null, end: int? = null, step: int = 1)", {
  grad_fn: "SliceBackward0",
  view: true,
  forward: (input, dim, start, end, step) => {
    if (input.shape.length === 0) throw new RuntimeError("slice() cannot be applied to a 0-dim tensor.");
    if (step <= 0) throw new RuntimeError("slice step must be positive");
    const at = wrapDim(dim, input.shape.length);
    const size = input.shape[at];
    const from = clampIndex(start ?? 0, size);
    const to = Math.max(clampIndex(end ?? size, size), from);
    const strides = stridesOf(input);
    return viewOf(
      input,
      input.shape.with(at, Math.ceil((to - from) / step)),
      strides.with(at, strides[at] * step),
      input.offset + from * strides[at],
    );
  },
  backward: {
    input: [
      ["input.shape", "dim", "start", "end", "step"],
      (grad, shape, dim, start, end, step) => torch._slice_backward(grad, shape, dim, start, end, step),
      "grad at the sliced place, 0 elsewhere",
    ],
  },
});

/** Zeros with `grad` at a slice of a dimension. @internal */
op("_slice_backward(grad: Tensor, shape: int[], dim: int, start: int?, end: int?, step: int)", {
  grad_fn: "SliceBackwardBackward0",
  forward: (grad, shape, dim, start, end, step) =>
    placed(grad, shape, (zeros) => zeros.slice(dim, start, end, step)),
  backward: {
    grad: [
      ["dim", "start", "end", "step"],
      (grad, dim, start, end, step) => grad.slice(dim, start, end, step),
      "grad at the sliced place",
    ],
  },
});

/** Counts a negative index from the end and keeps it within the dimension, as Python's slices do. */
function clampIndex(index: number, size: number): number {
  return Math.min(Math.max(index < 0 ? index + size : index, 0), size);
}

/** `length` elements of a dimension from `start`. Source: torch.narrow. */
op("narrow(input, dim: int, start: int, length: int)", (input, dim, start, length) => {
  if (input.shape.length === 0) throw new RuntimeError("narrow() cannot be applied to a 0-dim tensor.");
  if (length < 0) throw new RuntimeError("narrow(): length must be non-negative.");
  const size = input.shape[wrapDim(dim, input.shape.length)];
  if (start < -size || start > size)
    throw new IndexError(
      `start out of range (expected to be in range of [${-size}, ${size}], but got ${start})`,
    );
  const from = start < 0 ? start + size : start;
  if (from + length > size)
    throw new RuntimeError(`start (${from}) + length (${length}) exceeds dimension size (${size}).`);
  return input.slice(dim, from, from + length);
});

/** As `narrow`, with memory of its own. Source: torch.narrow_copy. */
op("narrow_copy(input, dim: int, start: int, length: int)", {
  grad_fn: "NarrowCopyBackward0",
  forward: (input, dim, start, length) => input.narrow(dim, start, length).clone(),
  backward: {
    input: [
      ["input.shape", "dim", "start", "length"],
      (grad, shape, dim, start, length) => {
        const from = start < 0 ? start + shape[wrapDim(dim, shape.length)] : start;
        return torch._slice_backward(grad, shape, dim, from, from + length, 1);
      },
      "grad at the sliced place, 0 elsewhere",
    ],
  },
});

/** The diagonal of two dimensions as the last one; `offset` > 0 lies above the main one. Source: torch.diagonal. */
op("diagonal(input, offset: int = 0, dim1: int = 0, dim2: int = 1)", {
  grad_fn: "DiagonalBackward0",
  view: true,
  forward: (input, offset, dim1, dim2) => diagonal(input, offset, dim1, dim2),
  backward: {
    input: [
      ["input.shape", "offset", "dim1", "dim2"],
      (grad, shape, offset, dim1, dim2) => torch._diagonal_backward(grad, shape, offset, dim1, dim2),
      "grad on the diagonal, 0 elsewhere",
    ],
  },
});

/** As `diagonal`, with memory of its own. @internal */
op("diagonal_copy(input, offset: int = 0, dim1: int = 0, dim2: int = 1)", {
  grad_fn: "DiagonalBackward0_copy",
  forward: (input, offset, dim1, dim2) => diagonal(input, offset, dim1, dim2).clone(),
  backward: {
    input: [
      ["input.shape", "offset", "dim1", "dim2"],
      (grad, shape, offset, dim1, dim2) => torch._diagonal_backward(grad, shape, offset, dim1, dim2),
      "grad on the diagonal, 0 elsewhere",
    ],
  },
});

/** Zeros with `grad` on a diagonal. @internal */
op("_diagonal_backward(grad: Tensor, shape: int[], offset: int, dim1: int, dim2: int)", {
  grad_fn: "DiagonalBackwardBackward0",
  forward: (grad, shape, offset, dim1, dim2) =>
    placed(grad, shape, (zeros) => diagonal(zeros, offset, dim1, dim2)),
  backward: {
    grad: [
      ["offset", "dim1", "dim2"],
      (grad, offset, dim1, dim2) => grad.diagonal(offset, dim1, dim2),
      "grad on the diagonal",
    ],
  },
});

function diagonal(input: Tensor, offset: number, dim1: number, dim2: number): Tensor {
  const ndim = input.shape.length;
  const a = wrapDim(dim1, ndim);
  const b = wrapDim(dim2, ndim);
  if (a === b) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const [rows, columns] = [input.shape[a], input.shape[b]];
  const length = Math.max(Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)), 0);
  const strides = stridesOf(input);
  const start = offset >= 0 ? offset * strides[b] : -offset * strides[a];
  const rest = input.shape.map((_, d) => d).filter((d) => d !== a && d !== b);
  return viewOf(
    input,
    [...rest.map((d) => input.shape[d]), length],
    [...rest.map((d) => strides[d]), strides[a] + strides[b]],
    input.offset + (length === 0 ? 0 : start),
  );
}

/** Windows of `size` elements along a dimension, `step` apart, as a new last dimension. Source: torch.Tensor.unfold. */
op("Tensor.unfold(input, dimension: int, size: int, step: int)", {
  grad_fn: "UnfoldBackward0",
  view: true,
  forward: (input, dimension, size, step) => unfold(input, dimension, size, step),
  backward: {
    input: [
      ["input.shape", "dimension", "size", "step"],
      (grad, shape, dimension, size, step) => torch._unfold_backward(grad, shape, dimension, size, step),
      "grad added up where windows overlap",
    ],
  },
});

function unfold(input: Tensor, dimension: number, size: number, step: number): Tensor {
  const ndim = input.shape.length;
  const at = wrapDim(dimension, ndim);
  const longest = ndim === 0 ? 1 : input.shape[at];
  if (size < 0) throw new RuntimeError(`size is ${size} but must be >= 0`);
  if (size > longest)
    throw new RuntimeError(`maximum size for tensor at dimension ${at} is ${longest} but size is ${size}`);
  if (step <= 0) throw new RuntimeError(`step is ${step} but must be > 0`);
  if (ndim === 0) return viewOf(input, [size], [1], input.offset);
  const strides = stridesOf(input);
  return viewOf(
    input,
    [...input.shape.with(at, Math.floor((longest - size) / step) + 1), size],
    [...strides.with(at, strides[at] * step), strides[at]],
    input.offset,
  );
}

/** Zeros of `shape` with windows added where `unfold` takes them from. @internal */
op("_unfold_backward(grad: Tensor, shape: int[], dimension: int, size: int, step: int)", {
  grad_fn: "UnfoldBackwardBackward0",
  forward: (grad, shape, dimension, size, step) => {
    const result = emptyTensor(shape, grad.dtype);
    const windows = unfold(result, dimension, size, step);
    addAt(result.storage.data, offsetsOver(windows.shape, stridesOf(windows)), elements(grad));
    return result;
  },
  backward: {
    grad: [
      ["dimension", "size", "step"],
      (grad, dimension, size, step) => grad.unfold(dimension, size, step),
      "the windows of grad",
    ],
  },
});

function addAt(out: TypedArray, places: Int32Array, values: TypedArray): void {
  for (let i = 0; i < places.length; i++) out[places[i]] += values[i];
}

/**
 * Any shape and strides over the input's memory, from `storage_offset` (the input's own unless given).
 * Throws where that reaches beyond the memory. Source: torch.as_strided.
 */
op(
  "as_strided(input, size: int[], stride: int[], storage_offset: int? = null)",
  (input, size, stride, offset) => input._as_strided(size, stride, offset ?? input.offset, input.offset),
);

/** As `as_strided`, which also keeps where the input itself began. @internal */
op("_as_strided(input, size: int[], stride: int[], storage_offset: int, input_offset: int)", {
  grad_fn: "AsStridedBackward0",
  view: true,
  forward: (input, size, stride, storage_offset) => asStrided(input, size, stride, storage_offset),
  backward: {
    input: [
      ["input.shape", "input.strides", "input_offset", "size", "stride", "storage_offset"],
      (grad, shape, strides, input_offset, size, stride, storage_offset) => {
        const input = { shape, strides: strides ?? contiguousStrides(shape), offset: input_offset };
        return asStridedGrad(grad, input, { shape: size, strides: stride, offset: storage_offset });
      },
      "grad added up where elements share memory",
    ],
  },
});

function asStrided(
  input: Tensor,
  size: readonly number[],
  stride: readonly number[],
  offset: number,
): Tensor {
  if (size.length !== stride.length) throw new RuntimeError("mismatch in length of strides and shape");
  if (stride.some((s) => s < 0))
    throw new RuntimeError(
      `as_strided: Negative strides are not supported at the moment, got strides: ${showShape(stride)}`,
    );
  const negative = size.find((s) => s < 0);
  if (negative !== undefined)
    throw new RuntimeError(
      `Storage size calculation overflowed with sizes=${showShape(size)} and strides=${showShape(stride)}`,
    );
  if (offset < 0) throw new RuntimeError(`Tensor: invalid storage offset ${offset}`);
  const last = reach(size, stride);
  const bytes = (count: number) => count * input.dtype.itemsize;
  if (numel(size) > 0 && offset + last >= input.storage.data.length)
    throw new RuntimeError(
      `setStorage: sizes ${showShape(size)}, strides ${showShape(stride)}, storage offset ${offset}, and itemsize ${input.dtype.itemsize} requiring a storage size of ${bytes(offset + last + 1)} are out of bounds for storage of size ${bytes(input.storage.data.length)}`,
    );
  return viewOf(input, [...size], [...stride], offset);
}

/** How far beyond the first element the last one lies. */
function reach(shape: readonly number[], strides: readonly number[]): number {
  return shape.reduce((sum, s, d) => sum + (s - 1) * strides[d], 0);
}

/** Where a tensor's elements lie. */
interface Geometry {
  shape: readonly number[];
  strides: readonly number[];
  offset: number;
}

/** Adds `grad` up in flat memory, then reads that as the input lies in it. */
function asStridedGrad(grad: Tensor, input: Geometry, output: Geometry): Tensor {
  const start = Math.min(output.offset, input.offset);
  const written = offsetsOver(output.shape, output.strides, output.offset - start);
  const read = offsetsOver(input.shape, input.strides, input.offset - start);
  const ends = [input, output].map(({ shape, strides, offset }) => offset + reach(shape, strides));
  const length = Math.max(...ends) - start + 1;
  const flat = grad.new_zeros([length]).index_add(0, placesTensor(written), grad.reshape([-1]));
  // Elements of the input that share a place share what arrives there.
  const sharers = new Float64Array(length);
  for (const place of read) sharers[place]++;
  const result = flat.index_select(0, placesTensor(read)).view([...input.shape]);
  if (sharers.every((count) => count <= 1)) return result;
  const counts = Float64Array.from(read, (place) => sharers[place]);
  return result.div(fromData(counts, [...input.shape], float64).to(grad.dtype));
}

function placesTensor(places: Int32Array): Tensor {
  return fromData(Float64Array.from(places), [places.length], int64);
}

/** Another tensor on the same memory, with history of its own. @internal */
op("Tensor._alias(input)", {
  grad_fn: "AliasBackward0",
  view: true,
  forward: (input) => viewOf(input, [...input.shape], input.strides, input.offset),
  backward: { input: [[], (grad) => grad, "grad"] },
});

/** At least one dimension. Source: torch.atleast_1d. */
op("atleast_1d(tensors: Tensor)", (tensors) => atLeast1d(tensors));
/** Each with at least one dimension. Source: torch.atleast_1d. */
op("atleast_1d.all(tensors: Tensor... = []) -> Tensor[]", (tensors) => tensors.map(atLeast1d));
/** At least two dimensions; new ones in front. Source: torch.atleast_2d. */
op("atleast_2d(tensors: Tensor)", (tensors) => atLeast2d(tensors));
/** Each with at least two dimensions. Source: torch.atleast_2d. */
op("atleast_2d.all(tensors: Tensor... = []) -> Tensor[]", (tensors) => tensors.map(atLeast2d));
/** At least three dimensions: (n) becomes (1, n, 1), (n, m) becomes (n, m, 1). Source: torch.atleast_3d. */
op("atleast_3d(tensors: Tensor)", (tensors) => atLeast3d(tensors));
/** Each with at least three dimensions. Source: torch.atleast_3d. */
op("atleast_3d.all(tensors: Tensor... = []) -> Tensor[]", (tensors) => tensors.map(atLeast3d));

export function atLeast1d(t: Tensor): Tensor {
  return t.shape.length === 0 ? t.reshape([1]) : t;
}

export function atLeast2d(t: Tensor): Tensor {
  if (t.shape.length === 0) return t.reshape([1, 1]);
  return t.shape.length === 1 ? t.unsqueeze(0) : t;
}

export function atLeast3d(t: Tensor): Tensor {
  if (t.shape.length === 0) return t.reshape([1, 1, 1]);
  if (t.shape.length === 1) return t.unsqueeze(0).unsqueeze(-1);
  return t.shape.length === 2 ? t.unsqueeze(-1) : t;
}

/** Parts of `split_size_or_sections` elements along a dimension; the last may be shorter. Source: torch.split. */
op("split(input, split_size_or_sections: int, dim: int = 0) -> Tensor[]", {
  grad_fn: "SplitBackward0",
  view: true,
  forward: (input, split_size_or_sections, dim) => {
    if (input.shape.length === 0) throw new RuntimeError("split expects at least a 1-dimensional tensor");
    const size = input.shape[wrapDim(dim, input.shape.length)];
    return parts(input, equalParts(size, split_size_or_sections), dim);
  },
  backward: {
    input: [
      ["input.shape", "split_size_or_sections", "dim"],
      (grads, shape, split_size_or_sections, dim) => {
        const size = shape[wrapDim(dim, shape.length)];
        return joinParts(grads, shape, equalParts(size, split_size_or_sections), dim);
      },
      "the gradients of the parts, joined",
    ],
  },
});

/** Parts of the given sizes along a dimension, which must add up to its size. Source: torch.split. */
op("split.sizes(input, split_size_or_sections: int[], dim: int = 0) -> Tensor[]", (input, sizes, dim) =>
  input.split_with_sizes(sizes, dim),
);

/** Parts of the given sizes along a dimension, which must add up to its size. Source: torch.split_with_sizes. */
op("split_with_sizes(input, split_sizes: int[], dim: int = 0) -> Tensor[]", {
  grad_fn: "SplitWithSizesBackward0",
  view: true,
  forward: (input, split_sizes, dim) => {
    if (input.shape.length === 0) throw new RuntimeError("split expects at least a 1-dimensional tensor");
    const at = wrapDim(dim, input.shape.length);
    const negative = split_sizes.some((s) => s < 0);
    if (negative)
      throw new RuntimeError(
        `split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=${showShape(split_sizes)}`,
      );
    if (split_sizes.reduce((sum, s) => sum + s, 0) !== input.shape[at])
      throw new RuntimeError(
        `split_with_sizes expects split_sizes to sum exactly to ${input.shape[at]} (input tensor's size at dimension ${at}), but got split_sizes=${showShape(split_sizes)}`,
      );
    return parts(input, split_sizes, dim);
  },
  backward: {
    input: [
      ["input.shape", "split_sizes", "dim"],
      (grads, shape, split_sizes, dim) => joinParts(grads, shape, split_sizes, dim),
      "the gradients of the parts, joined",
    ],
  },
});

function equalParts(size: number, partSize: number): number[] {
  if (partSize < 0)
    throw new RuntimeError(`split expects split_size be non-negative, but got split_size=${partSize}`);
  if (partSize === 0 && size !== 0)
    throw new RuntimeError(
      `split_size can only be 0 if dimension size is 0, but got dimension size of ${size}`,
    );
  const count = partSize === 0 ? 1 : Math.max(Math.ceil(size / partSize), 1);
  return Array.from({ length: count }, (_, i) => Math.min(partSize, size - i * partSize));
}

function parts(input: Tensor, sizes: readonly number[], dim: number): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const part = input.narrow(dim, start, size);
    start += size;
    return part;
  });
}

function joinParts(
  grads: readonly (Tensor | null)[],
  shape: readonly number[],
  sizes: readonly number[],
  dim: number,
): Tensor {
  const at = wrapDim(dim, shape.length);
  const given = grads.find((grad) => grad !== null)!;
  return torch.cat(
    grads.map((grad, i) => grad ?? given.new_zeros(shape.with(at, sizes[i]))),
    at,
  );
}

/** At most `chunks` parts of one size along a dimension; the last may be shorter. Source: torch.chunk. */
op("chunk(input, chunks: int, dim: int = 0) -> Tensor[]", (input, chunks, dim) => {
  if (input.shape.length === 0) throw new RuntimeError("chunk expects at least a 1-dimensional tensor");
  if (chunks <= 0) throw new RuntimeError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  const size = input.shape[wrapDim(dim, input.shape.length)];
  if (size === 0) return input.split_with_sizes(new Array<number>(chunks).fill(0), dim);
  return input.split(Math.ceil(size / chunks), dim);
});

/** Parts between the places, or as many parts, that a tensor names. Source: torch.tensor_split. */
op(
  "tensor_split.tensor(input, indices_or_sections: Tensor, dim: int = 0) -> Tensor[]",
  (input, indices_or_sections, dim) => {
    if (indices_or_sections.dtype !== int64)
      throw new RuntimeError(
        `tensor_split expected tensor_indices_or_sections to have dtype of long, but got ${indices_or_sections.dtype.scalarTypeName}`,
      );
    const ndim = indices_or_sections.shape.length;
    if (ndim > 1)
      throw new RuntimeError(
        `tensor_split expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional tensor, but got a tensor with ${ndim} dims`,
      );
    const list = Array.from(elements(indices_or_sections));
    return ndim === 0 ? input.tensor_split(list[0], dim) : input.tensor_split(list, dim);
  },
);

/** `indices_or_sections` parts along a dimension, sizes differing by at most one. Source: torch.tensor_split. */
op(
  "tensor_split(input, indices_or_sections: int, dim: int = 0) -> Tensor[]",
  (input, indices_or_sections, dim) => {
    const size = splitDim(input, dim);
    if (indices_or_sections <= 0)
      throw new RuntimeError(`number of sections must be larger than 0, got ${indices_or_sections}`);
    const longer = size % indices_or_sections;
    const base = Math.floor(size / indices_or_sections);
    const sizes = Array.from({ length: indices_or_sections }, (_, i) => (i < longer ? base + 1 : base));
    let start = 0;
    return sizes.map((length) => {
      start += length;
      return input.slice(dim, start - length, start);
    });
  },
);

/** The parts between the given places along a dimension. Source: torch.tensor_split. */
op(
  "tensor_split.indices(input, indices_or_sections: int[], dim: int = 0) -> Tensor[]",
  (input, indices_or_sections, dim) => {
    const size = splitDim(input, dim);
    let start = 0;
    return [...indices_or_sections, size].map((end) => {
      const part = input.slice(dim, start, end);
      start = end;
      return part;
    });
  },
);

function splitDim(input: Tensor, dim: number): number {
  if (input.shape.length === 0)
    throw new RuntimeError(
      "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims",
    );
  return input.shape[wrapDim(dim, input.shape.length)];
}

/** Equal parts, or parts between places, side by side. Source: torch.hsplit. */
op("hsplit(input, indices_or_sections: int | int[]) -> Tensor[]", (input, indices_or_sections) =>
  splitAlong("hsplit", input, indices_or_sections, 1, input.shape.length === 1 ? 0 : 1),
);
/** Equal parts, or parts between places, above each other. Source: torch.vsplit. */
op("vsplit(input, indices_or_sections: int | int[]) -> Tensor[]", (input, indices_or_sections) =>
  splitAlong("vsplit", input, indices_or_sections, 2, 0),
);
/** Equal parts, or parts between places, along the third dimension. Source: torch.dsplit. */
op("dsplit(input, indices_or_sections: int | int[]) -> Tensor[]", (input, indices_or_sections) =>
  splitAlong("dsplit", input, indices_or_sections, 3, 2),
);

function splitAlong(
  name: string,
  input: Tensor,
  indices: number | number[],
  least: number,
  dim: number,
): Tensor[] {
  if (input.shape.length < least)
    throw new RuntimeError(
      `torch.${name} requires a tensor with at least ${least} dimension, but got a tensor with ${input.shape.length} dimensions!`,
    );
  if (typeof indices !== "number") return input.tensor_split(indices, dim);
  const size = input.shape[dim];
  if (indices <= 0 || size % indices !== 0)
    throw new RuntimeError(
      `torch.${name} attempted to split along dimension ${dim}, but the size of the dimension ${size} is not divisible by the split_size ${indices}!`,
    );
  return input.tensor_split(indices, dim);
}

/** The slices along a dimension. Source: torch.unbind. */
op("unbind(input, dim: int = 0) -> Tensor[]", {
  grad_fn: "UnbindBackward0",
  view: true,
  forward: (input, dim) => {
    if (input.shape.length === 0)
      throw new IndexError("Dimension specified as 0 but tensor has no dimensions");
    const at = wrapDim(dim, input.shape.length);
    return Array.from({ length: input.shape[at] }, (_, i) => input.select(at, i));
  },
  backward: {
    input: [
      ["input.shape", "dim"],
      (grads, shape, dim) => {
        const like = shape.toSpliced(wrapDim(dim, shape.length), 1);
        const given = grads.find((grad) => grad !== null)!;
        return torch.stack(
          grads.map((grad) => grad ?? given.new_zeros(like)),
          dim,
        );
      },
      "the gradients of the slices, stacked",
    ],
  },
});
