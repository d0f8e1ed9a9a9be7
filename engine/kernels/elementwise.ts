import {
  bool,
  combineStanding,
  type DType,
  defaultDType,
  dtypeOfNumber,
  float32,
  float64,
  int64,
  promoteTypes,
  type TypedArray,
  uint8,
} from "../dtype";
import { NotImplementedError, RuntimeError } from "../errors";
import { broadcastShapes, expandStrides, numel, sameShape } from "../shape";
import { elements, gather, stridesOf, type Tensor } from "../tensor";
import { type Unary, unary } from "../wasm/elementwise";
import { laidOutAs } from "./result_layout";

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
  return combineStanding(dims, combineStanding(zeroDim, numbers)) ?? defaultDType.current;
}

function promote(a: DType | null, b: DType): DType {
  return a === null ? b : promoteTypes(a, b);
}

/** `resultType` of two operands; what nearly every call meets, equal or floating types, is decided at once. */
export function pairType(a: Operand, b: Operand): DType {
  if (typeof a === "number") {
    if (typeof b !== "number" && b.dtype.category === "float") return b.dtype;
  } else if (typeof b === "number") {
    if (a.dtype.category === "float") return a.dtype;
  } else if (a.dtype === b.dtype) return a.dtype;
  return resultType(a, b);
}

/** The dtype of a function that leaves the integers, such as a quotient or a sine. */
export function floating(dtype: DType): DType {
  return dtype.category === "float" ? dtype : defaultDType.current;
}

/** A number as an operand of that dtype has it: `0.1` beside float32 is the nearest float32. */
export function asOperand(value: number, dtype: DType): number {
  if (dtype === float32) return Math.fround(value);
  return dtype.category === "float" ? value : wrapInteger(Math.trunc(value), dtype);
}

/** What is left of an integer in a type of fewer bits: −2 beside uint8 is 254. */
function wrapInteger(value: number, dtype: DType): number {
  if (dtype.itemsize === 8) return value;
  if (dtype === uint8) return value & 0xff;
  const unused = 32 - 8 * dtype.itemsize;
  return (value << unused) >> unused;
}

/** Throws PyTorch's refusal where a kernel does not exist for a type. */
export function refuseBool(kernel: string, dtype: DType): void {
  if (dtype === bool) throw notImplementedFor(kernel, dtype);
}

/** Likewise, for kernels of floating types only. */
export function refuseIntegers(kernel: string, dtype: DType): void {
  if (dtype.category !== "float") throw notImplementedFor(kernel, dtype);
}

/** Likewise, for kernels of integers (and booleans) only. */
export function refuseFloats(kernel: string, dtype: DType): void {
  if (dtype.category === "float") throw notImplementedFor(kernel, dtype);
}

function notImplementedFor(kernel: string, dtype: DType): NotImplementedError {
  return new NotImplementedError(`"${kernel}" not implemented for '${dtype.scalarTypeName}'`);
}

/** Applies `f` to every element; the result has `dtype`. Where `f` has a kernel, that is its name. */
export function map(
  input: Tensor,
  f: (x: number) => number,
  dtype: DType = input.dtype,
  kernel?: Unary,
): Tensor {
  const from = operandElements(input, dtype === float32 ? float32 : input.dtype);
  const out = new dtype.ArrayType(from.length, false);
  if (kernel !== undefined && unary(kernel, from, out)) return laidOutAs(out, input.shape, dtype, input);
  for (let i = 0; i < from.length; i++) out[i] = f(from[i]);
  return laidOutAs(checkInteger(out, dtype), input.shape, dtype, input);
}

/** As `map`; integers become float32 first. */
export function mapFloat(input: Tensor, f: (x: number) => number, kernel?: Unary): Tensor {
  return map(input, f, floating(input.dtype), kernel);
}

/** Whether each element satisfies `f`: a bool tensor. */
export function test(input: Tensor, f: (x: number) => boolean): Tensor {
  const from = elements(input);
  const out = new bool.ArrayType(from.length);
  for (let i = 0; i < from.length; i++) out[i] = f(from[i]) ? 1 : 0;
  return laidOutAs(out, input.shape, bool, input);
}

