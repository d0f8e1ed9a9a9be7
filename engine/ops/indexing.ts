import { bool, int32, int64, type TypedArray } from "../dtype";
import { cppTypeName, IndexError, RuntimeError } from "../errors";
import { setIndex } from "../indexing";
import { expanded } from "../kernels/elementwise";
import { offsetsOver, wrapPlace } from "../kernels/places";
import { op, torch } from "../op/define";
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
      ["input.shape", "dims", "indices"],
      (grad, shape, dims, indices) => grad.new_zeros(shape)._index_put(dims, indices, grad, true),
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
        `Index put requires the source and destination dtypes match, got ${input.dtype.scalarTypeName} for the destination and ${values.dtype.scalarTypeName} for the source.`,
      );
    const { offsets, shape } = locate(input.shape, dims, indices);
    const source = expandedTo(values, shape);
    const result = input.detachedCopy();
    const out = result.storage.data;
    if (accumulate) for (let i = 0; i < offsets.length; i++) out[offsets[i]] += source[i];
    else for (let i = 0; i < offsets.length; i++) out[offsets[i]] = source[i];
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

function expandedTo(values: Tensor, shape: Shape): TypedArray {
  const lead = values.shape.length - shape.length;
  const fits = values.shape.every((size, i) => size === 1 || size === shape[i - lead]);
  if (!fits || lead > 0)
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
): { shape: number[]; offsets: Int32Array } {
  const strides = contiguousStrides(shape);
  const indexShape = indices.reduce<number[]>((s, t) => broadcastIndices(s, t.shape, indices), []);
  // Indices side by side leave their result in place; apart from each other, in front.
  const together = dims.every((d, i) => i === 0 || d === dims[i - 1] + 1);
  const base = new Int32Array(numel(indexShape));
  indices.forEach((index, k) => {
    const dim = dims[k];
    const places = expanded(index, indexShape);
    for (let i = 0; i < base.length; i++) base[i] += wrapPlace(places[i], k, shape[dim]) * strides[dim];
  });
  const rest = shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const lead = together ? rest.filter((d) => d < dims[0]) : [];
  const trail = rest.filter((d) => !lead.includes(d));
  const [before, after] = [lead, trail].map((list) =>
    offsetsOver(
      list.map((d) => shape[d]),
      list.map((d) => strides[d]),
    ),
  );
  const offsets = new Int32Array(before.length * base.length * after.length);
  let at = 0;
  for (const b of before) for (const i of base) for (const a of after) offsets[at++] = b + i + a;
  const sizes = (list: number[]) => list.map((d) => shape[d]);
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

/**
 * A copy with `values` (broadcast, of the same dtype) written at the indexed places, or added with
 * `accumulate`: then places named twice receive both. Source: torch.index_put.
 */
op(
  "index_put(input, indices: Index[], values: Tensor, accumulate = false)",
  (input, indices, values, accumulate) => {
    const result = input.clone();
    setIndex(result, indices, values, accumulate);
    return result;
  },
);

/** Writes `values` at the indexed places, or adds them with `accumulate`. Source: torch.Tensor.index_put_. */
op(
  "Tensor.index_put_(input, indices: Index[], values: Tensor, accumulate = false)",
  (input, indices, values, accumulate) => {
    setIndex(input, indices, values, accumulate);
    return input;
  },
);

/** Places of the elements that are not zero, (count, ndim) int64; as a list of columns with `as_tuple`. Source: torch.nonzero. */
op("nonzero(input, *, as_tuple = false) -> Tensor", (input, as_tuple) => {
  if (as_tuple) return columns(nonzero(input.shape.length === 0 ? input.reshape([1]) : input));
  return nonzero(input);
});

/** Places of the elements that are not zero, (count, ndim) int64. Source: torch.argwhere. */
op("argwhere(input)", (input) => nonzero(input));

/** The places where `condition` holds, as one vector per dimension. Source: torch.where. */
op("where.condition(condition: Tensor) -> Tensor[]", (condition) =>
  columns(nonzero(condition.shape.length === 0 ? condition.reshape([1]) : condition)),
);

function nonzero(input: Tensor): Tensor {
  const values = elements(input);
  const ndim = input.shape.length;
  const strides = contiguousStrides(input.shape);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) count++;
  const rows = new Float64Array(count * ndim);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    let rest = i;
    for (let d = 0; d < ndim; d++) {
      rows[at++] = Math.floor(rest / strides[d]);
      rest %= strides[d];
    }
  }
  return fromData(rows, [count, ndim], int64);
}

