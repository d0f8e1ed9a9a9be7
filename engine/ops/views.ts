import { bool, type DType, float32, float64, int32, int64 } from "../dtype";
import { RuntimeError } from "../errors";
import { map } from "../kernels/elementwise";
import { op, torch } from "../op/define";
import { expandStrides, inferSize, numel, sameShape, showShape, viewStrides, wrapDim } from "../shape";
import { elements, fromData, stridesOf, type Tensor, viewOf } from "../tensor";

/** Another shape over the same elements, without a copy. Throws where the memory does not allow it. Source: torch.Tensor.view. */
op("Tensor.view(input, size: int...)", {
  grad_fn: "ViewBackward0",
  view: true,
  forward: (input, size) => view(input, size),
  backward: { input: [["input"], (grad, input) => grad.reshape(input.shape), "grad, in the input's shape"] },
});

/** As `view`, for a copy that nothing else refers to. @internal */
op("_unsafe_view(input, size: int...)", {
  grad_fn: "UnsafeViewBackward0",
  forward: (input, size) => view(input, size),
  backward: { input: [["input"], (grad, input) => grad.reshape(input.shape), "grad, in the input's shape"] },
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
  return input.clone()._unsafe_view(target);
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
});

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
  const shape = [...input.shape];
  const strides = [...stridesOf(input)];
  if (ndim > 0) {
    [shape[a], shape[b]] = [shape[b], shape[a]];
    [strides[a], strides[b]] = [strides[b], strides[a]];
  }
  return viewOf(input, shape, strides, input.offset);
}

/** Repeats dimensions of size 1 without copying; −1 keeps a size. Source: torch.Tensor.expand. */
op("Tensor.expand(input, size: int...)", {
  grad_fn: "ExpandBackward0",
  view: true,
  forward: (input, size) => expand(input, size),
  backward: {
    input: [["input"], (grad, input) => grad.sum_to_size(input.shape), "grad, summed over the repeats"],
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
        `expand(torch.${input.dtype.tensorTypeName}{${showShape(input.shape)}}, size=${showShape(size)}): The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${i}`,
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
  return viewOf(input, shape, strides, input.offset);
}

/** Sums out what broadcasting to `input`'s shape repeated. Source: torch.Tensor.sum_to_size. */
op("Tensor.sum_to_size(input, size: int...)", (input, size) => {
  if (sameShape(input.shape, size)) return input;
  const lead = input.shape.length - size.length;
  const fits = lead >= 0 && size.every((s, i) => s === 1 || s === input.shape[lead + i]);
  if (!fits)
    throw new RuntimeError(
      `size {${showShape(size)}} is not expandable to size {${showShape(input.shape)}}.`,
    );
  const dims = input.shape.flatMap((s, d) => (d < lead || (size[d - lead] === 1 && s !== 1) ? [d] : []));
  const summed = dims.length === 0 ? input : input.sum(dims, true);
  return lead > 0 ? summed.view(size) : summed;
});

/** Drops every dimension of size 1. Source: torch.squeeze. */
op("squeeze(input)", {
  grad_fn: "SqueezeBackward0",
  view: true,
  forward: (input) => dropDims(input, (d) => input.shape[d] === 1),
  backward: { input: [["input"], (grad, input) => grad.reshape(input.shape), "grad, in the input's shape"] },
});

/** Drops a dimension if its size is 1. Source: torch.squeeze. */
op("squeeze.dim(input, dim: int)", {
  grad_fn: "SqueezeBackward1",
  view: true,
  forward: (input, dim) => {
    const at = wrapDim(dim, input.shape.length);
    return dropDims(input, (d) => d === at && input.shape[d] === 1);
  },
  backward: { input: [["input"], (grad, input) => grad.reshape(input.shape), "grad, in the input's shape"] },
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
    const at = wrapDim(dim, input.shape.length + 1);
    return viewOf(input, input.shape.toSpliced(at, 0, 1), stridesOf(input).toSpliced(at, 0, 1), input.offset);
  },
  backward: {
    input: [["input"], (grad, input) => grad.reshape(input.shape), "grad, without the added dimension"],
  },
});

/** One slice along a dimension, which disappears. Source: torch.select. */
op("select(input, dim: int, index: int)", {
  grad_fn: "SelectBackward0",
  view: true,
  forward: (input, dim, index) => {
    if (input.shape.length === 0) throw new RuntimeError("select() cannot be applied to a 0-dim tensor.");
    const at = wrapDim(dim, input.shape.length);
    const size = input.shape[at];
    if (index < -size || index >= size)
      throw new RuntimeError(
        `select(): index ${index} out of range for tensor of size ${showShape(input.shape)} at dimension ${at}`,
      );
    const strides = stridesOf(input);
    const offset = input.offset + (index < 0 ? index + size : index) * strides[at];
    return viewOf(input, input.shape.toSpliced(at, 1), strides.toSpliced(at, 1), offset);
  },
  backward: {
    input: [
      ["input", "dim", "index"],
      (grad, input, dim, index) => zerosFor(grad, input).select_scatter(grad, dim, index),
      "grad at the selected place, 0 elsewhere",
    ],
  },
});

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
      ["input", "dim", "start", "end", "step"],
      (grad, input, dim, start, end, step) =>
        zerosFor(grad, input).slice_scatter(grad, dim, start, end, step),
      "grad at the sliced place, 0 elsewhere",
    ],
  },
});

