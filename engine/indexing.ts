import { tensor } from "./construct";
import { bool, int64 } from "./dtype";
import { IndexError } from "./errors";
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
export function getIndex(input: Tensor, indices: readonly Index[]): Tensor {
  const { view, advanced } = applyBasic(input, indices);
  if (advanced.dims.length > 0) return view._index(advanced.dims, advanced.indices);
  // `x[...]` and `x[:]` are new tensors on the same memory.
  return view === input ? input.slice(0) : view;
}

/** `input[indices] = value` as in Python: in place, the value broadcast and cast. */
export function setIndex(input: Tensor, indices: readonly Index[], value: Tensor | number | boolean): void {
  const { view, advanced } = applyBasic(input, indices);
  const source = value instanceof Tensor ? value.to(input.dtype) : input.new_full([], Number(value));
  if (advanced.dims.length > 0) view._index_put_(advanced.dims, advanced.indices, source);
  else if (value instanceof Tensor) view.copy_(withoutLeadingOnes(source, view.shape.length));
  else view.fill_(Number(value));
}

/** Assignment, unlike broadcasting, drops leading dimensions of size 1. */
function withoutLeadingOnes(source: Tensor, ndim: number): Tensor {
  let result = source;
  while (result.shape.length > ndim && result.shape[0] === 1) result = result.squeeze(0);
  return result;
}

/** Applies what gives views and collects what gathers, by dimension of the resulting view. */
function applyBasic(input: Tensor, given: readonly Index[]): { view: Tensor; advanced: Advanced } {
  const indices = given.map(parseIndex);
  const used = indices.reduce<number>((n, index) => n + dimensionsOf(index), 0);
  if (used > input.shape.length)
    throw new IndexError(`too many indices for tensor of dimension ${input.shape.length}`);
  let view = input;
  let dim = 0;
  const advanced: Advanced = { dims: [], indices: [] };
  for (const index of indices) {
    if (index === "...") dim += input.shape.length - used;
    else if (index === null) view = view.unsqueeze(dim++);
    else if (typeof index === "number") view = selectAt(view, dim, index);
    else if (index instanceof Slice) {
      if (index.start !== null || index.end !== null || index.step !== null)
        view = view.slice(dim, index.start, index.end, index.step ?? 1);
      dim++;
    } else if (index.dtype === bool) {
      for (const places of maskToPlaces(view, index, dim)) {
        advanced.dims.push(dim++);
        advanced.indices.push(places);
      }
    } else {
      advanced.dims.push(dim++);
      advanced.indices.push(index);
    }
  }
  return { view, advanced };
}

function selectAt(view: Tensor, dim: number, index: number): Tensor {
  const size = view.shape[dim];
  if (size === undefined)
    throw new IndexError(
      "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number",
    );
  if (index < -size || index >= size)
    throw new IndexError(`index ${index} is out of bounds for dimension ${dim} with size ${size}`);
  return view.select(dim, index);
}

type ParsedIndex = number | null | "..." | Slice | Tensor;

function dimensionsOf(index: ParsedIndex): number {
  if (index === null || index === "...") return 0;
  return index instanceof Tensor && index.dtype === bool ? index.shape.length : 1;
}

function parseIndex(index: Index): ParsedIndex {
  if (index === null || index instanceof Slice || index instanceof Tensor) return integerTensor(index);
  if (typeof index === "bigint") return Number(index);
  if (typeof index === "number") {
    if (Number.isInteger(index)) return index;
    throw new IndexError(`tensor indices must be whole numbers, not ${index}`);
  }
  if (typeof index === "boolean") return tensor(index);
  if (Array.isArray(index))
    return integerTensor(
      tensor(index, {
        dtype: index.flat(Number.POSITIVE_INFINITY).some((v) => typeof v === "boolean") ? bool : int64,
      }),
    );
  if (typeof index === "string") return parseRange(index);
  throw new IndexError(
    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices",
  );
}

function integerTensor<T extends null | Slice | Tensor>(index: T): T {
  if (index instanceof Tensor && index.dtype.category === "float")
    throw new IndexError("tensors used as indices must be long, int, byte or bool tensors");
  return index;
}

const RANGE = /^\s*(-?\d+)?\s*(:)?\s*(-?\d+)?\s*(?::\s*(-?\d+)?)?\s*$/;

/** `"1:3"`, `"::2"`, `":"`, `"-1"` or `"..."`. */
function parseRange(text: string): ParsedIndex {
  if (text.trim() === "...") return "...";
  const match = RANGE.exec(text);
  if (match === null || text.trim() === "")
    throw new IndexError(`"${text}" is not an index: write a range such as "1:3", "::2" or ":", or "..."`);
  const number = (part: string | undefined) => (part === undefined ? null : Number(part));
  if (match[2] === undefined) return Number(match[1]);
  return new Slice(number(match[1]), number(match[3]), number(match[4]));
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
