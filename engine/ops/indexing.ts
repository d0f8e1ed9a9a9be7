import { bool, int64, type TypedArray } from "../dtype";
import { IndexError, RuntimeError } from "../errors";
import { expanded } from "../kernels/elementwise";
import { op } from "../op/define";
import { broadcastShapes, contiguousStrides, numel, type Shape, showShape, wrapDim } from "../shape";
import { elements, emptyTensor, fromData, type Tensor } from "../tensor";

/**
 * Elements at the places that `indices` name, one index tensor for each of `dims`; index tensors broadcast
 * together. Source: torch.Tensor indexing, aten::index. @internal
 */
op("Tensor._index(input, dims: int[], indices: Tensor[])", {
  grad_fn: "IndexBackward0",
  forward: (input, dims, indices) => {
    const places = locate(input.shape, dims, indices);
    const from = elements(input);
    const out = new input.dtype.ArrayType(places.offsets.length);
    for (let i = 0; i < out.length; i++) out[i] = from[places.offsets[i]];
    return fromData(out, places.shape, input.dtype);
  },
  backward: {
    input: [
      ["input", "dims", "indices"],
      (grad, input, dims, indices) => grad.new_zeros(input.shape)._index_put(dims, indices, grad, true),
      "grad added at the indexed places, 0 elsewhere",
    ],
    indices: null,
  },
});

/** A copy with `values` written, or added, at indexed places. Source: torch.index_put. @internal */
op("Tensor._index_put(input, dims: int[], indices: Tensor[], values: Tensor, accumulate = false)", {
  grad_fn: "IndexPutBackward0",
  forward: (input, dims, indices, values, accumulate) => {
    if (input.dtype !== values.dtype)
      throw new RuntimeError(
        `Index put requires the source and destination dtypes match, got ${scalarName(input)} for the destination and ${scalarName(values)} for the source.`,
      );
    const places = locate(input.shape, dims, indices);
    const source = expandedTo(values, places.shape);
    const result = input.clone();
    const out = result.storage.data;
    places.offsets.forEach((at, i) => {
      out[at] = accumulate ? out[at] + source[i] : source[i];
    });
    return result;
  },
  backward: {
    input: [
      ["dims", "indices", "accumulate"],
      (grad, dims, indices, accumulate) =>
        accumulate ? grad : grad._index_put(dims, indices, grad.new_zeros([]), false),
      "grad, 0 at the written places",
    ],
    indices: null,
    values: [
      ["dims", "indices"],
      (grad, dims, indices) => grad._index(dims, indices),
      "grad at the written places",
    ],
  },
  inplace: true,
});

function scalarName(t: Tensor): string {
  return t.dtype.tensorTypeName.replace("Tensor", "");
}

function expandedTo(values: Tensor, shape: Shape): TypedArray {
  const fits = values.shape.every(
    (size, i) => size === 1 || size === shape[i + shape.length - values.shape.length],
  );
  if (!fits || values.shape.length > shape.length)
    throw new RuntimeError(
      `shape mismatch: value tensor of shape ${showShape(values.shape)} cannot be broadcast to indexing result of shape ${showShape(shape)}`,
    );
  return expanded(values, shape);
}

/** Row-major offsets of the indexed elements and the result's shape. */
function locate(
  shape: Shape,
  dims: readonly number[],
  indices: readonly Tensor[],
): { shape: number[]; offsets: Float64Array } {
  const strides = contiguousStrides(shape);
  const indexShape = indices.reduce<number[]>((s, t) => broadcastIndices(s, t.shape, indices), []);
  const count = numel(indexShape);
  const base = new Float64Array(count);
  indices.forEach((index, k) => {
    const dim = dims[k];
    const size = shape[dim];
    expanded(index, indexShape).forEach((raw: number, i: number) => {
      if (raw < -size || raw >= size)
        throw new IndexError(`index ${raw} is out of bounds for dimension ${dim} with size ${size}`);
      base[i] += (raw < 0 ? raw + size : raw) * strides[dim];
    });
  });
  const rest = shape.map((_, d) => d).filter((d) => !dims.includes(d));
  // Indices side by side leave their result in place; apart from each other, in front.
  const together = dims.every((d, i) => i === 0 || d === dims[i - 1] + 1);
  const lead = together ? rest.filter((d) => d < dims[0]) : [];
  const trail = rest.filter((d) => !lead.includes(d));
  const sizes = (list: number[]) => list.map((d) => shape[d]);
  const before = offsetsOver(
    sizes(lead),
    lead.map((d) => strides[d]),
  );
  const after = offsetsOver(
    sizes(trail),
    trail.map((d) => strides[d]),
  );
  const offsets = new Float64Array(before.length * count * after.length);
  let at = 0;
  for (const b of before) for (const i of base) for (const a of after) offsets[at++] = b + i + a;
  return { shape: [...sizes(lead), ...indexShape, ...sizes(trail)], offsets };
}

