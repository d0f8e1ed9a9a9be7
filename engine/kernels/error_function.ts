// The error function and its relatives, in double precision.

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** (2/√π) ∫₀ˣ e^−t² dt. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.5) return erfSeries(x);
  const value = size > 6 ? 1 : 1 - Math.exp(-x * x) * positiveErfcx(size);
  return x < 0 ? -value : Number.isNaN(x) ? x : value;
}

/** 1 − erf x, exact far out where erf is nearly 1. */
export function erfc(x: number): number {
  if (x < 0.5) return x < -0.5 ? 2 - erfc(-x) : 1 - erfSeries(x);
  return expMinusSquare(x) * positiveErfcx(x);
}

/** e^x² · erfc x: what is left of erfc when its decay is taken away. */
export function erfcx(x: number): number {
  if (x < 0) return 2 * Math.exp(x * x) - erfcx(-x);
  return x < 0.5 ? Math.exp(x * x) * (1 - erfSeries(x)) : positiveErfcx(x);
}

/** e^−x² with the rounding of x² put back, which would otherwise show in the far tail. */
function expMinusSquare(x: number): number {
  if (!(x < 28)) return Number.isNaN(x) ? x : 0;
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/** Coefficients of erf x / x in powers of x². */
const SERIES = Array.from({ length: 14 }, (_, n) => (n % 2 === 0 ? 1 : -1) / (factorial(n) * (2 * n + 1)));

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

function erfSeries(x: number): number {
  const square = x * x;
  let sum = 0;
  for (let n = SERIES.length - 1; n >= 0; n--) sum = sum * square + SERIES[n];
  return TWO_OVER_SQRT_PI * x * sum;
}

/** Step of the trapezoidal rule below. */
const STEP = 0.5;
/** (n · STEP)² for n = 1, 2, … as far as e^−(n · STEP)² counts, and those exponentials. */
const SQUARES = Float64Array.from({ length: 13 }, (_, i) => ((i + 1) * STEP) ** 2);
const WEIGHTS = SQUARES.map((square) => Math.exp(-square));

/**
 * erfcx for x ≥ 0.5: the trapezoidal rule for (x/π) ∫ e^−t² / (x² + t²) dt over the line, which converges as
 * e^−(π/STEP)² once the pole at t = ix is accounted for. Source: Chiarella and Reichel, Math. Comp. 22 (1968).
 */
function positiveErfcx(x: number): number {
  const square = x * x;
  if (square === Number.POSITIVE_INFINITY) return 1 / (x * Math.sqrt(Math.PI));
  let sum = 0.5 / square;
  for (let n = 0; n < SQUARES.length; n++) sum += WEIGHTS[n] / (square + SQUARES[n]);
  const rule = ((2 * STEP * x) / Math.PI) * sum;
  const pole = (2 * Math.PI * x) / STEP;
  return x < Math.PI / STEP ? rule - (2 * Math.exp(square)) / Math.expm1(pole) : rule;
}

/** The x with erf x = y; ±∞ at ±1, NaN outside. */
export function erfinv(y: number): number {
  const size = Math.abs(y);
  if (!(size <= 1)) return Number.NaN;
  if (size > 0.5) return Math.sign(y) * erfcinv(1 - size);
  if (y === 0) return y;
  let x = Math.sign(y) * inverseEstimate(Math.log1p(-y * y));
  for (let i = 0; i < 2; i++) x += halley(x, ((y - erf(x)) * Math.exp(x * x)) / TWO_OVER_SQRT_PI);
  return x;
}

/** The x ≥ 0 with erfc x = q, for 0 ≤ q ≤ 1: exact for tiny q, where 1 − q is 1. */
function erfcinv(q: number): number {
  if (q === 0) return Number.POSITIVE_INFINITY;
  const log = Math.log(q);
  let x = inverseEstimate(log + Math.log(2 - q));
  for (let i = 0; i < 3; i++) x += halley(x, (erfcx(x) - Math.exp(x * x + log)) / TWO_OVER_SQRT_PI);
  return x;
}

/** Halley's correction from Newton's, for a function whose second derivative is −2x times its first. */
function halley(x: number, newton: number): number {
  return newton / (1 - x * newton);
}

/** erfinv y to two digits from ln(1 − y²). Source: S. Winitzki, A handy approximation for the error function. */
function inverseEstimate(log: number): number {
  const a = 0.147;
  const b = 2 / (Math.PI * a) + log / 2;
  return Math.sqrt(Math.sqrt(b * b - log / a) - b);
}

/** The x below which a standard normal variable lies with probability p. */
export function ndtri(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  // 2p − 1 loses digits where p is small, 1 − p none where it is large.
  return p < 0.5 ? -Math.SQRT2 * erfcinv(2 * p) : Math.SQRT2 * erfcinv(2 * (1 - p));
}

/** ln of the probability that a standard normal variable lies below x. */
export function logNdtr(x: number): number {
  const t = x * Math.SQRT1_2;
  return x < -1 ? Math.log(erfcx(-t) / 2) - t * t : Math.log1p(-erfc(t) / 2);
}
