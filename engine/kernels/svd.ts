import {
  identity,
  makeReflector,
  productOfReflectors,
  qrInPlace,
  reflect,
  rotateRows,
  rotationFor,
  swapRows,
} from "./factorization";

/** A (m × n) = U · diag(values) · V, with all m rows of Uᵀ and all n of V. */
export interface SVD {
  values: Float64Array;
  /** Row-major (m × m): row i is the left singular vector of value i. */
  ut: Float64Array;
  /** Row-major (n × n): row i is the right singular vector of value i. */
  v: Float64Array;
}

/**
 * Singular values in descending order and the vectors to them. Overwrites `a`. Follows LAPACK step by step, since
 * the vectors' signs depend on it, and on when off-diagonal elements count as zero: relative to `epsilon`, half
 * the spacing of the numbers around 1 in the dtype. Null where it does not converge.
 * Source: LAPACK gesdd, as far as it is bdsqr.
 */
export function singularValues(a: Float64Array, m: number, n: number, epsilon: number): SVD | null {
  return m > n && m >= Math.floor(1.5 * n) ? ofTall(a, m, n, epsilon) : bidiagonally(a, m, n, epsilon);
}

/** A much taller matrix is brought to triangular form first. */
function ofTall(a: Float64Array, m: number, n: number, epsilon: number): SVD | null {
  const tau = qrInPlace(a, m, n);
  const q = productOfReflectors(a, m, n, tau, m);
  const r = upperTriangle(a, n);
  const inner = bidiagonally(r, n, n, epsilon);
  if (inner === null) return null;
  return { values: inner.values, ut: leftVectors(q, m, inner.ut, n), v: inner.v };
}

/** (Q · diag(U, I))ᵀ for an m × m Q and the transposed n × n U. */
function leftVectors(q: Float64Array, m: number, ut: Float64Array, n: number): Float64Array {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      if (i >= n) out[i * m + j] = q[j * m + i];
      else for (let p = 0; p < n; p++) out[i * m + j] += ut[i * n + p] * q[j * m + p];
    }
  }
  return out;
}

function upperTriangle(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) out[i * n + j] = a[i * n + j];
  return out;
}

/** Through a bidiagonal matrix, upper for m ≥ n, else lower. Source: LAPACK gebd2, bdsdc, ormbr. */
function bidiagonally(a: Float64Array, m: number, n: number, epsilon: number): SVD | null {
  const k = Math.min(m, n);
  const d = new Float64Array(k);
  const e = new Float64Array(Math.max(k - 1, 0));
  const tauQ = new Float64Array(k);
  const tauP = new Float64Array(k);
  const upper = m >= n;
  const column = (i: number, from: number) => {
    // Reflects column i from row `from` on, and what is right of it.
    const at = from * n + i;
    tauQ[i] = makeReflector(a, at, n, m - from);
    reflect(a, at, n, m - from, tauQ[i], {
      data: a,
      start: at + 1,
      along: n,
      across: 1,
      count: n - i - 1,
    });
    return a[at];
  };
  const row = (i: number, from: number) => {
    const at = i * n + from;
    tauP[i] = makeReflector(a, at, 1, n - from);
    reflect(a, at, 1, n - from, tauP[i], { data: a, start: at + n, along: 1, across: n, count: m - i - 1 });
    return a[at];
  };
  for (let i = 0; i < k; i++) {
    d[i] = upper ? column(i, i) : row(i, i);
    if (i < k - 1) e[i] = upper ? row(i, i + 1) : column(i, i + 1);
  }
  const ut = identity(k, k);
  const v = identity(k, k);
  if (k === 1) {
    if (d[0] < 0 || Object.is(d[0], -0)) {
      d[0] = -d[0];
      ut[0] = -1;
    }
  } else if (upper) {
    if (!diagonalize(d, e, ut, v, epsilon)) return null;
  } else {
    const turns = toUpper(d, e);
    if (!diagonalize(d, e, ut, v, epsilon)) return null;
    for (let i = k - 2; i >= 0; i--) turnColumns(ut, k, i, turns[i]);
  }
  const left = padded(ut, k, m);
  const right = padded(v, k, n);
  const shift = upper ? 0 : 1;
  for (let i = k - 1; i >= 0; i--) {
    const fromQ = i + shift;
    if (fromQ < m)
      reflect(a, fromQ * n + i, n, m - fromQ, tauQ[i], {
        data: left,
        start: fromQ,
        along: 1,
        across: m,
        count: m,
      });
    const fromP = i + 1 - shift;
    if (fromP < n)
      reflect(a, i * n + fromP, 1, n - fromP, tauP[i], {
        data: right,
        start: fromP,
        along: 1,
        across: n,
        count: n,
      });
  }
  return { values: d, ut: left, v: right };
}

