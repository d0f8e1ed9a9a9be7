import { bool, type DType, int32, type TypedArray } from "../dtype";
import { RuntimeError } from "../errors";
import { numel } from "../shape";
import type { Tensor } from "../tensor";
import * as wasm from "../wasm/elementwise";
import {
  align,
  asOperand,
  checkInteger,
  floating,
  type Operand,
  pairType,
  refuseBool,
  zip,
} from "./elementwise";
import { laidOutAs } from "./result_layout";

// The four operations that programs spend their time in have loops of their own, so that the engine can
// compile each of them for its operands instead of calling a function per element.

export function add(a: Operand, b: Operand): Tensor {
  const dtype = pairType(a, b);
  const { shape, left, right } = align(a, b, dtype);
  const out = new dtype.ArrayType(numel(shape), false);
  if (wasm.binary("add", left, right, out)) return laidOutAs(out, shape, dtype, a, b);
  if (typeof left === "number") addScalar(right as TypedArray, left, out);
  else if (typeof right === "number") addScalar(left, right, out);
  else for (let i = 0; i < out.length; i++) out[i] = left[i] + right[i];
  return finish(out, shape, dtype, a, b);
}

function addScalar(x: TypedArray, y: number, out: TypedArray): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] + y;
}

/** a − b; booleans are refused, as in PyTorch. */
export function sub(a: Operand, b: Operand): Tensor {
  refuseBoolSubtraction(a, b);
  const dtype = pairType(a, b);
  const { shape, left, right } = align(a, b, dtype);
  const out = new dtype.ArrayType(numel(shape), false);
  if (wasm.binary("sub", left, right, out)) return laidOutAs(out, shape, dtype, a, b);
  if (typeof left === "number") {
    const y = right as TypedArray;
    for (let i = 0; i < out.length; i++) out[i] = left - y[i];
  } else if (typeof right === "number") addScalar(left, -right, out);
  else for (let i = 0; i < out.length; i++) out[i] = left[i] - right[i];
  return finish(out, shape, dtype, a, b);
}

export function refuseBoolSubtraction(a: Operand, b: Operand): void {
  const first = typeof a !== "number" && a.dtype === bool;
  const second = typeof b !== "number" && b.dtype === bool;
  if (first && second)
    throw new RuntimeError(
      "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.",
    );
  if (first || second)
    throw new RuntimeError(
      "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
    );
}

export function mul(a: Operand, b: Operand): Tensor {
  const dtype = pairType(a, b);
  // A product of two int32 can need more bits than a double has.
  if (dtype === int32) return zip(a, b, Math.imul, int32);
  const { shape, left, right } = align(a, b, dtype);
  const out = new dtype.ArrayType(numel(shape), false);
  if (wasm.binary("mul", left, right, out)) return laidOutAs(out, shape, dtype, a, b);
  if (typeof left === "number") mulScalar(right as TypedArray, left, out);
  else if (typeof right === "number") mulScalar(left, right, out);
  else for (let i = 0; i < out.length; i++) out[i] = left[i] * right[i];
  return finish(out, shape, dtype, a, b);
}

function mulScalar(x: TypedArray, y: number, out: TypedArray): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] * y;
}

/** a / b, always floating. */
export function div(a: Operand, b: Operand): Tensor {
  const dtype = floating(pairType(a, b));
  const { shape, left, right } = align(a, b, dtype);
  const out = new dtype.ArrayType(numel(shape), false);
  if (wasm.binary("div", left, right, out)) return laidOutAs(out, shape, dtype, a, b);
  if (typeof left === "number") {
    const y = right as TypedArray;
    for (let i = 0; i < out.length; i++) out[i] = left / y[i];
  } else if (typeof right === "number") for (let i = 0; i < out.length; i++) out[i] = left[i] / right;
  else for (let i = 0; i < out.length; i++) out[i] = left[i] / right[i];
  return finish(out, shape, dtype, a, b);
}

/** a + alpha · b in one rounding, as a fused multiply-add gives it. */
export function addScaled(a: Operand, b: Operand, alpha: number): Tensor {
  const dtype = pairType(a, b);
  if (dtype.category !== "float" && !Number.isInteger(alpha))
    throw new RuntimeError("For integral input tensors, argument alpha must not be a floating point number.");
  const { shape, left, right } = align(a, b, dtype);
  const scale = asOperand(alpha, dtype);
  const out = new dtype.ArrayType(numel(shape), false);
  if (typeof left === "number") {
    const y = right as TypedArray;
    for (let i = 0; i < out.length; i++) out[i] = left + scale * y[i];
  } else if (typeof right === "number") addScalar(left, scale * right, out);
  else if (!wasm.addScaled(left, scale, right, out))
    for (let i = 0; i < out.length; i++) out[i] = left[i] + scale * right[i];
  return finish(out, shape, dtype, a, b);
}

