/**
 * Fused multiply-add: a·b + c rounded once. PyTorch's kernels are compiled to it, so its last bit
 * cannot be had from a product and a sum that each round.
 */

const { fround } = Math;

/** a·b + c rounded once to float32; a, b and c are float32 values. */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b; // exact: 24 + 24 bits fit in 53
  const sum = product + c;
  const rounded = fround(sum);
  // Rounding to double and then to float32 errs only if the double landed halfway between two floats.
  const other = 2 * sum - rounded;
  if (other === rounded || fround(other) !== other) return rounded;
  const lost = sumError(product, c, sum);
  if (lost === 0) return rounded;
  return lost > 0 ? Math.max(rounded, other) : Math.min(rounded, other);
}

/**
 * a·b + c rounded once to float64, for values whose exponents stay clear of overflow and underflow.
 * Source: Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using
 * rounding to odd" (2008).
 */
export function fma64(a: number, b: number, c: number): number {
  const product = a * b;
  const productLost = productError(a, b, product);
  const low = c + productLost;
  const lowLost = sumError(c, productLost, low);
  const high = product + low;
  const highLost = sumError(product, low, high);
  return high + addToOdd(lowLost, highLost);
}

/** What a + b lost when it was rounded to `sum`, exactly (Knuth's TwoSum). */
function sumError(a: number, b: number, sum: number): number {
  const fromB = sum - a;
  return a - (sum - fromB) + (b - fromB);
}

/** What a·b lost when it was rounded to `product`, exactly (Dekker's product). */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

function upperHalf(a: number): number {
  const scaled = a * 134217729; // 2²⁷ + 1
  return scaled - (scaled - a);
}

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** a + b rounded so that an inexact result has its last bit set, which keeps the next rounding honest. */
function addToOdd(a: number, b: number): number {
  const sum = a + b;
  const lost = sumError(a, b, sum);
  if (lost === 0) return sum;
  double[0] = sum;
  if ((bits[0] & 1n) === 0n) bits[0] += lost > 0 === sum > 0 ? 1n : -1n;
  return double[0];
}
