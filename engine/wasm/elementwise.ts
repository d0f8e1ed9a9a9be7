import type { TypedArray } from "../dtype";
import { after, type Kernels, kernelsFor, part } from "./kernels";

/** Functions of one float that have a kernel. */
export type Unary = "relu" | "neg" | "abs" | "sqrt" | "square" | "exp" | "log" | "tanh" | "sigmoid";
/** Operations on two; each has kernels for arrays and for an array with a number. */
export type Operation = "add" | "sub" | "mul" | "div";

/**
 * Elements from which on kernels are faster. They work on pieces that stay in the second-level cache, where
 * copying costs little beside what main memory takes for the same elements.
 */
const LARGE = 2048;
const PIECE = 16384;

/** out = f(x). False where plain loops are to do it. */
export function unary(name: Unary, x: TypedArray, out: TypedArray): boolean {
  if (!(x instanceof Float32Array && out instanceof Float32Array)) return false;
  const n = x.length;
  const kernels = kernelsFor(n, LARGE);
  if (kernels === null) return false;
  const { a, to } = places(kernels);
  for (let i = 0; i < n; i += PIECE) {
    const count = Math.min(PIECE, n - i);
    kernels.write(part(x, i, i + count), a);
    kernels.run[name](count, a, to);
    kernels.read(to, count, out, i);
  }
  return true;
}

/** out = x ∘ y; numbers are such as a float32 holds. False where plain loops are to do it. */
export function binary(
  operation: Operation,
  x: TypedArray | number,
  y: TypedArray | number,
  out: TypedArray,
): boolean {
  if (!(out instanceof Float32Array)) return false;
  const kernels = kernelsFor(out.length, LARGE);
  if (kernels === null) return false;
  if (typeof x === "number") numberFirst(kernels, operation, x, y as Float32Array, out);
  else if (typeof y === "number") numberSecond(kernels, operation, x as Float32Array, y, out);
  else arrays(kernels, operation, x as Float32Array, y as Float32Array, out);
  return true;
}

function arrays(
  kernels: Kernels,
  operation: Operation | "reluGrad",
  x: Float32Array,
  y: Float32Array,
  out: Float32Array,
): void {
  const { a, b, to } = places(kernels);
  for (let i = 0; i < out.length; i += PIECE) {
    const count = Math.min(PIECE, out.length - i);
    kernels.write(part(x, i, i + count), a);
    kernels.write(part(y, i, i + count), b);
    kernels.run[operation](count, a, b, to);
    kernels.read(to, count, out, i);
  }
}

function numberSecond(
  kernels: Kernels,
  operation: Operation,
  x: Float32Array,
  y: number,
  out: Float32Array,
): void {
  const { number, a, to } = places(kernels);
  kernels.floats[number >> 2] = operation === "sub" ? -y : y;
  for (let i = 0; i < out.length; i += PIECE) {
    const count = Math.min(PIECE, out.length - i);
    kernels.write(part(x, i, i + count), a);
    if (operation === "mul") kernels.run.mulNumber(count, a, number, to);
    else if (operation === "div") kernels.run.divNumber(count, a, number, to);
    else kernels.run.addNumber(count, a, number, to);
    kernels.read(to, count, out, i);
  }
}

function numberFirst(
  kernels: Kernels,
  operation: Operation,
  x: number,
  y: Float32Array,
  out: Float32Array,
): void {
  if (operation === "add" || operation === "mul") {
    numberSecond(kernels, operation, y, x, out);
    return;
  }
  const { number, b, to } = places(kernels);
  kernels.floats[number >> 2] = x;
  for (let i = 0; i < out.length; i += PIECE) {
    const count = Math.min(PIECE, out.length - i);
    kernels.write(part(y, i, i + count), b);
    if (operation === "div") kernels.run.divInto(count, number, b, to);
    else kernels.run.subFrom(count, number, b, to);
    kernels.read(to, count, out, i);
  }
}

/** out = grad where `result` is not 0 (or NaN), else 0. False where plain loops are to do it. */
export function reluGrad(grad: TypedArray, result: TypedArray, out: TypedArray): boolean {
  if (!(out instanceof Float32Array)) return false;
  const kernels = kernelsFor(out.length, LARGE);
  if (kernels !== null) arrays(kernels, "reluGrad", grad as Float32Array, result as Float32Array, out);
  return kernels !== null;
}

/** out = grad times the slope of tanh or sigmoid where it gave `result`. False where plain loops are to do it. */
export function slopeGrad(
  name: "tanhGrad" | "sigmoidGrad",
  grad: TypedArray,
  result: TypedArray,
  out: TypedArray,
): boolean {
  if (!(out instanceof Float32Array)) return false;
  const kernels = kernelsFor(out.length, LARGE);
  if (kernels === null) return false;
  const { number, a, b, to } = places(kernels);
  kernels.floats[number >> 2] = 1;
  for (let i = 0; i < out.length; i += PIECE) {
    const count = Math.min(PIECE, out.length - i);
    kernels.write(part(grad as Float32Array, i, i + count), a);
    kernels.write(part(result as Float32Array, i, i + count), b);
    kernels.run[name](count, a, b, number, to);
    kernels.read(to, count, out, i);
  }
  return true;
}

/** out = x + scale · y, rounded once. False where plain loops are to do it. */
export function addScaled(x: TypedArray, scale: number, y: TypedArray, out: TypedArray): boolean {
  if (!(out instanceof Float32Array)) return false;
  const kernels = kernelsFor(out.length, LARGE);
  if (kernels === null) return false;
  const { number, a, b, to } = places(kernels);
  kernels.doubles[number >> 3] = scale;
  for (let i = 0; i < out.length; i += PIECE) {
    const count = Math.min(PIECE, out.length - i);
    kernels.write(part(x as Float32Array, i, i + count), a);
    kernels.write(part(y as Float32Array, i, i + count), b);
    kernels.run.addScaled(count, a, number, b, to);
    kernels.read(to, count, out, i);
  }
  return true;
}

/** Where a number, two operands and a result lie. */
function places(kernels: Kernels): { number: number; a: number; b: number; to: number } {
  const number = kernels.base;
  const a = after(number, 2);
  const b = after(a, PIECE);
  const to = after(b, PIECE);
  kernels.reserve(after(to, PIECE));
  return { number, a, b, to };
}
