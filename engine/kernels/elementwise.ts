import {
  bool,
  combineStanding,
  type DType,
  dtypeOfNumber,
  float32,
  int64,
  promoteTypes,
  type TypedArray,
} from "../dtype";
import { RuntimeError } from "../errors";
import { broadcastShapes, expandStrides, numel, sameShape } from "../shape";
import { elements, fromData, gather, stridesOf, type Tensor } from "../tensor";

/** A tensor or a number beside one. */
export type Operand = Tensor | number;

/** The dtype in which operands meet, by PyTorch's promotion rules. Source: torch.result_type. */
export function resultType(...operands: readonly Operand[]): DType {
  let dims: DType | null = null;
  let zeroDim: DType | null = null;
  let numbers: DType | null = null;
  for (const operand of operands) {
    if (typeof operand === "number") numbers = promote(numbers, dtypeOfNumber(operand));
    else if (operand.shape.length > 0) dims = promote(dims, operand.dtype);
    else zeroDim = promote(zeroDim, operand.dtype);
  }
  return combineStanding(dims, combineStanding(zeroDim, numbers)) ?? float32;
}

function promote(a: DType | null, b: DType): DType {
  return a === null ? b : promoteTypes(a, b);
}

/** The dtype of a function that leaves the integers, such as a quotient or a sine. */
export function floating(dtype: DType): DType {
  return dtype.category === "float" ? dtype : float32;
}

/** A number as an operand of that dtype has it: `0.1` beside float32 is the nearest float32. */
export function asOperand(value: number, dtype: DType): number {
  if (dtype === float32) return Math.fround(value);
  return dtype.category === "float" ? value : Math.trunc(value);
}

/** Applies `f` to every element; the result has `dtype`. */
export function map(input: Tensor, f: (x: number) => number, dtype: DType = input.dtype): Tensor {
  const from = elements(input);
  const out = new dtype.ArrayType(from.length);
  for (let i = 0; i < from.length; i++) out[i] = f(from[i]);
  return fromData(checkInteger(out, dtype), input.shape, dtype);
}

/** As `map`; integers become float32 first. */
export function mapFloat(input: Tensor, f: (x: number) => number): Tensor {
  return map(input, f, floating(input.dtype));
}

/** Whether each element satisfies `f`: a bool tensor. */
export function test(input: Tensor, f: (x: number) => boolean): Tensor {
  return map(input, (x) => (f(x) ? 1 : 0), bool);
}

/** Applies `f` to every pair of broadcast elements; operands meet in `compute`, the result has `dtype`. */
export function zip(
  a: Operand,
  b: Operand,
  f: (x: number, y: number) => number,
  compute: DType = resultType(a, b),
  dtype: DType = compute,
): Tensor {
  const { shape, left, right } = align(a, b, compute);
  const n = numel(shape);
  const out = new dtype.ArrayType(n);
  if (typeof left === "number") {
    const y = right as TypedArray;
    for (let i = 0; i < n; i++) out[i] = f(left, y[i]);
  } else if (typeof right === "number") {
    for (let i = 0; i < n; i++) out[i] = f(left[i], right);
  } else {
    for (let i = 0; i < n; i++) out[i] = f(left[i], right[i]);
  }
  return fromData(checkInteger(out, dtype), shape, dtype);
}

/** Whether each pair satisfies `f`: a bool tensor. */
export function zipTest(a: Operand, b: Operand, f: (x: number, y: number) => boolean): Tensor {
  return zip(a, b, (x, y) => (f(x, y) ? 1 : 0), resultType(a, b), bool);
}

/** Three operands, broadcast together. The result has the dtype in which they meet unless another is given. */
export function zip3(
  a: Operand,
  b: Operand,
  c: Operand,
  f: (x: number, y: number, z: number) => number,
  dtype: DType = resultType(a, b, c),
): Tensor {
  const shape = [a, b, c].reduce<number[]>(
    (s, t) => (typeof t === "number" ? s : broadcastShapes(s, t.shape)),
    [],
  );
  const [x, y, z] = [a, b, c].map((t) =>
    typeof t === "number" ? filled(asOperand(t, dtype), shape) : expanded(t, shape),
  );
  const out = new dtype.ArrayType(x.length);
  for (let i = 0; i < out.length; i++) out[i] = f(x[i], y[i], z[i]);
  return fromData(checkInteger(out, dtype), shape, dtype);
}

function filled(value: number, shape: readonly number[]): Float64Array {
  return new Float64Array(numel(shape)).fill(value);
}

/** What two operands look like element by element: the broadcast shape, and arrays of it or single numbers. */
export interface Aligned {
  shape: number[];
  left: TypedArray | number;
  right: TypedArray | number;
}

/** Brings two operands to their broadcast shape without copying what already has it. At most one is a number. */
export function align(a: Operand, b: Operand, compute: DType): Aligned {
  if (typeof a === "number") {
    const t = b as Tensor;
    return { shape: t.shape, left: asOperand(a, compute), right: elements(t) };
  }
  if (typeof b === "number") return { shape: a.shape, left: elements(a), right: asOperand(b, compute) };
  if (sameShape(a.shape, b.shape)) return { shape: a.shape, left: elements(a), right: elements(b) };
  const shape = broadcastShapes(a.shape, b.shape);
  const single = numel(shape);
  if (single > 0 && numel(b.shape) === 1) return { shape, left: expanded(a, shape), right: elements(b)[0] };
  if (single > 0 && numel(a.shape) === 1) return { shape, left: elements(a)[0], right: expanded(b, shape) };
  return { shape, left: expanded(a, shape), right: expanded(b, shape) };
}

/** The elements of `t` broadcast to `shape`, row-major. */
export function expanded(t: Tensor, shape: readonly number[]): TypedArray {
  if (sameShape(t.shape, shape)) return elements(t);
  const strides = expandStrides(t.shape, stridesOf(t), shape)!;
  return gather(t, shape, strides, new t.dtype.ArrayType(numel(shape)));
}

const MAX_INTEGER = 2 ** 53;

/** int64 lives in doubles: refuses what they cannot hold exactly instead of rounding it. */
export function checkInteger(out: TypedArray, dtype: DType): TypedArray {
  if (dtype !== int64) return out;
  for (let i = 0; i < out.length; i++)
    if (!(Math.abs(out[i]) <= MAX_INTEGER))
      throw new RuntimeError(
        `int64 result ${out[i]} is outside ±2**53, the range in which integers are exact here`,
      );
  return out;
}