/** diag(A, I) of size `size`. */
function padded(a: Float64Array, k: number, size: number): Float64Array {
  if (k === size) return a;
  const out = identity(size, size);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) out[i * size + j] = a[i * k + j];
  return out;
}

/** Turns a lower bidiagonal matrix into an upper one from the left; the rotations made. */
function toUpper(d: Float64Array, e: Float64Array): { c: number; s: number }[] {
  return Array.from(e, (_, i) => {
    const { c, s, r } = rotationFor(d[i], e[i]);
    d[i] = r;
    e[i] = s * d[i + 1];
    d[i + 1] = c * d[i + 1];
    return { c, s };
  });
}

/** Takes the transposed left vectors back through one of those rotations. */
function turnColumns(ut: Float64Array, n: number, i: number, { c, s }: { c: number; s: number }): void {
  for (let row = 0; row < n; row++) {
    const x = ut[row * n + i];
    const y = ut[row * n + i + 1];
    ut[row * n + i + 1] = c * y + s * x;
    ut[row * n + i] = c * x - s * y;
  }
}

const SAFE_MINIMUM = 2 ** -1022;
const MAX_ITERATIONS = 6;

/**
 * Singular values of an upper bidiagonal matrix, in place of its diagonal, by implicit zero-shift QR steps; rows of
 * `ut` and `v` are turned along and sorted. Whether it converged. Source: LAPACK bdsqr.
 */
function diagonalize(
  d: Float64Array,
  e: Float64Array,
  ut: Float64Array,
  v: Float64Array,
  epsilon: number,
): boolean {
  const n = d.length;
  const tolerance = Math.max(10, Math.min(100, epsilon ** (-1 / 8))) * epsilon;
  const threshold = negligible(d, e, tolerance);
  let budget = MAX_ITERATIONS * n * n;
  let m = n - 1;
  let oldFirst = -1;
  let oldLast = -1;
  let downwards = true;
  while (m > 0) {
    if (budget < 0 || !Number.isFinite(d[m])) return false;
    let largest = Math.abs(d[m]);
    let first = m - 1;
    for (; first >= 0; first--) {
      const size = Math.abs(e[first]);
      if (size <= threshold) {
        e[first] = 0;
        break;
      }
      largest = Math.max(largest, Math.abs(d[first]), size);
    }
    if (first === m - 1) {
      m--;
      continue;
    }
    first++;
    if (first === m - 1) {
      const pair = triangularPair(d[m - 1], e[m - 1], d[m], epsilon);
      d[m - 1] = pair.larger;
      e[m - 1] = 0;
      d[m] = pair.smaller;
      rotateRows(v, n, m - 1, m, pair.cosRight, pair.sinRight);
      rotateRows(ut, n, m - 1, m, pair.cosLeft, pair.sinLeft);
      m -= 2;
      continue;
    }
    if (first > oldLast || m < oldFirst) downwards = Math.abs(d[first]) >= Math.abs(d[m]);
    const smallest = downwards
      ? smallestDown(d, e, first, m, tolerance)
      : smallestUp(d, e, first, m, tolerance);
    if (smallest === null) continue;
    oldFirst = first;
    oldLast = m;
    const shift = chooseShift(d, e, first, m, downwards, smallest / largest, epsilon, tolerance);
    budget -= m - first;
    const sweep = { d, e, ut, v, n, first, last: m };
    if (shift === 0) zeroShiftSweep(sweep, downwards);
    else shiftedSweep(sweep, shift, downwards);
    const end = downwards ? m - 1 : first;
    if (Math.abs(e[end]) <= threshold) e[end] = 0;
  }
  for (let i = 0; i < n; i++) {
    if (d[i] > 0 || Object.is(d[i], 0)) continue;
    d[i] = -d[i];
    for (let j = 0; j < n; j++) v[i * n + j] = -v[i * n + j];
  }
  sortDescending(d, ut, v);
  return d.every(Number.isFinite);
}