/** Counts a negative index from the end and keeps it within the dimension, as Python's slices do. */
function clampIndex(index: number, size: number): number {
  return Math.min(Math.max(index < 0 ? index + size : index, 0), size);
}

/** `length` elements of a dimension from `start`. Source: torch.narrow. */
op("narrow(input, dim: int, start: int, length: int)", (input, dim, start, length) => {
  const size = input.shape[wrapDim(dim, input.shape.length)];
  const from = start < 0 ? start + size : start;
  if (from + length > size)
    throw new RuntimeError(`start (${start}) + length (${length}) exceeds dimension size (${size}).`);
  return input.slice(dim, from, from + length);
});

function zerosFor(grad: Tensor, input: Tensor): Tensor {
  return grad.new_zeros(input.shape);
}

/** A copy with `src` at one index of a dimension. Source: torch.select_scatter. */
op("select_scatter(input, src: Tensor, dim: int, index: int)", (input, src, dim, index) => {
  const result = input.clone();
  result.select(dim, index).copy_(src);
  return result;
});

/** A copy with `src` at a slice of a dimension. Source: torch.slice_scatter. */
op(
  "slice_scatter(input, src: Tensor, dim: int = 0, start: int? = null, end: int? = null, step: int = 1)",
  (input, src, dim, start, end, step) => {
    const result = input.clone();
    result.slice(dim, start, end, step).copy_(src);
    return result;
  },
);

/** A copy with its own memory, row-major. Source: torch.clone. */
op("clone(input)", {
  grad_fn: "CloneBackward0",
  forward: (input) =>
    fromData(
      input.strides === null ? elements(input).slice() : elements(input),
      [...input.shape],
      input.dtype,
    ),
  backward: { input: [[], (grad) => grad, "grad"] },
});

/** The tensor itself if row-major, else a copy that is. Source: torch.Tensor.contiguous. */
op("Tensor.contiguous(input)", (input) => (input.strides === null ? input : input.clone()));

/** Overwrites a tensor with another one's values, broadcast and cast. Source: torch.Tensor.copy_. */
op("copy(input, src: Tensor, non_blocking = false)", {
  grad_fn: "CopyBackwards",
  forward: (input, src) => src.to(input.dtype).expand(input.shape),
  backward: {
    input: [[], (grad) => grad.mul(0), "0"],
    src: [[], (grad) => grad, "grad"],
  },
  inplace: "only",
});

/** Sets every element to `value`. Source: torch.Tensor.fill_. */
op("fill(input, value: Number)", {
  grad_fn: "FillBackward2",
  forward: (input, value) => input.new_full(input.shape, value),
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: true,
});

/** Sets every element to 0. Source: torch.Tensor.zero_. */
op("zero(input)", {
  grad_fn: "ZeroBackward0",
  forward: (input) => input.new_zeros(input.shape),
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: "only",
});

/** A copy in another dtype. @internal */
op("Tensor._to_copy(input, dtype: dtype)", {
  grad_fn: "ToCopyBackward0",
  forward: (input, dtype) => map(input, conversion(input.dtype, dtype), dtype),
  backward: { input: [[], (grad) => grad, "grad"] },
});

/** The tensor in another dtype; itself if it has it already. Source: torch.Tensor.to. */
op("Tensor.to(input, dtype: dtype)", (input, dtype) =>
  input.dtype === dtype ? input : input._to_copy(dtype),
);
/** In another tensor's dtype. Source: torch.Tensor.to. */
op("Tensor.to.other(input, other: Tensor)", (input, other) => input.to(other.dtype));
/** As float32. Source: torch.Tensor.float. */
op("Tensor.float(input)", (input) => input.to(float32));
/** As float64. Source: torch.Tensor.double. */
op("Tensor.double(input)", (input) => input.to(float64));
/** As int64; fractions are cut off. Source: torch.Tensor.long. */
op("Tensor.long(input)", (input) => input.to(int64));
/** As int32; fractions are cut off. Source: torch.Tensor.int. */
op("Tensor.int(input)", (input) => input.to(int32));
/** As bool: whether each element is not 0. Source: torch.Tensor.bool. */
op("Tensor.bool(input)", (input) => input.to(bool));

function conversion(from: DType, to: DType): (x: number) => number {
  if (to === bool) return (x) => (x === 0 ? 0 : 1);
  return from.category === "float" && to.category === "int" ? Math.trunc : (x) => x;
}

/** The slices along a dimension. Source: torch.unbind. */
op("unbind(input, dim: int = 0) -> Tensor[]", {
  grad_fn: "UnbindBackward0",
  view: true,
  forward: (input, dim) => {
    if (input.shape.length === 0)
      throw new RuntimeError("Dimension specified as 0 but tensor has no dimensions");
    const at = wrapDim(dim, input.shape.length);
    return Array.from({ length: input.shape[at] }, (_, i) => input.select(at, i));
  },
  backward: {
    input: [
      ["input", "dim"],
      (grads, input, dim) => {
        const like = input.shape.toSpliced(wrapDim(dim, input.shape.length), 1);
        return torch.stack(
          grads.map((grad) => grad ?? input.new_zeros(like)),
          dim,
        );
      },
      "the gradients of the slices, stacked",
    ],
  },
});
