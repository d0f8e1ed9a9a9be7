import type { DType, TypedArray } from "../dtype";
import { numel } from "../shape";
import { fromData, type Tensor } from "../tensor";
import { align, checkInteger, floating, type Operand, resultType } from "./elementwise";

// The four operations that programs spend their time in have loops of their own, so that the engine can
// compile each of them for its operands instead of calling a function per element.

export function add(a: Operand, b: Operand): Tensor {
  const dtype = resultType(a, b);
  const { shape, left, right } = align(a, b, dtype);
  const out = new dtype.ArrayType(numel(shape));
  if (typeof left === "number") addScalar(right as TypedArray, left, out);
  else if (typeof right === "number") addScalar(left, right, out);
  else for (let i = 0; i < out.length; i++) out[i] = left[i] + right[i];
  return finish(out, shape, dtype);
}

function addScalar(x: TypedArray, y: number, out: TypedArray): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] + y;
}

/** a − b */
export function sub(a: Operand, b: Operand): Tensor {
  const dtype = resultType(a, b);
  const { shape, left, right } = align(a, b, dtype);
  const out = new dtype.ArrayType(numel(shape));
  if (typeof left === "number") {
    const y = right as TypedArray;
    for (let i = 0; i < out.length; i++) out[i] = left - y[i];
  } else if (typeof right === "number") addScalar(left, -right, out);
  else for (let i = 0; i < out.length; i++) out[i] = left[i] - right[i];
  return finish(out, shape, dtype);
}

export function mul(a: Operand, b: Operand): Tensor {
  const dtype = resultType(a, b);
  const { shape, left, right } = align(a, b, dtype);
  const out = new dtype.ArrayType(numel(shape));
  if (typeof left === "number") mulScalar(right as TypedArray, left, out);
  else if (typeof right === "number") mulScalar(left, right, out);
  else for (let i = 0; i < out.length; i++) out[i] = left[i] * right[i];
  return finish(out, shape, dtype);
}

function mulScalar(x: TypedArray, y: number, out: TypedArray): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] * y;
}

/** a / b, always floating. */
export function div(a: Operand, b: Operand): Tensor {
  const dtype = floating(resultType(a, b));
  const { shape, left, right } = align(a, b, dtype);
  const out = new dtype.ArrayType(numel(shape));
  if (typeof left === "number") {
    const y = right as TypedArray;
    for (let i = 0; i < out.length; i++) out[i] = left / y[i];
  } else if (typeof right === "number") for (let i = 0; i < out.length; i++) out[i] = left[i] / right;
  else for (let i = 0; i < out.length; i++) out[i] = left[i] / right[i];
  return finish(out, shape, dtype);
}

/** a + alpha · b in one rounding, as a fused multiply-add gives it. */
export function addScaled(a: Operand, b: Operand, alpha: number): Tensor {
  const dtype = resultType(a, b);
  const { shape, left, right } = align(a, b, dtype);
  const scale = dtype.name === "float32" ? Math.fround(alpha) : alpha;
  const out = new dtype.ArrayType(numel(shape));
  if (typeof left === "number") {
    const y = right as TypedArray;
    for (let i = 0; i < out.length; i++) out[i] = left + scale * y[i];
  } else if (typeof right === "number") addScalar(left, scale * right, out);
  else for (let i = 0; i < out.length; i++) out[i] = left[i] + scale * right[i];
  return finish(out, shape, dtype);
}

function finish(out: TypedArray, shape: number[], dtype: DType): Tensor {
  return fromData(checkInteger(out, dtype), shape, dtype);
}
