import type { DType, TypedArray } from "../dtype";
import { numel, reducedDims, type Shape } from "../shape";
import { elements, fromData, gather, stridesOf, type Tensor } from "../tensor";

export type Dims = number | readonly number[] | null;

/** The shape after reducing `dims`, which stay with size 1 if `keepdim`. */
export function reducedShape(shape: Shape, dims: Dims, keepdim: boolean): number[] {
  const mask = reducedDims(dims, shape.length);
  const result: number[] = [];
  shape.forEach((size, d) => {
    if (!mask[d]) result.push(size);
    else if (keepdim) result.push(1);
  });
  return result;
}

/**
 * Lays `input` out as rows of the elements that are reduced together: `rows × count`, row-major, rows in
 * the order of the remaining dimensions.
 */
export function rowsOf(input: Tensor, dims: Dims): { data: TypedArray; rows: number; count: number } {
  const mask = reducedDims(dims, input.shape.length);
  const strides = stridesOf(input);
  const keep = mask.flatMap((reduced, d) => (reduced ? [] : [d]));
  const drop = mask.flatMap((reduced, d) => (reduced ? [d] : []));
  const rows = numel(keep.map((d) => input.shape[d]));
  const count = numel(drop.map((d) => input.shape[d]));
  const order = [...keep, ...drop];
  if (order.every((d, i) => d === i)) return { data: elements(input), rows, count };
  const data = new input.dtype.ArrayType(rows * count);
  gather(
    input,
    order.map((d) => input.shape[d]),
    order.map((d) => strides[d]),
    data,
  );
  return { data, rows, count };
}

/** Reduces each row with `f`; the result has `dtype`. */
export function reduce(
  input: Tensor,
  dims: Dims,
  keepdim: boolean,
  dtype: DType,
  f: (data: TypedArray, start: number, end: number) => number,
): Tensor {
  const { data, rows, count } = rowsOf(input, dims);
  const out = new dtype.ArrayType(rows);
  for (let r = 0; r < rows; r++) out[r] = f(data, r * count, (r + 1) * count);
  return fromData(out, reducedShape(input.shape, dims, keepdim), dtype);
}

/** Sums in double precision: closer to the true sum than any order of float32 additions. */
export function sumRow(data: TypedArray, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += data[i];
  return sum;
}