/** The columns of a matrix as vectors of their own. */
function columns(matrix: Tensor): Tensor[] {
  return matrix.unbind(1);
}

// One index tensor along one dimension.

/** A tensor seen as (outer, size, inner) around a dimension. */
export interface Slab {
  outer: number;
  size: number;
  inner: number;
}

export function slabOf(shape: Shape, dim: number): Slab {
  return {
    outer: numel(shape.slice(0, dim)),
    size: shape[dim] ?? 1,
    inner: numel(shape.slice(dim + 1)),
  };
}

/** Slices along `dim` at the places that the vector `index` names. Source: torch.index_select. */
op("index_select(input, dim: int, index: Tensor)", {
  grad_fn: "IndexSelectBackward0",
  forward: (input, dim, index) => {
    const at = wrapDim(dim, input.shape.length);
    if (index.shape.length > 1) throw new IndexError("index_select(): Index is supposed to be a vector");
    if (!isIndex(index)) throw new RuntimeError("index_select(): Expected dtype int32 or int64 for index");
    const { outer, size, inner } = slabOf(input.shape, at);
    const places = elements(index);
    for (let j = 0; j < places.length; j++)
      if (places[j] < 0 || places[j] >= size) throw new IndexError("index out of range in self");
    const from = elements(input);
    const shape = input.shape.length === 0 ? [] : input.shape.with(at, places.length);
    const result = emptyTensor(shape, input.dtype);
    const out = result.storage.data;
    let to = 0;
    for (let o = 0; o < outer; o++)
      for (let j = 0; j < places.length; j++) {
        const start = (o * size + places[j]) * inner;
        for (let k = 0; k < inner; k++) out[to++] = from[start + k];
      }
    return result;
  },
  backward: {
    input: [
      ["input.shape", "dim", "index"],
      (grad, shape, dim, index) => grad.new_zeros(shape).index_add(dim, index, grad),
      "grad added where it was selected from",
    ],
    index: null,
  },
});

export function isIndex(index: Tensor): boolean {
  return index.dtype === int64 || index.dtype === int32;
}

/** A copy with alpha · source added along `dim` at the places that the vector `index` names. Source: torch.index_add. */
op("index_add(input, dim: int, index: Tensor, source: Tensor, *, alpha: Number = 1)", {
  grad_fn: "IndexAddBackward0",
  forward: (input, dim, index, source, alpha) => {
    const places = placesAlong("index_add_", input, dim, index, source);
    const result = input.detachedCopy();
    const out = result.storage.data;
    const scale = input.dtype.category === "float" ? alpha : Math.trunc(alpha);
    writeAlong(input, dim, places, elements(source), (at, value) => {
      out[at] += scale * value;
    });
    return result;
  },
  backward: {
    input: [[], (grad) => grad, "grad"],
    index: null,
    source: [
      ["dim", "index", "alpha", "source.shape"],
      (grad, dim, index, alpha, shape) => grad.index_select(dim, index).mul(alpha).expand(shape),
      "alpha · grad at the named places",
    ],
  },
  inplace: true,
});