/** Applies `f` to every pair of broadcast elements; operands meet in `compute`, the result has `dtype`. */
export function zip(
  a: Operand,
  b: Operand,
  f: (x: number, y: number) => number,
  compute: DType = pairType(a, b),
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
  return laidOutAs(checkInteger(out, dtype), shape, dtype, a, b);
}

/** As `zip`; integers become float32 first. */
export function zipFloat(a: Operand, b: Operand, f: (x: number, y: number) => number): Tensor {
  return zip(a, b, f, floating(pairType(a, b)));
}

/** Whether each pair satisfies `f`: a bool tensor. */
export function zipTest(a: Operand, b: Operand, f: (x: number, y: number) => boolean): Tensor {
  const { shape, left, right } = align(a, b, pairType(a, b));
  const n = numel(shape);
  const out = new bool.ArrayType(n);
  if (typeof left === "number") {
    const y = right as TypedArray;
    for (let i = 0; i < n; i++) out[i] = f(left, y[i]) ? 1 : 0;
  } else if (typeof right === "number") {
    for (let i = 0; i < n; i++) out[i] = f(left[i], right) ? 1 : 0;
  } else {
    for (let i = 0; i < n; i++) out[i] = f(left[i], right[i]) ? 1 : 0;
  }
  return laidOutAs(out, shape, bool, a, b);
}

/** Three operands, broadcast together. The result has the dtype in which they meet unless another is given. */
export function zip3(
  a: Operand,
  b: Operand,
  c: Operand,
  f: (x: number, y: number, z: number) => number,
  dtype: DType = resultType(a, b, c),
): Tensor {
  const shape = commonShape(commonShape(shapeOf(a), shapeOf(b)), shapeOf(c));
  const n = numel(shape);
  const x = spread(a, shape, dtype);
  const y = spread(b, shape, dtype);
  const z = spread(c, shape, dtype);
  // One value for all is an array of one element, which every step reads again.
  const dx = step(x, n);
  const dy = step(y, n);
  const dz = step(z, n);
  const out = new dtype.ArrayType(n);
  for (let i = 0, ix = 0, iy = 0, iz = 0; i < n; i++, ix += dx, iy += dy, iz += dz)
    out[i] = f(x[ix], y[iy], z[iz]);
  return laidOutAs(checkInteger(out, dtype), shape, dtype, a, b, c);
}

/** Elements of `a` where `condition` is not 0, of `b` elsewhere, broadcast together. */
export function select(condition: Tensor, a: Operand, b: Operand, dtype: DType): Tensor {
  const shape = commonShape(commonShape(condition.shape, shapeOf(a)), shapeOf(b));
  const n = numel(shape);
  const c = spread(condition, shape, condition.dtype);
  const x = spread(a, shape, dtype);
  const y = spread(b, shape, dtype);
  const dc = step(c, n);
  const dx = step(x, n);
  const dy = step(y, n);
  const out = new dtype.ArrayType(n);
  if (c instanceof Uint8Array && x instanceof Float32Array && y instanceof Float32Array)
    selectFloats(c, dc, x, dx, y, dy, out as Float32Array);
  else
    for (let i = 0, ic = 0, ix = 0, iy = 0; i < n; i++, ic += dc, ix += dx, iy += dy)
      out[i] = c[ic] !== 0 ? x[ix] : y[iy];
  return laidOutAs(out, shape, dtype, condition, a, b);
}

/** A loop of its own for what nearly every choice is among, which stays fast where others have been seen. */
function selectFloats(
  c: Uint8Array,
  dc: number,
  x: Float32Array,
  dx: number,
  y: Float32Array,
  dy: number,
  out: Float32Array,
): void {
  for (let i = 0, ic = 0, ix = 0, iy = 0; i < out.length; i++, ic += dc, ix += dx, iy += dy)
    out[i] = c[ic] !== 0 ? x[ix] : y[iy];
}

const SCALAR_SHAPE: readonly number[] = [];

function shapeOf(operand: Operand): readonly number[] {
  return typeof operand === "number" ? SCALAR_SHAPE : operand.shape;
}

