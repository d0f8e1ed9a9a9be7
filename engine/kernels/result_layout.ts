import type { DType, TypedArray } from "../dtype";
import { contiguousStrides, isDense, isRowMajor, numel, type Shape, sameShape } from "../shape";
import { allocate, Storage } from "../storage";
import { fromData, scatter, stridesOf, Tensor } from "../tensor";

type Operand = Tensor | number;

/**
 * A tensor of `values`, row-major over `shape`, whose elements lie in memory as PyTorch lays out what it computes
 * of these operands element by element: in the order in which theirs do.
 */
export function laidOutAs(
  values: TypedArray,
  shape: number[],
  dtype: DType,
  a: Operand,
  b?: Operand,
  c?: Operand,
): Tensor {
  // Written out: nearly every call ends here.
  if (
    (typeof a === "number" || a.strides === null) &&
    (b === undefined || typeof b === "number" || b.strides === null) &&
    (c === undefined || typeof c === "number" || c.strides === null)
  )
    return fromData(values, shape, dtype);
  const operands = [a, b, c].filter((operand) => operand !== undefined && typeof operand !== "number");
  return withStrides(values, shape, dtype, stridesFor(shape, operands as Tensor[]));
}

/** A tensor of row-major `values` whose elements lie by `strides`, without gaps. */
export function withStrides(
  values: TypedArray,
  shape: number[],
  dtype: DType,
  strides: readonly number[],
): Tensor {
  if (isRowMajor(shape, strides)) return fromData(values, shape, dtype);
  const result = new Tensor(allocate(dtype, values.length), shape, dtype, strides);
  scatter(result, values);
  return result;
}

/** Memory of zeros whose elements lie in the order in which the input's do. Source: torch.empty_like. */
export function zerosLaidOutAs(input: Tensor, dtype: DType): Tensor {
  const { shape } = input;
  const data = new dtype.ArrayType(numel(shape));
  if (input.strides === null) return fromData(data, [...shape], dtype);
  const strides = stridesFor(shape, [input]);
  return new Tensor(new Storage(data), [...shape], dtype, isRowMajor(shape, strides) ? null : strides);
}

/** The steps of a result without gaps. Source: aten/src/ATen/TensorIterator.cpp, reorder_dimensions. */
export function stridesFor(shape: Shape, operands: readonly Tensor[]): number[] {
  const first = stridesOf(operands[0]);
  const isAlike = (operand: Tensor) =>
    sameShape(operand.shape, shape) && sameShape(stridesOf(operand), first);
  if (operands.every(isAlike) && isDense(shape, first)) return [...first];
  const steps = operands.map((operand) => stepsIn(shape, operand));
  const order = shape.map((_, d) => shape.length - 1 - d);
  for (let i = 1; i < order.length; i++)
    for (let j = i - 1, at = i; j >= 0; j--) {
      const comparison = compareDims(shape, steps, order[j], order[at]);
      if (comparison < 0) break;
      if (comparison === 0) continue;
      [order[j], order[at]] = [order[at], order[j]];
      at = j;
    }
  const strides = contiguousStrides(shape);
  let step = 1;
  for (const d of order) {
    strides[d] = step;
    step *= Math.max(shape[d], 1);
  }
  return isRowMajor(shape, strides) ? contiguousStrides(shape) : strides;
}

/** The operand's strides over the broadcast shape; 0 where it is repeated. */
function stepsIn(shape: Shape, operand: Tensor): number[] {
  const lead = shape.length - operand.shape.length;
  const strides = stridesOf(operand);
  const isWhole = sameShape(shape, operand.shape);
  return shape.map((size, d) => {
    if (isWhole) return strides[d];
    return d < lead || (operand.shape[d - lead] === 1 && size !== 1) ? 0 : strides[d - lead];
  });
}

/** Above 0 if `faster` should lie outside `slower`, below if not, 0 where no operand tells. */
function compareDims(shape: Shape, steps: readonly number[][], faster: number, slower: number): number {
  for (const strides of steps) {
    if (strides[faster] === 0 || strides[slower] === 0) continue;
    if (strides[faster] !== strides[slower]) return strides[faster] - strides[slower];
    if (shape[faster] > shape[slower]) return 1;
  }
  return 0;
}