function broadcastIndices(a: Shape, b: Shape, all: readonly Tensor[]): number[] {
  try {
    return broadcastShapes(a, b);
  } catch {
    const shapes = all.map((t) => showShape(t.shape)).join(", ");
    throw new IndexError(
      `shape mismatch: indexing tensors could not be broadcast together with shapes ${shapes}`,
    );
  }
}

function offsetsOver(shape: Shape, strides: readonly number[]): Float64Array {
  let offsets = new Float64Array([0]);
  shape.forEach((size, d) => {
    const next = new Float64Array(offsets.length * size);
    let at = 0;
    for (const o of offsets) for (let i = 0; i < size; i++) next[at++] = o + i * strides[d];
    offsets = next;
  });
  return offsets;
}

/** Places of the elements that are not zero, (count, ndim) int64. Source: torch.nonzero. */
op("nonzero(input)", (input) => {
  const values = elements(input);
  const strides = contiguousStrides(input.shape);
  const rows: number[] = [];
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    count++;
    let rest = i;
    for (const stride of strides) {
      rows.push(Math.floor(rest / stride));
      rest %= stride;
    }
  }
  return fromData(Float64Array.from(rows), [count, input.shape.length], int64);
});

/** Elements along `dim` at the places that `index` (int64, any size in the other dimensions) names. Source: torch.gather. */
op("gather(input, dim: int, index: Tensor)", {
  grad_fn: "GatherBackward0",
  forward: (input, dim, index) => {
    const from = elements(input);
    const offsets = offsetsAlong(input.shape, dim, index);
    const out = new input.dtype.ArrayType(offsets.length);
    for (let i = 0; i < out.length; i++) out[i] = from[offsets[i]];
    return fromData(out, [...index.shape], input.dtype);
  },
  backward: {
    input: [
      ["input", "dim", "index"],
      (grad, input, dim, index) => grad.new_zeros(input.shape).scatter_add(dim, index, grad),
      "grad added where it was gathered from",
    ],
    index: null,
  },
});

/** A copy with `src` added along `dim` at the places that `index` names. Source: torch.scatter_add. */
op("scatter_add(input, dim: int, index: Tensor, src: Tensor)", {
  grad_fn: "ScatterAddBackward0",
  forward: (input, dim, index, src) => {
    const result = input.clone();
    const out = result.storage.data;
    const offsets = offsetsAlong(input.shape, dim, index);
    const values = elements(cropped(src, index.shape));
    for (let i = 0; i < offsets.length; i++) out[offsets[i]] += values[i];
    return result;
  },
  backward: {
    input: [[], (grad) => grad, "grad"],
    index: null,
    src: [["dim", "index"], (grad, dim, index) => grad.gather(dim, index), "grad at the scattered places"],
  },
  inplace: true,
});

function cropped(src: Tensor, shape: Shape): Tensor {
  return shape.reduce<Tensor>((t, size, d) => (t.shape[d] === size ? t : t.narrow(d, 0, size)), src);
}