function commonShape(a: readonly number[], b: readonly number[]): number[] {
  return sameShape(a, b) ? (a as number[]) : broadcastShapes(a, b);
}

/** The operand's elements in `shape`, as `dtype` has them; an array of one stands for the same everywhere. */
function spread(operand: Operand, shape: readonly number[], dtype: DType): TypedArray {
  if (typeof operand !== "number") {
    const values = operandElements(operand, dtype);
    return values.length === 1 || sameShape(operand.shape, shape) ? values : expanded(operand, shape, dtype);
  }
  const one = new dtype.ArrayType(1);
  one[0] = asOperand(operand, dtype);
  return one;
}

function step(values: TypedArray, n: number): number {
  return values.length === 1 && n !== 1 ? 0 : 1;
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
    if (typeof b === "number") throw new TypeError("one of two operands must be a Tensor, not both numbers");
    const t = b;
    return { shape: t.shape, left: asOperand(a, compute), right: operandElements(t, compute) };
  }
  if (typeof b === "number")
    return { shape: a.shape, left: operandElements(a, compute), right: asOperand(b, compute) };
  if (sameShape(a.shape, b.shape)) {
    if (isOneForAll(b))
      return { shape: a.shape, left: operandElements(a, compute), right: oneOf(b, compute) };
    if (isOneForAll(a))
      return { shape: a.shape, left: oneOf(a, compute), right: operandElements(b, compute) };
    return { shape: a.shape, left: operandElements(a, compute), right: operandElements(b, compute) };
  }
  const shape = broadcastShapes(a.shape, b.shape);
  if (numel(shape) > 0) {
    if (numel(b.shape) === 1)
      return { shape, left: expanded(a, shape, compute), right: operandElements(b, compute)[0] };
    if (numel(a.shape) === 1)
      return { shape, left: operandElements(a, compute)[0], right: expanded(b, shape, compute) };
  }
  return { shape, left: expanded(a, shape, compute), right: expanded(b, shape, compute) };
}

/** Whether all elements are one in memory, as of a gradient that a sum spreads. */
function isOneForAll({ strides, shape }: Tensor): boolean {
  return strides !== null && strides.length > 0 && !strides.some((step) => step !== 0) && numel(shape) > 0;
}

function oneOf({ storage, offset, dtype }: Tensor, compute: DType): number {
  const one = storage.data.subarray(offset, offset + 1);
  return (dtype === compute ? one : cast(one, compute))[0];
}

/** The elements of `t`, row-major, rounded to what `compute` holds where that is less than `t` does. */
function operandElements(t: Tensor, compute: DType): TypedArray {
  const values = elements(t);
  return t.dtype === compute ? values : cast(values, compute);
}

function cast(values: TypedArray, compute: DType): TypedArray {
  // Doubles hold every type exactly, and a bool's array cannot hold other integers.
  if (compute === float64 || compute === int64 || compute === bool) return values;
  if (values instanceof compute.ArrayType) return values;
  const out = new compute.ArrayType(values.length);
  out.set(values);
  return out;
}

/** The elements of `t` broadcast to `shape`, row-major. */
export function expanded(t: Tensor, shape: readonly number[], compute: DType = t.dtype): TypedArray {
  if (sameShape(t.shape, shape)) return operandElements(t, compute);
  const strides = expandStrides(t.shape, stridesOf(t), shape)!;
  const values = gather(t, shape, strides, new t.dtype.ArrayType(numel(shape)));
  return t.dtype === compute ? values : cast(values, compute);
}

const MAX_INTEGER = 2 ** 53;

/** int64 lives in doubles: refuses what they cannot hold exactly instead of rounding it. */
export function checkInteger(out: TypedArray, dtype: DType): TypedArray {
  if (dtype !== int64) return out;
  for (let i = 0; i < out.length; i++) {
    if (!(Math.abs(out[i]) <= MAX_INTEGER))
      throw new RuntimeError(
        `int64 result ${out[i]} is outside ±2**53, the range in which integers are exact here`,
      );
    // Integers have no −0, and a fraction that is left is cut off.
    out[i] = Math.trunc(out[i]) + 0;
  }
  return out;
}
