import { fma32, fma64 } from "./fma";

/**
 * The Box-Muller transform on blocks of 16 uniforms, as PyTorch's vector kernel does it: element j
 * gives the radius and element j + 8 the angle of a pair. Each operation rounds as in that kernel,
 * so float32 samples agree to the last bit. Source: at::native NormalFill16 and avx_mathfun.h (after
 * Cephes' logf, sinf and cosf).
 */

const { fround, sqrt, cos, sin, log } = Math;

/** Turns 16 uniforms in [0, 1) starting at `start` into normals, in float32. */
export function normalBlockFloat(data: Float32Array, start: number, mean: number, std: number): void {
  for (let j = start; j < start + 8; j++) {
    const radius = fround(sqrt(fround(-2 * logFloat(fround(1 - data[j])))));
    const angle = fround(TWO_PI * data[j + 8]);
    reduceAngle(angle);
    data[j] = fma32(fround(radius * cosReduced()), std, mean);
    data[j + 8] = fma32(fround(radius * sinReduced()), std, mean);
  }
}

/** Turns 16 uniforms in [0, 1) starting at `start` into normals, in float64. */
export function normalBlockDouble(data: Float64Array, start: number, mean: number, std: number): void {
  for (let j = start; j < start + 8; j++) {
    const radius = sqrt(-2 * log(1 - data[j]));
    const angle = 2 * Math.PI * data[j + 8];
    data[j] = fma64(radius * cos(angle), std, mean);
    data[j + 8] = fma64(radius * sin(angle), std, mean);
  }
}

const TWO_PI = fround(2 * Math.PI);
const FOUR_OVER_PI = fround(1.27323954473516);
const SQRT_HALF = fround(Math.SQRT1_2);

/** log(1 + x) = x - x²/2 + x³·P(x), from the highest power down. */
const LOG_P = Float32Array.of(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);
/** ln 2 = LN2_HIGH + LN2_LOW; the high part times a small integer is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = fround(-2.1219444e-4);

/** π/4 in three parts, negated. */
const PI_4 = Float32Array.of(-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8);
const SIN_P = Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
const COS_P = Float32Array.of(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** Natural logarithm of a float32 in (0, 1]. */
function logFloat(value: number): number {
  float[0] = value;
  let exponent = (floatBits[0] >>> 23) - 126;
  floatBits[0] = (floatBits[0] & 0x807fffff) | 0x3f000000;
  let x = float[0]; // mantissa in [0.5, 1)
  if (x < SQRT_HALF) {
    exponent -= 1;
    x = fround(fround(x - 1) + x);
  } else {
    x = fround(x - 1);
  }
  const square = fround(x * x);
  let y = LOG_P[0];
  for (let i = 1; i < LOG_P.length; i++) y = fma32(y, x, LOG_P[i]);
  y = fma32(fround(y * x), square, fround(exponent * LN2_LOW));
  y = fma32(-square, 0.5, y);
  return fma32(exponent, LN2_HIGH, fround(x + y));
}

// Sine and cosine share the reduction of their argument; it passes between them here, not in an
// object, since this is the inner loop of every large normal sample.
let octant = 0;
let reduced = 0;
let reducedSquare = 0;

/** Reduces an angle in [0, 2π) to [-π/4, π/4], rounded to even octants. */
function reduceAngle(angle: number): void {
  octant = (Math.trunc(fround(angle * FOUR_OVER_PI)) + 1) & ~1;
  reduced = fma32(octant, PI_4[2], fma32(octant, PI_4[1], fma32(octant, PI_4[0], angle)));
  reducedSquare = fround(reduced * reduced);
}

function sinReduced(): number {
  const magnitude = (octant & 2) === 0 ? sinPolynomial() : cosPolynomial();
  return (octant & 4) === 0 ? magnitude : -magnitude;
}

function cosReduced(): number {
  const magnitude = (octant & 2) === 0 ? cosPolynomial() : sinPolynomial();
  return ((octant - 2) & 4) === 0 ? -magnitude : magnitude;
}

function sinPolynomial(): number {
  const y = fma32(fma32(SIN_P[0], reducedSquare, SIN_P[1]), reducedSquare, SIN_P[2]);
  return fma32(fround(y * reducedSquare), reduced, reduced);
}

function cosPolynomial(): number {
  const y = fma32(fma32(COS_P[0], reducedSquare, COS_P[1]), reducedSquare, COS_P[2]);
  return fround(fma32(fround(y * reducedSquare), reducedSquare, fround(reducedSquare * -0.5)) + 1);
}