/** For each element of `index`, where along `dim` of a row-major `shape` it points. */
function offsetsAlong(shape: Shape, dim: number, index: Tensor): Float64Array {
  const at = wrapDim(dim, shape.length);
  if (index.dtype !== int64) throw new RuntimeError("gather(): Expected dtype int64 for index");
  if (index.shape.length !== shape.length && numel(index.shape) > 0)
    throw new RuntimeError("Index tensor must have the same number of dimensions as input tensor");
  const strides = contiguousStrides(shape);
  const size = shape[at] ?? 1;
  const others = offsetsOver(index.shape, strides.with(at, 0));
  elements(index).forEach((place: number, i: number) => {
    if (place < 0 || place >= size)
      throw new RuntimeError(`index ${place} is out of bounds for dimension ${at} with size ${size}`);
    others[i] += place * (strides[at] ?? 0);
  });
  return others;
}

/** A copy with `value` where `mask` holds. Source: torch.masked_fill. */
op("masked_fill(input, mask: Tensor, value: Number)", {
  grad_fn: "MaskedFillBackward0",
  forward: (input, mask, value) => {
    if (mask.dtype !== bool)
      throw new RuntimeError(
        `masked_fill_ only supports boolean masks, but got mask with dtype ${mask.dtype}`,
      );
    return mask.where(input.new_full([], value), input);
  },
  backward: {
    input: [["mask"], (grad, mask) => grad.masked_fill(mask, 0), "grad, 0 where mask"],
    mask: null,
  },
  inplace: true,
});

/** Tensors one after another along `dim`; other sizes must be equal. Source: torch.cat. */
op("cat(tensors: Tensor[], dim: int = 0)", {
  grad_fn: "CatBackward0",
  forward: (tensors, dim) => concatenate(tensors, dim),
  backward: {
    tensors: [
      ["tensors", "dim"],
      (grad, tensors, dim) => {
        let start = 0;
        return tensors.map((t) => {
          const length = t.shape[wrapDim(dim, t.shape.length)];
          const part = grad.narrow(dim, start, length);
          start += length;
          return part;
        });
      },
      "the part of grad that each tensor became",
    ],
  },
  alias: ["torch.concat", "torch.concatenate"],
});

function concatenate(tensors: readonly Tensor[], dim: number): Tensor {
  if (tensors.length === 0) throw new RuntimeError("torch.cat(): expected a non-empty list of Tensors");
  const first = tensors[0];
  if (first.shape.length === 0)
    throw new RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated");
  const at = wrapDim(dim, first.shape.length);
  tensors.forEach((t, i) => {
    if (t.shape.length !== first.shape.length)
      throw new RuntimeError(
        `Tensors must have same number of dimensions: got ${first.shape.length} and ${t.shape.length}`,
      );
    t.shape.forEach((size, d) => {
      if (d !== at && size !== first.shape[d])
        throw new RuntimeError(
          `Sizes of tensors must match except in dimension ${at}. Expected size ${first.shape[d]} but got size ${size} for tensor number ${i} in the list.`,
        );
    });
  });
  const total = tensors.reduce((sum, t) => sum + t.shape[at], 0);
  const result = emptyTensor(first.shape.with(at, total), first.dtype);
  const out = result.storage.data;
  const block = numel(first.shape.slice(at + 1));
  const outer = numel(first.shape.slice(0, at));
  let start = 0;
  for (const t of tensors) {
    const from = elements(t);
    const width = t.shape[at] * block;
    for (let o = 0; o < outer; o++)
      out.set(from.subarray(o * width, (o + 1) * width), o * total * block + start);
    start += width;
  }
  return result;
}

/** Tensors of one shape side by side along a new dimension. Source: torch.stack. */
op("stack(tensors: Tensor[], dim: int = 0)", {
  grad_fn: "StackBackward0",
  forward: (tensors, dim) => {
    if (tensors.length === 0) throw new RuntimeError("stack expects a non-empty TensorList");
    tensors.forEach((t, i) => {
      if (showShape(t.shape) !== showShape(tensors[0].shape))
        throw new RuntimeError(
          `stack expects each tensor to be equal size, but got ${showShape(tensors[0].shape)} at entry 0 and ${showShape(t.shape)} at entry ${i}`,
        );
    });
    return concatenate(
      tensors.map((t) => t.unsqueeze(dim)),
      dim,
    );
  },
  backward: {
    tensors: [
      ["tensors", "dim"],
      (grad, tensors, dim) => tensors.map((_, i) => grad.select(dim, i)),
      "the slice of grad that each tensor became",
    ],
  },
});