/** Checks an index along `dim` and what is written through it, in the words of `index_add_`. */
export function placesAlong(
  name: string,
  input: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
): TypedArray {
  const at = wrapDim(dim, input.shape.length);
  if (index.shape.length > 1)
    throw new IndexError(
      `${name}(): Index is supposed to be a vector, but got dim: ${index.shape.length} with type: ${index.dtype.scalarTypeName} and size: ${showShape(index.shape)}`,
    );
  if (!isIndex(index))
    throw new RuntimeError(
      `${name}(): Expected dtype int32/int64 for index but got: ${index.dtype.scalarTypeName}`,
    );
  if (input.dtype !== source.dtype)
    throw new RuntimeError(
      `${name}(): self (${input.dtype.scalarTypeName}) and source (${source.dtype.scalarTypeName}) must have the same scalar type`,
    );
  const given = source.shape.length === 0 ? 1 : source.shape[at];
  const like = (t: Tensor) => t.shape.toSpliced(at, 1);
  if (input.shape.length > 0 && source.shape.length > 0 && showShape(like(input)) !== showShape(like(source)))
    throw new RuntimeError(
      `source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = ${showShape(input.shape)} source.shape = ${showShape(source.shape)}`,
    );
  if (index.numel() !== given)
    throw new RuntimeError(
      `${name}(): Number of indices (${index.numel()}) should be equal to source.size(dim): (${given}), for dim: ${at}`,
    );
  const places = elements(index);
  const size = input.shape[at] ?? 1;
  for (let j = 0; j < places.length; j++)
    if (places[j] < 0 || places[j] >= size)
      throw name === "index_reduce_"
        ? new IndexError("index out of range in self")
        : new RuntimeError(`index ${places[j]} is out of bounds for dimension ${at} with size ${size}`);
  return places;
}

/** Calls `write` with each row-major place of the input along `dim` and the value meant for it. */
export function writeAlong(
  input: Tensor,
  dim: number,
  places: TypedArray,
  values: TypedArray,
  write: (at: number, value: number) => void,
): void {
  const { outer, size, inner } = slabOf(input.shape, wrapDim(dim, input.shape.length));
  let from = 0;
  for (let o = 0; o < outer; o++)
    for (let j = 0; j < places.length; j++) {
      const start = (o * size + places[j]) * inner;
      for (let k = 0; k < inner; k++) write(start + k, values[from++]);
    }
}

/** A copy with `source` written along `dim` at the places that the vector `index` names. Source: torch.index_copy. */
op("index_copy(input, dim: int, index: Tensor, source: Tensor)", {
  grad_fn: "IndexCopyBackward0",
  forward: (input, dim, index, source) => {
    const places = copiedPlaces(input, dim, index, source);
    const result = input.detachedCopy();
    const out = result.storage.data;
    writeAlong(input, dim, places, elements(source), (at, value) => {
      out[at] = value;
    });
    return result;
  },
  backward: {
    input: [
      ["dim", "index"],
      (grad, dim, index) => grad.index_fill(dim, index, 0),
      "grad, 0 at the written places",
    ],
    index: null,
    source: [
      ["dim", "index", "source.shape"],
      (grad, dim, index, shape) => grad.index_select(dim, index).expand(shape),
      "grad at the written places",
    ],
  },
  inplace: true,
});

function copiedPlaces(input: Tensor, dim: number, index: Tensor, source: Tensor): TypedArray {
  const at = wrapDim(dim, input.shape.length);
  const count = index.numel();
  if (index.shape.length > 1)
    throw new IndexError(`index_copy_(): Index should have dimension 1 or 0 (got ${index.shape.length})`);
  const [from, to] = [source.shape.length, input.shape.length];
  if (from === 0 && count !== 1)
    throw new IndexError(
      `index_copy_(): When source is scalar, index should have one element (got ${count})`,
    );
  if (from !== to && from !== 0 && to !== 0)
    throw new IndexError(
      `index_copy_(): When source and destination are not scalars, their dimensionality must match. Source dimensionality (${from}), destination dimensionality (${to})`,
    );
  if (index.dtype !== int64)
    throw new RuntimeError(
      `index_copy_(): Expected a long tensor for index, but got ${index.dtype.scalarTypeName}`,
    );
  if (input.dtype !== source.dtype)
    throw new RuntimeError(
      `index_copy_(): self and source expected to have the same dtype, but got (self) ${input.dtype.scalarTypeName} and (source) ${source.dtype.scalarTypeName}`,
    );
  const slices = [input, source].map((t) => t.shape.toSpliced(at, 1));
  if (from > 0 && to > 0 && showShape(slices[0]) !== showShape(slices[1]))
    throw new RuntimeError(
      `index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: ${slices[0].join(" ")} at dimension ${at} and source slice shape: ${slices[1].join(" ")} at dimension 0.`,
    );
  if (from > 0 && source.shape[at] !== count)
    throw new IndexError(
      `index_copy_(): Number of indices (${count}) should be equal to source.size(dim) (${source.shape[at]})`,
    );
  const places = elements(index);
  const size = input.shape[at] ?? 1;
  for (const place of places)
    if (place < 0 || place >= size)
      throw new IndexError(
        `index_copy_(): index ${place} is out of bounds for dimension ${at} with size ${size}`,
      );
  return places;
}

