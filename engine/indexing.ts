import { type TensorData, tensor } from "./construct";
import { bool, int8, int16, int64, uint8 } from "./dtype";
import { IndexError, pythonTypeName, ValueError } from "./errors";
import { wrapPlace } from "./kernels/places";
import { type Shape, sameShape } from "./shape";
import { fromData, Tensor } from "./tensor";

/** A range of a dimension: `x[1:3]` is `x.index(torch.slice(1, 3))`. Source: Python's slice. */
export class Slice {
  constructor(
    readonly start: number | null = null,
    readonly end: number | null = null,
    readonly step: number | null = null,
  ) {}
}

/**
 * One index of a tensor: a place, a range (`"1:3"`, `torch.slice(1, 3)`), `null` for a new dimension,
 * `"..."` for all dimensions between, a mask or tensor of places, or a list of places.
 */
export type Index = number | bigint | boolean | null | string | Slice | Tensor | readonly unknown[];

interface Advanced {
  dims: number[];
  indices: Tensor[];
}

/** `input[indices]` as in Python. Source: torch.Tensor indexing. */
export function getIndex(input: Tensor, given: readonly Index[]): Tensor {
  const parsed = asSeveral(given).map(parseIndex);
  // A range that stands alone is a step of its own even if it covers everything.
  if (parsed.length === 1 && parsed[0] instanceof Slice) return sliceAt(input, 0, parsed[0]);
  const { view, advanced } = applyBasic(input, parsed);
  if (advanced.dims.length > 0) return view._index(advanced.dims, advanced.indices);
  // `x["..."]` is a new tensor on the same memory.
  return view === input ? input._alias() : view;
}

/**
 * `input[indices] = value` as in Python: in place, the value broadcast and cast; added to what is there with
 * `accumulate`.
 */
export function setIndex(
  input: Tensor,
  indices: readonly Index[],
  value: Tensor | number | boolean,
  accumulate = false,
): void {
  const { view, advanced } = applyBasic(input, asSeveral(indices).map(parseIndex));
  if (advanced.dims.length > 0) {
    const source =
      value instanceof Tensor
        ? withoutLeadingOnes(value, indexedDims(view, advanced))
        : input.new_full([], Number(value));
    view._index_put_(advanced.dims, advanced.indices, source, accumulate);
  } else if (accumulate) view.add_(value instanceof Tensor ? value : Number(value));
  else if (value instanceof Tensor && value.shape.length > 0)
    view.copy_(fitted(withoutLeadingOnes(value, view.shape.length), view.shape));
  else if (value instanceof Tensor) view.copy_(value);
  else view.fill_(input.new_full([], Number(value)));
}

/** Broadcasts what is assigned in a step of its own, as PyTorch does, whose messages are those of `expand`. */
function fitted(source: Tensor, shape: Shape): Tensor {
  return sameShape(source.shape, shape) ? source : source.expand(shape);
}

/** Number of dimensions that advanced indexing of `view` gives. */
function indexedDims(view: Tensor, { indices }: Advanced): number {
  return view.shape.length - indices.length + Math.max(...indices.map((t) => t.shape.length));
}

/** Assignment, unlike broadcasting, drops leading dimensions of size 1. */
function withoutLeadingOnes(source: Tensor, ndim: number): Tensor {
  let result = source;
  while (result.shape.length > ndim && result.shape[0] === 1) result = result.squeeze(0);
  return result;
}

/** Applies what gives views and collects what gathers, by dimension of the resulting view. */
function applyBasic(input: Tensor, indices: readonly ParsedIndex[]): { view: Tensor; advanced: Advanced } {
  const used = indices.reduce<number>((n, index) => n + dimensionsOf(index), 0);
  if (used > input.shape.length)
    throw new IndexError(
      input.shape.length === 0 && indices.length === 1
        ? zeroDimMessage(indices[0])
        : `too many indices for tensor of dimension ${input.shape.length}`,
    );
  let view = input;
  let dim = 0;
  let inputDim = 0;
  const advanced: Advanced = { dims: [], indices: [] };
  const gather = (places: Tensor) => {
    advanced.dims.push(dim++);
    advanced.indices.push(places);
  };
  for (const index of indices) {
    if (index === "...") dim += input.shape.length - used;
    else if (index === null) view = view.unsqueeze(dim++);
    else if (typeof index === "number") view = selectAt(view, dim, index, inputDim);
    else if (index instanceof Slice)
      view = coversAll(index, view.shape[dim]) ? view : sliceAt(view, dim, index);
    else if (index.dtype !== bool && index.dtype !== uint8) gather(index);
    else if (index.shape.length === 0) {
      // A single truth value keeps all or nothing, along a new dimension.
      view = view.unsqueeze(dim);
      gather(fromData(new Float64Array(index.item() ? 1 : 0), [index.item() ? 1 : 0], int64));
    } else for (const places of maskToPlaces(view, index, dim)) gather(places);
    if (index instanceof Slice) dim++;
    inputDim += index === "..." ? input.shape.length - used : dimensionsOf(index);
  }
  return { view, advanced };
}