/** Below this, an off-diagonal element counts as zero. */
function negligible(d: Float64Array, e: Float64Array, tolerance: number): number {
  const n = d.length;
  let mu = Math.abs(d[0]);
  let smallest = mu;
  for (let i = 1; i < n && smallest !== 0; i++) {
    mu = Math.abs(d[i]) * (mu / (mu + Math.abs(e[i - 1])));
    smallest = Math.min(smallest, mu);
  }
  return Math.max((tolerance * smallest) / Math.sqrt(n), MAX_ITERATIONS * n * n * SAFE_MINIMUM);
}

/** A lower bound of the block's singular values; null if an element could be set to zero on the way. */
function smallestDown(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  tolerance: number,
): number | null {
  if (Math.abs(e[last - 1]) <= tolerance * Math.abs(d[last])) {
    e[last - 1] = 0;
    return null;
  }
  let mu = Math.abs(d[first]);
  let smallest = mu;
  for (let i = first; i < last; i++) {
    if (Math.abs(e[i]) <= tolerance * mu) {
      e[i] = 0;
      return null;
    }
    mu = Math.abs(d[i + 1]) * (mu / (mu + Math.abs(e[i])));
    smallest = Math.min(smallest, mu);
  }
  return smallest;
}

function smallestUp(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  tolerance: number,
): number | null {
  if (Math.abs(e[first]) <= tolerance * Math.abs(d[first])) {
    e[first] = 0;
    return null;
  }
  let mu = Math.abs(d[last]);
  let smallest = mu;
  for (let i = last - 1; i >= first; i--) {
    if (Math.abs(e[i]) <= tolerance * mu) {
      e[i] = 0;
      return null;
    }
    mu = Math.abs(d[i]) * (mu / (mu + Math.abs(e[i])));
    smallest = Math.min(smallest, mu);
  }
  return smallest;
}

function chooseShift(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  downwards: boolean,
  ratio: number,
  epsilon: number,
  tolerance: number,
): number {
  // A shift would cost small singular values their relative accuracy.
  if (d.length * tolerance * ratio <= Math.max(epsilon, 0.01 * tolerance)) return 0;
  const start = Math.abs(downwards ? d[first] : d[last]);
  const shift = downwards
    ? smallerOfPair(d[last - 1], e[last - 1], d[last])
    : smallerOfPair(d[first], e[first], d[first + 1]);
  return start > 0 && (shift / start) ** 2 < epsilon ? 0 : shift;
}

interface Sweep {
  d: Float64Array;
  e: Float64Array;
  ut: Float64Array;
  v: Float64Array;
  n: number;
  first: number;
  last: number;
}

function zeroShiftSweep({ d, e, ut, v, n, first, last }: Sweep, downwards: boolean): void {
  let c = 1;
  let oldC = 1;
  let oldS = 0;
  const step = downwards ? 1 : -1;
  const start = downwards ? first : last;
  const end = downwards ? last : first;
  for (let i = start; i !== end; i += step) {
    const off = downwards ? i : i - 1;
    const right = rotationFor(d[i] * c, e[off]);
    c = right.c;
    if (i !== start) e[downwards ? i - 1 : i] = oldS * right.r;
    const left = rotationFor(oldC * right.r, d[i + step] * right.s);
    d[i] = left.r;
    oldC = left.c;
    oldS = left.s;
    if (downwards) {
      rotateRows(v, n, i, i + 1, right.c, right.s);
      rotateRows(ut, n, i, i + 1, left.c, left.s);
    } else {
      rotateRows(v, n, i - 1, i, left.c, -left.s);
      rotateRows(ut, n, i - 1, i, right.c, -right.s);
    }
  }
  const h = d[end] * c;
  d[end] = h * oldC;
  e[downwards ? last - 1 : first] = h * oldS;
}

function shiftedSweep({ d, e, ut, v, n, first, last }: Sweep, shift: number, downwards: boolean): void {
  const step = downwards ? 1 : -1;
  const start = downwards ? first : last;
  const end = downwards ? last : first;
  // The off-diagonal element between i and i + step.
  const off = (i: number) => (downwards ? i : i - 1);
  const sign = d[start] >= 0 ? 1 : -1;
  let f = (Math.abs(d[start]) - shift) * (sign + shift / d[start]);
  let g = e[off(start)];
  for (let i = start; i !== end; i += step) {
    const here = off(i);
    const right = rotationFor(f, g);
    if (i !== start) e[off(i - step)] = right.r;
    f = right.c * d[i] + right.s * e[here];
    e[here] = right.c * e[here] - right.s * d[i];
    g = right.s * d[i + step];
    d[i + step] = right.c * d[i + step];
    const left = rotationFor(f, g);
    d[i] = left.r;
    f = left.c * e[here] + left.s * d[i + step];
    d[i + step] = left.c * d[i + step] - left.s * e[here];
    if (i + step !== end) {
      g = left.s * e[off(i + step)];
      e[off(i + step)] = left.c * e[off(i + step)];
    }
    if (downwards) {
      rotateRows(v, n, i, i + 1, right.c, right.s);
      rotateRows(ut, n, i, i + 1, left.c, left.s);
    } else {
      rotateRows(v, n, i - 1, i, left.c, -left.s);
      rotateRows(ut, n, i - 1, i, right.c, -right.s);
    }
  }
  e[downwards ? last - 1 : first] = f;
}