/** A copy with one value along `dim` at the places that `index` names. Source: torch.index_fill. */
op("index_fill(input, dim: int, index: Tensor, value: Number)", {
  grad_fn: "IndexFillBackward0",
  forward: (input, dim, index, value) => indexFill(input, dim, index, value),
  backward: {
    input: [
      ["dim", "index"],
      (grad, dim, index) => grad.index_fill(dim, index, 0),
      "grad, 0 at the filled places",
    ],
    index: null,
  },
  inplace: true,
});

/** A copy with the value of a 0-dim tensor along `dim` at the places that `index` names. Source: torch.index_fill. */
op("index_fill.Tensor(input, dim: int, index: Tensor, value: Tensor)", {
  grad_fn: "IndexFillBackward1",
  forward: (input, dim, index, value) => {
    if (value.shape.length > 0)
      throw new RuntimeError(
        `index_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.shape.length} dimension(s).`,
      );
    return indexFill(input, dim, index, Number(value.item()));
  },
  backward: {
    input: [
      ["dim", "index"],
      (grad, dim, index) => grad.index_fill(dim, index, 0),
      "grad, 0 at the filled places",
    ],
    index: null,
    value: [
      ["dim", "index"],
      (grad, dim, index) => grad.index_select(dim, distinctPlaces(index, grad, dim)).sum(),
      "sum of grad at the filled places",
    ],
  },
  inplace: true,
});

function distinctPlaces(index: Tensor, grad: Tensor, dim: number): Tensor {
  const size = grad.shape[wrapDim(dim, grad.shape.length)] ?? 1;
  const places = new Set(Array.from(elements(index), (place) => (place < 0 ? place + size : place)));
  return fromData(Float64Array.from(places), [places.size], int64);
}

function indexFill(input: Tensor, dim: number, index: Tensor, value: number): Tensor {
  const at = wrapDim(dim, input.shape.length);
  if (index.dtype !== int64) throw new IndexError("index_fill_(): Expected dtype int64 for index.");
  if (index.shape.length > 1) throw new RuntimeError("Index has to be a vector/scalar");
  const { outer, size, inner } = slabOf(input.shape, at);
  const result = input.detachedCopy();
  const out = result.storage.data;
  const cast = input.new_full([], value).storage.data[0];
  for (const place of elements(index)) {
    const wrapped = wrapPlace(place, at, size);
    for (let o = 0; o < outer; o++) {
      const start = (o * size + wrapped) * inner;
      out.fill(cast, start, start + inner);
    }
  }
  return result;
}

/** Elements at places counted through the flat tensor, in the shape of `index`. Source: torch.take. */
op("take(input, index: Tensor)", {
  grad_fn: "TakeBackward0",
  forward: (input, index) => {
    if (index.dtype !== int64)
      throw new RuntimeError(
        `take(): Expected a long tensor for index, but got ${index.dtype.scalarTypeName}`,
      );
    const from = elements(input);
    const places = elements(index);
    const out = new input.dtype.ArrayType(places.length);
    for (let i = 0; i < out.length; i++) out[i] = from[flatPlace(places[i], from.length)];
    return fromData(out, [...index.shape], input.dtype);
  },
  backward: {
    input: [
      ["input.shape", "index"],
      (grad, shape, index) => grad.new_zeros(shape).put(index, grad, true),
      "grad added where it was taken from",
    ],
    index: null,
  },
});