function zeroDimMessage(index: ParsedIndex): string {
  return index instanceof Slice
    ? "slice() cannot be applied to a 0-dim tensor."
    : "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number";
}

function coversAll({ start, end, step }: Slice, size: number): boolean {
  return (start ?? 0) === 0 && (end ?? size) >= size && (step ?? 1) === 1;
}

function sliceAt(view: Tensor, dim: number, { start, end, step }: Slice): Tensor {
  if (view.shape.length === 0) throw new IndexError("slice() cannot be applied to a 0-dim tensor.");
  if (step === 0) throw new ValueError("slice step cannot be zero");
  if ((step ?? 1) < 0) throw new ValueError("step must be greater than zero");
  return view.slice(dim, start, end, step ?? 1);
}

/** @param inputDim What messages call the dimension: its place before others were taken away. */
function selectAt(view: Tensor, dim: number, index: number, inputDim: number): Tensor {
  return view.select(dim, wrapPlace(index, inputDim, view.shape[dim]));
}

/** A short list of lists, ranges or tensors stands for as many indices, as in old NumPy. */
function asSeveral(indices: readonly Index[]): readonly Index[] {
  const [only] = indices;
  if (indices.length !== 1 || !Array.isArray(only) || only.length >= 32) return indices;
  const isIndex = (each: unknown) =>
    Array.isArray(each) ||
    each instanceof Tensor ||
    each instanceof Slice ||
    each === null ||
    typeof each === "string";
  return only.some(isIndex) ? (only as Index[]) : indices;
}

type ParsedIndex = number | null | "..." | Slice | Tensor;

function dimensionsOf(index: ParsedIndex): number {
  if (index === null || index === "...") return 0;
  return index instanceof Tensor && (index.dtype === bool || index.dtype === uint8) ? index.shape.length : 1;
}

function parseIndex(index: Index): ParsedIndex {
  if (index === null || index instanceof Slice) return index;
  if (index instanceof Tensor) return placesOf(index);
  if (typeof index === "bigint") return Number(index);
  if (typeof index === "number") {
    if (Number.isInteger(index)) return index;
    throw new IndexError(`${INVALID} (got float)`);
  }
  if (typeof index === "boolean") return tensor(index);
  if (Array.isArray(index)) return listOfPlaces(index);
  if (typeof index === "string") return parseRange(index);
  throw new IndexError(`${INVALID} (got ${pythonTypeName(index)})`);
}

const INVALID =
  "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices";

/** A list of whole numbers names places, one of booleans is a mask. */
function listOfPlaces(list: readonly unknown[]): Tensor {
  const flat = list.flat(Number.POSITIVE_INFINITY);
  if (flat.some((v) => typeof v === "number" && !Number.isInteger(v)))
    throw new IndexError("tensors used as indices must be long, int, byte or bool tensors");
  const dtype = flat.some((v) => typeof v === "boolean") ? bool : int64;
  return tensor(list as TensorData, { dtype });
}

/** A 0-dim tensor of whole numbers selects as its number does. */
function placesOf(index: Tensor): number | Tensor {
  if (index.dtype.category === "float" || index.dtype === int8 || index.dtype === int16)
    if (index.shape.length > 0 || index.dtype.category === "float")
      throw new IndexError("tensors used as indices must be long, int, byte or bool tensors");
  if (index.shape.length === 0 && index.dtype.category === "int") return index.item();
  return index;
}

/** `"1:3"`, `"::2"`, `":"`, `"-1"` or `"..."`. */
function parseRange(text: string): ParsedIndex {
  if (text.trim() === "...") return "...";
  const parts = text.split(":").map((part) => part.trim());
  if (text.trim() === "" || parts.length > 3 || !parts.every((part) => /^(-?\d+)?$/.test(part)))
    throw new IndexError(`"${text}" is not an index: write a range such as "1:3", "::2" or ":", or "..."`);
  const [start, end, step] = parts.map((part) => (part === "" ? null : Number(part)));
  return parts.length === 1 ? start! : new Slice(start, end ?? null, step ?? null);
}

/** A mask is the list of places where it holds, one index tensor per dimension. */
function maskToPlaces(view: Tensor, mask: Tensor, dim: number): Tensor[] {
  mask.shape.forEach((size, i) => {
    if (size !== view.shape[dim + i])
      throw new IndexError(
        `The shape of the mask [${mask.shape.join(", ")}] at index ${i} does not match the shape of the indexed tensor [${view.shape.join(", ")}] at index ${dim + i}`,
      );
  });
  const places = mask.nonzero();
  const count = places.shape[0];
  return mask.shape.map((_, d) =>
    fromData(
      Float64Array.from({ length: count }, (_, i) => places.storage.data[i * mask.shape.length + d]),
      [count],
      int64,
    ),
  );
}