function finish(out: TypedArray, shape: number[], dtype: DType, a: Operand, b: Operand): Tensor {
  // True + True is True.
  if (dtype === bool) for (let i = 0; i < out.length; i++) if (out[i] !== 0) out[i] = 1;
  return laidOutAs(checkInteger(out, dtype), shape, dtype, a, b);
}

/** a / b rounded towards zero or −∞; integers stay integers. Throws ZeroDivisionError where they divide by 0. */
export function divRounded(a: Operand, b: Operand, mode: "trunc" | "floor"): Tensor {
  const dtype = pairType(a, b);
  refuseBool(mode === "trunc" ? "div_trunc_cpu" : "div_floor_cpu", dtype);
  if (dtype.category === "float")
    return zip(a, b, mode === "trunc" ? (x, y) => Math.trunc(x / y) : floorQuotient, dtype);
  const round = mode === "trunc" ? Math.trunc : Math.floor;
  return zip(a, b, (x, y) => round(x / nonzero(y)), dtype);
}

/** Python's `//` for floats: the quotient that belongs to the exact remainder, so 1 // 0.1 is 9. */
function floorQuotient(x: number, y: number): number {
  if (y === 0) return x / y;
  const remainder = x % y;
  let quotient = (x - remainder) / y;
  if (remainder !== 0 && y < 0 !== remainder < 0) quotient -= 1;
  if (quotient === 0) return Math.sign(x / y) * 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** The remainder with the dividend's sign, C's fmod. */
export function fmod(a: Operand, b: Operand): Tensor {
  const dtype = pairType(a, b);
  refuseBool("fmod_cpu", dtype);
  if (dtype.category === "float") return zip(a, b, (x, y) => x % y, dtype);
  return zip(a, b, (x, y) => x % nonzero(y), dtype);
}

/** The remainder with the divisor's sign, Python's `%`. */
export function remainder(a: Operand, b: Operand): Tensor {
  const dtype = pairType(a, b);
  refuseBool("remainder_cpu", dtype);
  if (dtype.category === "float") return zip(a, b, pythonModulo, dtype);
  return zip(a, b, (x, y) => pythonModulo(x, nonzero(y)), dtype);
}

function pythonModulo(x: number, y: number): number {
  const r = x % y;
  return r !== 0 && r < 0 !== y < 0 ? r + y : r;
}

function nonzero(divisor: number): number {
  if (divisor === 0) throw new RuntimeError("ZeroDivisionError");
  return divisor;
}

/** base ** exponent. Integers stay integers and wrap around as their type does. */
export function power(base: Operand, exponent: Operand): Tensor {
  const dtype = pairType(base, exponent);
  refuseBool("pow", dtype);
  if (dtype.category === "float") {
    if (typeof exponent === "number") {
      const e = asOperand(exponent, dtype);
      if (e === 2) return zip(base, 1, (x) => x * x, dtype);
      if (e === 3) return zip(base, 1, (x) => x * x * x, dtype);
      if (e === 0.5) return zip(base, 1, Math.sqrt, dtype);
      if (e === -1) return zip(base, 1, (x) => 1 / x, dtype);
    }
    return zip(base, exponent, cPower, dtype);
  }
  if (typeof exponent === "number" && exponent < 0)
    throw new RuntimeError("Integers to negative integer powers are not allowed.");
  // int64 is checked against the range of exact integers; narrower types keep the low bits of the product.
  return zip(base, exponent, dtype.itemsize === 8 ? integerPower : wrappingPower, dtype);
}

/** C's pow, which unlike JavaScript's gives 1 for (±1) ** ±inf and 1 ** nan. */
export function cPower(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1;
  return x ** y;
}

function integerPower(x: number, y: number): number {
  return y < 0 ? negativePower(x, y) : x ** y;
}

/** What is left of 1 / x^|y| among the integers. */
function negativePower(x: number, y: number): number {
  if (x === 1) return 1;
  return x === -1 ? (y % 2 === 0 ? 1 : -1) : 0;
}

function wrappingPower(x: number, y: number): number {
  if (y < 0) return negativePower(x, y);
  let result = 1;
  for (let square = x, e = y; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}
