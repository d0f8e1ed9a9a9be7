import type { TypedArray } from "./dtype";

// Half precision is kept in float32 arrays whose elements are rounded, ties to even, after every operator.

/** Sign aside, the bits of the smallest float32 that float16 holds with all its digits. */
const SMALLEST_NORMAL_16 = 0x38800000;
/** Likewise of 65536, the first power of two beyond float16. */
const BEYOND_16 = 0x47800000;
const INFINITY_BITS = 0x7f800000;
const SIGN = 0x80000000;

function bitsOf(values: TypedArray): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Rounds elements kept as float32 to what float16 holds. */
export function roundToFloat16(values: TypedArray): void {
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & ~SIGN;
    if (magnitude >= INFINITY_BITS) continue;
    if (magnitude < SMALLEST_NORMAL_16) {
      // The step between float32 numbers from 0.5 on is that between float16's smallest.
      const rounded = Math.fround(Math.abs(values[i]) + 0.5) - 0.5;
      values[i] = bits[i] >= SIGN ? -rounded : rounded;
      continue;
    }
    const rounded = (magnitude + 0xfff + ((magnitude >>> 13) & 1)) & ~0x1fff;
    bits[i] = ((bits[i] & SIGN) | (rounded >= BEYOND_16 ? INFINITY_BITS : rounded)) >>> 0;
  }
}

/** Rounds elements kept as float32 to what bfloat16 holds, which is their upper half. */
export function roundToBFloat16(values: TypedArray): void {
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++)
    if ((bits[i] & ~SIGN) <= INFINITY_BITS)
      bits[i] = ((bits[i] + 0x7fff + ((bits[i] >>> 16) & 1)) & 0xffff0000) >>> 0;
}

const one = new Float32Array(1);
const oneBits = bitsOf(one);

/** The number that two bytes of float16 stand for. */
export function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The two bytes of a number that float16 holds. */
export function encodeFloat16(value: number): number {
  one[0] = value;
  const sign = (oneBits[0] >>> 16) & 0x8000;
  const magnitude = oneBits[0] & ~SIGN;
  if (magnitude > INFINITY_BITS) return 0x7e00;
  if (magnitude === INFINITY_BITS) return sign | 0x7c00;
  if (magnitude < SMALLEST_NORMAL_16) return sign | (Math.abs(value) * 2 ** 24);
  return sign | ((magnitude - (112 << 23)) >>> 13);
}

/** The number that two bytes of bfloat16 stand for. */
export function decodeBFloat16(bits: number): number {
  oneBits[0] = bits << 16;
  return one[0];
}

/** The two bytes of a number that bfloat16 holds. */
export function encodeBFloat16(value: number): number {
  one[0] = value;
  return oneBits[0] >>> 16;
}
