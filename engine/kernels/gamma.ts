import { cPower } from "./arithmetic";

// The gamma function's logarithm, its derivatives, and the incomplete gamma functions, in double precision.

/** Bernoulli numbers B₂, B₄, … */
const BERNOULLI = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
  854513 / 138,
  -236364091 / 2730,
];

/** From here on the first terms of the asymptotic series give every digit. */
const LARGE = 10;
const TERMS = 8;
const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/** ln |Γ(x)|: ∞ at 0 and the negative integers. */
export function lgamma(x: number): number {
  if (x === 1 || x === 2) return 0;
  if (!Number.isFinite(x)) return x * x;
  if (x <= 0) {
    if (Number.isInteger(x)) return Number.POSITIVE_INFINITY;
    return Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
  }
  // Γ(x) = Γ(x + n) / (x (x + 1) … (x + n − 1))
  let product = 1;
  let y = x;
  for (; y < LARGE; y++) product *= y;
  const inverse = 1 / y;
  const square = inverse * inverse;
  let sum = 0;
  for (let k = TERMS; k >= 1; k--) sum = sum * square + BERNOULLI[k - 1] / (2 * k * (2 * k - 1));
  return (y - 0.5) * Math.log(y) - y + HALF_LOG_TWO_PI + sum * inverse - Math.log(product);
}

/** sin πx without the error of πx for large x. */
function sinPi(x: number): number {
  const rest = x - 2 * Math.round(x / 2);
  return Math.sin(Math.PI * (Math.abs(rest) > 0.5 ? Math.sign(rest) - rest : rest));
}

/** The derivative of ln Γ: ∓∞ at ±0, NaN at the negative integers. */
export function digamma(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (x < 0) {
    if (Number.isInteger(x)) return Number.NaN;
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x % 1));
  }
  let result = 0;
  let y = x;
  for (; y < LARGE; y++) result -= 1 / y;
  const square = 1 / (y * y);
  let sum = 0;
  for (let k = TERMS; k >= 1; k--) sum = (sum + BERNOULLI[k - 1] / (2 * k)) * square;
  return result + Math.log(y) - 0.5 / y - sum;
}

/** The n-th derivative of digamma. */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x);
  if (n === 1 && x < 0.5) {
    const sine = Math.sin(Math.PI * x);
    return (Math.PI * Math.PI) / (sine * sine) - zeta(2, 1 - x);
  }
  return (n % 2 === 0 ? -1 : 1) * Math.exp(lgamma(n + 1)) * zeta(n + 1, x);
}

/**
 * Hurwitz's zeta function Σ (q + k)^−x over k ≥ 0, by Euler and Maclaurin's formula: ∞ at x = 1 and where q
 * is 0 or a negative integer, NaN below x = 1.
 */
export function zeta(x: number, q: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  if (x < 1) return Number.NaN;
  if (q <= 0) {
    if (Math.floor(q) === q) return Number.POSITIVE_INFINITY;
    if (!Number.isInteger(x)) return Number.NaN;
    // The terms below 0 are those of a finite sum above it, up to a sign.
    const rest = q - Math.floor(q);
    return zeta(x, rest) + (x % 2 === 0 ? 1 : -1) * (zeta(x, 1 - rest) - zeta(x, 1 - q));
  }
  let sum = 0;
  let a = q;
  for (let k = 0; k < LARGE || a < LARGE; k++, a++) {
    const term = cPower(a, -x);
    sum += term;
    if (Math.abs(term) < Math.abs(sum) * Number.EPSILON * 1e-3) return sum;
  }
  const power = cPower(a, -x);
  sum += (power * a) / (x - 1) + power / 2;
  // x (x + 1) … (x + 2k − 2) B₂ₖ / (2k)! · a^(−x − 2k + 1)
  let factor = (x * power) / a / 2;
  for (let k = 1; k <= BERNOULLI.length; k++) {
    sum += BERNOULLI[k - 1] * factor;
    factor *= ((x + 2 * k - 1) * (x + 2 * k)) / ((2 * k + 1) * (2 * k + 2) * a * a);
  }
  return sum;
}

/** Enough for the slow middle ground a ≈ x, where about √a terms count. */
const MAX_TERMS = 100_000;

/** The regularized lower incomplete gamma function P(a, x); NaN for negative arguments. */
export function igamma(a: number, x: number): number {
  const edge = incompleteEdge(a, x);
  if (edge !== null) return edge;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x). */
export function igammac(a: number, x: number): number {
  const edge = incompleteEdge(a, x);
  if (edge !== null) return 1 - edge;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** P(a, x) where an argument is 0, infinite or outside the domain; null elsewhere. */
function incompleteEdge(a: number, x: number): number | null {
  if (a < 0 || x < 0) return Number.NaN;
  if (a === 0) return x > 0 ? 1 : Number.NaN;
  if (x === 0) return 0;
  if (a === Number.POSITIVE_INFINITY) return x === a ? Number.NaN : 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return Number.isNaN(a) || Number.isNaN(x) ? Number.NaN : null;
}

/** x^a e^−x / Γ(a) */
function incompleteFactor(a: number, x: number): number {
  return Math.exp(a * Math.log(x) - x - lgamma(a));
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MAX_TERMS && term > sum * Number.EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * incompleteFactor(a, x);
}

/** Legendre's continued fraction, evaluated from the front by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < MAX_TERMS; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return value * incompleteFactor(a, x);
}