function flatPlace(place: number, count: number): number {
  if (place < -count || place >= count)
    throw new IndexError(`out of range: tried to access index ${place} on a tensor of ${count} elements.`);
  return place < 0 ? place + count : place;
}

/** A copy with `source` written, or added, at places counted through the flat tensor. Source: torch.put. */
op("put(input, index: Tensor, source: Tensor, accumulate = false)", {
  grad_fn: "PutBackward0",
  forward: (input, index, source, accumulate) => {
    if (index.dtype !== int64)
      throw new RuntimeError(
        `put_(): Expected a long tensor for index, but got ${index.dtype.scalarTypeName}`,
      );
    if (input.dtype !== source.dtype)
      throw new RuntimeError(
        `put_(): self and source expected to have the same dtype, but got self.dtype = ${input.dtype.scalarTypeName} and source.dtype = ${source.dtype.scalarTypeName}`,
      );
    if (index.numel() !== source.numel())
      throw new IndexError(
        `put_(): Expected source and index to have the same number of elements, but got source.numel() = ${source.numel()}, index.numel() = ${index.numel()}`,
      );
    const result = input.detachedCopy();
    const out = result.storage.data;
    const places = elements(index);
    const values = elements(source);
    for (let i = 0; i < places.length; i++) {
      const at = flatPlace(places[i], out.length);
      out[at] = accumulate ? out[at] + values[i] : values[i];
    }
    return result;
  },
  backward: {
    input: [
      ["index", "source.shape", "accumulate"],
      (grad, index, shape, accumulate) => (accumulate ? grad : grad.put(index, grad.new_zeros(shape))),
      "grad, 0 at the written places",
    ],
    index: null,
    source: [
      ["index", "source.shape"],
      (grad, index, shape) => grad.take(index).reshape(shape),
      "grad at the written places",
    ],
  },
  inplace: true,
});

/** Elements along `dim` at places that broadcast with the input; of the flat tensor without `dim`. Source: torch.take_along_dim. */
op("take_along_dim(input, indices: Tensor, dim: int? = null)", (input, indices, dim) => {
  if (indices.dtype !== int64)
    throw new RuntimeError(
      `torch.take_along_dim(): dtype of indices should be Long but got ${indices.dtype.scalarTypeName}`,
    );
  if (dim === null) return input.reshape([-1]).gather(0, indices.reshape([-1]));
  const ndim = input.shape.length;
  if (indices.shape.length !== ndim)
    throw new RuntimeError(
      `torch.take_along_dim(): input and indices should have the same number of dimensions, but got ${ndim} dimensions for input, and ${indices.shape.length} dimensions for indices`,
    );
  if (ndim === 0) throw new IndexError("Dimension specified as 0 but tensor has no dimensions");
  const at = wrapDim(dim, ndim);
  const common = broadcastShapes(input.shape.with(at, 1), indices.shape.with(at, 1));
  return torch.gather(
    input.expand(common.with(at, input.shape[at])),
    at,
    countedFromFront(indices, input.shape[at]).expand(common.with(at, indices.shape[at])),
  );
});

function countedFromFront(indices: Tensor, size: number): Tensor {
  const places = elements(indices);
  if (places.every((place) => place >= 0)) return indices;
  return fromData(
    Float64Array.from(places, (place) => (place < 0 ? place + size : place)),
    [...indices.shape],
    int64,
  );
}

// Masks.

/** A copy with `value` where `mask`, which broadcasts, holds. Source: torch.masked_fill. */
op("masked_fill(input, mask: Tensor, value: Number)", {
  grad_fn: "MaskedFillBackward0",
  forward: (input, mask, value) => maskedFill(input, mask, value),
  backward: {
    input: [["mask"], (grad, mask) => grad.masked_fill(mask, 0), "grad, 0 where mask"],
    mask: null,
  },
  inplace: true,
});