/** The smaller singular value of [[f, g], [0, h]]. Source: LAPACK las2. */
function smallerOfPair(f: number, g: number, h: number): number {
  const low = Math.min(Math.abs(f), Math.abs(h));
  const high = Math.max(Math.abs(f), Math.abs(h));
  const ga = Math.abs(g);
  if (low === 0) return 0;
  const as = 1 + low / high;
  const at = (high - low) / high;
  if (ga < high) {
    const au = (ga / high) ** 2;
    return low * (2 / (Math.sqrt(as * as + au) + Math.sqrt(at * at + au)));
  }
  const au = high / ga;
  if (au === 0) return (low * high) / ga;
  const c = 1 / (Math.sqrt(1 + (as * au) ** 2) + Math.sqrt(1 + (at * au) ** 2));
  return low * c * au * 2;
}

const signOf = (x: number) => (x < 0 || Object.is(x, -0) ? -1 : 1);

/** Singular values of [[f, g], [0, h]], signed, and the rotations that make it diagonal. Source: LAPACK lasv2. */
function triangularPair(f: number, g: number, h: number, epsilon: number) {
  const swap = Math.abs(h) > Math.abs(f);
  const [ft, ht] = swap ? [h, f] : [f, h];
  const fa = Math.abs(ft);
  const ha = Math.abs(ht);
  const ga = Math.abs(g);
  let pivot = swap ? 3 : 1;
  let [larger, smaller, clt, crt, slt, srt] = [fa, ha, 1, 1, 0, 0];
  if (ga !== 0) {
    if (ga > fa) pivot = 2;
    if (ga > fa && fa / ga < epsilon) {
      larger = ga;
      smaller = ha > 1 ? fa / (ga / ha) : (fa / ga) * ha;
      [clt, slt, srt, crt] = [1, ht / g, 1, ft / g];
    } else {
      const d = fa - ha;
      const l = d === fa ? 1 : d / fa;
      const m = g / ft;
      const t = 2 - l;
      const mm = m * m;
      const s = Math.sqrt(t * t + mm);
      const r = l === 0 ? Math.abs(m) : Math.sqrt(l * l + mm);
      const a = 0.5 * (s + r);
      smaller = ha / a;
      larger = fa * a;
      let tangent: number;
      if (mm !== 0) tangent = (m / (s + t) + m / (r + l)) * (1 + a);
      else if (l === 0) tangent = 2 * signOf(ft) * signOf(g);
      else tangent = g / (Math.abs(d) * signOf(ft)) + m / t;
      const length = Math.sqrt(tangent * tangent + 4);
      crt = 2 / length;
      srt = tangent / length;
      clt = (crt + srt * m) / a;
      slt = ((ht / ft) * srt) / a;
    }
  }
  const [cosLeft, sinLeft, cosRight, sinRight] = swap ? [srt, crt, slt, clt] : [clt, slt, crt, srt];
  const sign =
    pivot === 1
      ? signOf(cosRight) * signOf(cosLeft) * signOf(f)
      : pivot === 2
        ? signOf(sinRight) * signOf(cosLeft) * signOf(g)
        : signOf(sinRight) * signOf(sinLeft) * signOf(h);
  return {
    larger: larger * sign,
    smaller: smaller * sign * signOf(f) * signOf(h),
    cosLeft,
    sinLeft,
    cosRight,
    sinRight,
  };
}

function sortDescending(d: Float64Array, ut: Float64Array, v: Float64Array): void {
  const n = d.length;
  for (let last = n - 1; last > 0; last--) {
    let least = 0;
    for (let j = 1; j <= last; j++) if (d[j] <= d[least]) least = j;
    if (least === last) continue;
    [d[least], d[last]] = [d[last], d[least]];
    swapRows(v, n, least, last);
    swapRows(ut, n, least, last);
  }
}
