// Bessel and Airy functions of real arguments, in double precision. Near the origin by series, recurrences
// and integrals, far out by asymptotic series, which from here on give every digit:
const FAR = 25;

const EULER_GAMMA = 0.5772156649015329;

/** e^−|x| I₀(x) */
export function i0e(x: number): number {
  return scaledI(0, Math.abs(x));
}

/** e^−|x| I₁(x) */
export function i1e(x: number): number {
  return x < 0 ? -scaledI(1, -x) : scaledI(1, Math.abs(x));
}

export function i0(x: number): number {
  return Math.exp(Math.abs(x)) * i0e(x);
}

export function i1(x: number): number {
  return Math.exp(Math.abs(x)) * i1e(x);
}

function scaledI(order: number, x: number): number {
  if (x > FAR) return hankelSum(order, x, -1, 1)[0] / Math.sqrt(2 * Math.PI * x);
  // Σ (x/2)^(2k + order) / (k! (k + order)!): every term is positive, so nothing cancels.
  const quarter = (x * x) / 4;
  let term = order === 0 ? 1 : x / 2;
  let sum = term;
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= quarter / (k * (k + order));
    sum += term;
  }
  return Math.exp(-x) * (Number.isNaN(x) ? x : sum);
}

/**
 * Σ aₖ(order) (sign / x)ᵏ, Hankel's expansion, for every `stride`-th k: the even and the odd part where it
 * is 2. Source: DLMF 10.17, 10.40.
 */
function hankelSum(order: number, x: number, sign: number, stride: 1 | 2): [number, number] {
  const mu = 4 * order * order;
  const sums: [number, number] = [0, 0];
  let term = 1;
  for (let k = 0; k < 40; k++) {
    const alternate = stride === 2 && k % 4 > 1 ? -1 : 1;
    sums[stride === 2 ? k % 2 : 0] += alternate * term;
    const next = (term * sign * (mu - (2 * k + 1) ** 2)) / (8 * (k + 1) * x);
    if (Math.abs(next) > Math.abs(term) || Math.abs(next) < 1e-18) break;
    term = next;
  }
  return sums;
}

/** e^x K₀(x) and e^x K₁(x): ∞ at 0, NaN below. */
export function scaledK(order: number, x: number): number {
  if (x === 0) return Number.POSITIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x > FAR) return Math.sqrt(Math.PI / (2 * x)) * hankelSum(order, x, 1, 1)[0];
  // ∫ e^(−x (cosh t − 1)) cosh(order · t) dt over t ≥ 0: the trapezoidal rule converges exponentially.
  const step = 1 / 16;
  let sum = 0.5;
  for (let t = step; ; t += step) {
    const term = Math.exp(-2 * x * Math.sinh(t / 2) ** 2) * Math.cosh(order * t);
    sum += term;
    if (term < sum * 1e-17) return sum * step;
  }
}

export function k0(x: number): number {
  return scaledK(0, x) * Math.exp(-x);
}

export function k1(x: number): number {
  return scaledK(1, x) * Math.exp(-x);
}

/** J₀(x) and J₁(x) for order 0 and 1. */
export function besselJ(order: 0 | 1, x: number): number {
  const size = Math.abs(x);
  // PyTorch loses the vanishing wave at ∞.
  if (!(size < Number.POSITIVE_INFINITY)) return Number.NaN;
  if (x === 0) return order === 0 ? 1 : x;
  const sign = order === 1 && x < 0 ? -1 : 1;
  return sign * (size > FAR ? farWave(order, size)[0] : orders(size)[order]);
}

/** Y₀(x) and Y₁(x) for order 0 and 1: −∞ at 0, NaN below. */
export function besselY(order: 0 | 1, x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return Number.NaN;
  if (x > FAR) return farWave(order, x)[1];
  // Neumann's series in the J of higher orders. Source: DLMF 10.23.15.
  const j = orders(x);
  let sum = 0;
  for (let k = Math.floor((j.length - 1 - order) / 2); k >= 1; k--)
    sum += ((k % 2 === 0 ? 1 : -1) * (order + 2 * k) * j[order + 2 * k]) / (k * (order + k));
  const logarithm = (Math.log(x / 2) + EULER_GAMMA - order) * j[order];
  return (2 / Math.PI) * (logarithm - sum - (order === 1 ? j[0] / x : 0));
}

/** J and Y of an order far out: a wave of slowly changing size and phase. */
function farWave(order: number, x: number): [number, number] {
  const [p, q] = hankelSum(order, x, 1, 2);
  const angle = x - (order / 2 + 0.25) * Math.PI;
  const size = Math.sqrt(2 / (Math.PI * x));
  return [
    size * (p * Math.cos(angle) - q * Math.sin(angle)),
    size * (p * Math.sin(angle) + q * Math.cos(angle)),
  ];
}

/** J₀, J₁, J₂, … at 0 ≤ x ≤ FAR by Miller's recurrence downwards, scaled by J₀ + 2 (J₂ + J₄ + …) = 1. */
function orders(x: number): Float64Array {
  const top = 2 * Math.ceil(x / 2 + 20);
  const j = new Float64Array(top + 1);
  if (x < 1e-9) {
    j[0] = 1;
    j[1] = x / 2;
    return j;
  }
  j[top] = 1e-280;
  let total = 2 * j[top];
  for (let n = top; n > 0; n--) {
    j[n - 1] = ((2 * n) / x) * j[n] - (n < top ? j[n + 1] : 0);
    if ((n - 1) % 2 === 0) total += n === 1 ? j[0] : 2 * j[n - 1];
    if (Math.abs(j[n - 1]) > 1e250) {
      for (let m = n - 1; m <= top; m++) j[m] *= 1e-250;
      total *= 1e-250;
    }
  }
  for (let n = 0; n <= top; n++) j[n] /= total;
  return j;
}

/** sin x / x */
export function sphericalJ0(x: number): number {
  if (Math.abs(x) === Number.POSITIVE_INFINITY) return 0;
  return x === 0 ? 1 : Math.sin(x) / x;
}

/** Airy's Ai(x), the solution of y″ = x y that decays; NaN at ±∞ as in PyTorch. */
export function airyAi(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (x > 103.892) return 0;
  const zeta = (2 / 3) * Math.abs(x) ** 1.5;
  if (x > 1) return (Math.sqrt(x / 3) / Math.PI) * scaledK(1 / 3, zeta) * Math.exp(-zeta);
  if (x < -8) return airyWave(-x, zeta);
  // Ai(0) f + Ai′(0) g with the two solutions that have one of value and slope 1 at the origin.
  let f = 1;
  let g = x;
  let fTerm = 1;
  let gTerm = x;
  for (let k = 3; k < 200; k += 3) {
    fTerm *= (x * x * x) / (k * (k - 1));
    gTerm *= (x * x * x) / (k * (k + 1));
    f += fTerm;
    g += gTerm;
  }
  return 0.3550280538878172 * f - 0.2588194037928068 * g;
}

/** Ai(−x) for large x from the Bessel functions of order ±1/3. Source: DLMF 9.6.6. */
function airyWave(x: number, zeta: number): number {
  const [p, q] = hankelSum(1 / 3, zeta, 1, 2);
  const angle = zeta - Math.PI / 4;
  return (p * Math.cos(angle) - q * Math.sin(angle)) / (Math.sqrt(Math.PI) * x ** 0.25);
}