/** A copy with the value of a 0-dim tensor where `mask`, which broadcasts, holds. Source: torch.masked_fill. */
op("masked_fill.Tensor(input, mask: Tensor, value: Tensor)", {
  grad_fn: "MaskedFillBackward1",
  forward: (input, mask, value) => {
    if (value.shape.length > 0)
      throw new RuntimeError(
        `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.shape.length} dimension(s).`,
      );
    return maskedFill(input, mask, Number(value.item()));
  },
  backward: {
    input: [["mask"], (grad, mask) => grad.masked_fill(mask, 0), "grad, 0 where mask"],
    mask: null,
    value: [
      ["mask"],
      (grad, mask) => torch.where(mask, grad, grad.new_zeros([])).sum(),
      "sum of grad where mask",
    ],
  },
  inplace: true,
});

function maskedFill(input: Tensor, mask: Tensor, value: number): Tensor {
  if (mask.dtype !== bool)
    throw new RuntimeError(
      `masked_fill_ only supports boolean masks, but got mask with dtype ${cppTypeName(mask.dtype)}`,
    );
  const shape = broadcastShapes(mask.shape, input.shape);
  const from = expanded(input, shape);
  const holds = expanded(mask, shape);
  const cast = input.new_full([], value).storage.data[0];
  const out = new input.dtype.ArrayType(from.length);
  for (let i = 0; i < out.length; i++) out[i] = holds[i] === 0 ? from[i] : cast;
  return fromData(out, shape, input.dtype);
}

/** The elements where `mask` holds, both broadcast together, as a vector. Source: torch.masked_select. */
op("masked_select(input, mask: Tensor)", {
  grad_fn: "MaskedSelectBackward0",
  forward: (input, mask) => {
    if (mask.dtype !== bool) throw new RuntimeError("masked_select: expected BoolTensor for mask");
    const shape = broadcastShapes(mask.shape, input.shape);
    const from = expanded(input, shape);
    const holds = expanded(mask, shape);
    const kept = from.filter((_: number, i: number) => holds[i] !== 0);
    return fromData(kept, [kept.length], input.dtype);
  },
  backward: {
    input: [
      ["input.shape", "mask"],
      (grad, shape, mask) => grad.new_zeros(broadcastShapes(mask.shape, shape)).masked_scatter(mask, grad),
      "grad where mask, 0 elsewhere",
    ],
    mask: null,
  },
});

/** A copy with the elements of `source`, in order, where `mask`, which broadcasts, holds. Source: torch.masked_scatter. */
op("masked_scatter(input, mask: Tensor, source: Tensor)", {
  grad_fn: "MaskedScatterBackward0",
  forward: (input, mask, source) => {
    if (input.dtype !== source.dtype)
      throw new RuntimeError(
        `masked_scatter: expected self and source to have same dtypes but got${input.dtype.scalarTypeName} and ${source.dtype.scalarTypeName}`,
      );
    if (mask.dtype !== bool)
      throw new RuntimeError(
        `masked_scatter_ only supports boolean masks, but got mask with dtype ${mask.dtype.scalarTypeName}`,
      );
    const shape = broadcastShapes(mask.shape, input.shape);
    const out = expanded(input, shape).slice();
    const holds = expanded(mask, shape);
    const values = elements(source);
    let next = 0;
    for (let i = 0; i < out.length; i++) {
      if (holds[i] === 0) continue;
      if (next === values.length)
        throw new RuntimeError("Number of elements of source < number of ones in mask");
      out[i] = values[next++];
    }
    return fromData(out, shape, input.dtype);
  },
  backward: {
    input: [["mask"], (grad, mask) => grad.masked_fill(mask, 0), "grad, 0 where mask"],
    mask: null,
    source: [
      ["mask", "source.shape"],
      (grad, mask, shape) => {
        const used = grad.masked_select(mask);
        const unused = numel(shape) - used.numel();
        const all = unused === 0 ? used : torch.cat([used, used.new_zeros([unused])]);
        return all.reshape(shape);
      },
      "grad where mask, in order",
    ],
  },
  inplace: true,
});
