import {
  identity,
  makeReflector,
  type Numbers,
  type Rotation,
  reflect,
  rotateRows,
  swapRows,
} from "./factorization";

/** Eigenvalues in ascending order; eigenvector i is row i of `vectors`. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix of which one triangle counts. Overwrites `a`. Off-diagonal
 * elements count as zero relative to `epsilon`, half the spacing of the numbers around 1 in the dtype.
 * Follows LAPACK step by step, since the vectors' signs depend on it. Source: LAPACK syevd, as far as it is steqr.
 */
export function symmetricEigen(a: Float64Array, n: number, upper: boolean, epsilon: number): Eigen {
  const values = new Float64Array(n);
  const off = new Float64Array(Math.max(n - 1, 0));
  const vectors = identity(n, n);
  if (n === 0) return { values, vectors };
  const tau = tridiagonalize(a, n, upper, values, off);
  diagonalize(values, off, vectors, epsilon);
  // Rows are the tridiagonal matrix's eigenvectors; each is taken back through the reflectors.
  const all = (start: number) => ({ data: vectors, start, along: 1, across: n, count: n });
  if (upper) {
    for (let i = 0; i < n - 1; i++) {
      // The reflector's leading 1 comes last here: it acts from row i up to row 0.
      reflect(a, i * n + i + 1, -n, i + 1, tau[i], { ...all(i), along: -1 });
    }
  } else {
    for (let i = n - 2; i >= 0; i--) reflect(a, (i + 1) * n + i, n, n - i - 1, tau[i], all(i + 1));
  }
  return { values, vectors };
}

/** To tridiagonal form by reflectors, which stay in the triangle of `a`. Returns the τ. Source: LAPACK sytd2. */
function tridiagonalize(
  a: Float64Array,
  n: number,
  upper: boolean,
  diagonal: Float64Array,
  off: Float64Array,
): Float64Array {
  const tau = new Float64Array(Math.max(n - 1, 0));
  const step = upper ? -n : n;
  for (let s = 0; s < n - 1; s++) {
    const i = upper ? n - 2 - s : s;
    const length = upper ? i + 1 : n - i - 1;
    const start = upper ? i * n + i + 1 : (i + 1) * n + i;
    tau[i] = makeReflector(a, start, step, length);
    off[i] = a[start];
    if (tau[i] !== 0) {
      a[start] = 1;
      updateBothSides(a, n, upper, { start, step, length, tau: tau[i], first: upper ? 0 : i + 1 });
      a[start] = off[i];
    }
  }
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i];
  return tau;
}

interface SymmetricUpdate {
  start: number;
  step: number;
  length: number;
  tau: number;
  /** First row and column of the square block that the reflector acts on. */
  first: number;
}

/** H A H for the block: A − v wᵀ − w vᵀ with w = τ A v − ½ τ² (vᵀ A v) v. */
function updateBothSides(a: Float64Array, n: number, upper: boolean, update: SymmetricUpdate): void {
  const { start, step, length, tau, first } = update;
  // v by row of the block, in ascending order.
  const v = new Float64Array(length);
  for (let i = 0; i < length; i++) v[upper ? length - 1 - i : i] = a[start + i * step];
  const at = (i: number, j: number) => {
    const [row, column] = upper === i < j ? [i, j] : [j, i];
    return (first + row) * n + first + column;
  };
  const w = new Float64Array(length);
  let dot = 0;
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < length; j++) w[i] += a[at(i, j)] * v[j];
    w[i] *= tau;
    dot += w[i] * v[i];
  }
  for (let i = 0; i < length; i++) w[i] -= 0.5 * tau * dot * v[i];
  for (let i = 0; i < length; i++) for (let j = 0; j <= i; j++) a[at(i, j)] -= v[i] * w[j] + w[i] * v[j];
}

const MAX_SWEEPS = 30;

/**
 * Eigenvalues of a tridiagonal matrix, in place of its diagonal, by implicit QL or QR steps, whichever end is
 * larger; rows of `z` are turned along and sorted. Source: LAPACK steqr.
 */
function diagonalize(d: Float64Array, e: Float64Array, z: Numbers, epsilon: number): void {
  const n = d.length;
  let budget = n * MAX_SWEEPS;
  let next = 0;
  while (next < n && budget > 0) {
    if (next > 0) e[next - 1] = 0;
    let end = next;
    while (end < n - 1) {
      const size = Math.abs(e[end]);
      if (size === 0) break;
      if (size <= Math.sqrt(Math.abs(d[end])) * Math.sqrt(Math.abs(d[end + 1])) * epsilon) {
        e[end] = 0;
        break;
      }
      end++;
    }
    const block = { from: next, to: end };
    next = end + 1;
    if (block.from === block.to) continue;
    if (Math.abs(d[block.to]) < Math.abs(d[block.from])) {
      budget = implicitQR(d, e, z, block.to, block.from, budget, epsilon);
    } else budget = implicitQL(d, e, z, block.from, block.to, budget, epsilon);
    next = block.from;
    while (next < n - 1 && next < block.to && e[next] === 0) next++;
    if (next === block.to) next++;
  }
  sortAscending(d, z);
}

/** Steps from the top until the block from `l` to `end` is diagonal; returns what is left of the budget. */
function implicitQL(
  d: Float64Array,
  e: Float64Array,
  z: Numbers,
  first: number,
  end: number,
  budget: number,
  epsilon: number,
): number {
  const n = d.length;
  let left = budget;
  let l = first;
  while (l <= end) {
    let m = l;
    while (m < end && !isNegligible(d, e, m, epsilon)) m++;
    if (m < end) e[m] = 0;
    let p = d[l];
    if (m === l) {
      l++;
      continue;
    }
    if (m === l + 1) {
      const pair = symmetricPair(d[l], e[l], d[l + 1]);
      rotateRows(z, n, l, l + 1, pair.c, pair.s);
      d[l] = pair.larger;
      d[l + 1] = pair.smaller;
      e[l] = 0;
      l += 2;
      continue;
    }
    if (left-- === 0) return 0;
    let g = (d[l + 1] - p) / (2 * e[l]);
    let r = Math.hypot(g, 1);
    g = d[m] - p + e[l] / (g + (g >= 0 ? r : -r));
    let s = 1;
    let c = 1;
    p = 0;
    for (let i = m - 1; i >= l; i--) {
      const f = s * e[i];
      const b = c * e[i];
      ({ c, s, r } = signedRotation(g, f));
      if (i !== m - 1) e[i + 1] = r;
      g = d[i + 1] - p;
      r = (d[i] - g) * s + 2 * c * b;
      p = s * r;
      d[i + 1] = g + p;
      g = c * r - b;
      rotateRows(z, n, i, i + 1, c, -s);
    }
    d[l] -= p;
    e[l] = g;
  }
  return left;
}

/** As `implicitQL` from the bottom: `last` is the lower end of the block, `end` its upper. */
function implicitQR(
  d: Float64Array,
  e: Float64Array,
  z: Numbers,
  last: number,
  end: number,
  budget: number,
  epsilon: number,
): number {
  const n = d.length;
  let left = budget;
  let l = last;
  while (l >= end) {
    let m = l;
    while (m > end && !isNegligible(d, e, m - 1, epsilon)) m--;
    if (m > end) e[m - 1] = 0;
    let p = d[l];
    if (m === l) {
      l--;
      continue;
    }
    if (m === l - 1) {
      const pair = symmetricPair(d[l - 1], e[l - 1], d[l]);
      rotateRows(z, n, l - 1, l, pair.c, pair.s);
      d[l - 1] = pair.larger;
      d[l] = pair.smaller;
      e[l - 1] = 0;
      l -= 2;
      continue;
    }
    if (left-- === 0) return 0;
    let g = (d[l - 1] - p) / (2 * e[l - 1]);
    let r = Math.hypot(g, 1);
    g = d[m] - p + e[l - 1] / (g + (g >= 0 ? r : -r));
    let s = 1;
    let c = 1;
    p = 0;
    for (let i = m; i < l; i++) {
      const f = s * e[i];
      const b = c * e[i];
      ({ c, s, r } = signedRotation(g, f));
      if (i !== m) e[i - 1] = r;
      g = d[i] - p;
      r = (d[i + 1] - g) * s + 2 * c * b;
      p = s * r;
      d[i] = g + p;
      g = c * r - b;
      rotateRows(z, n, i, i + 1, c, s);
    }
    d[l] -= p;
    e[l - 1] = g;
  }
  return left;
}

/** As `rotationFor`, but r takes the sign of neither: what eigenvectors' signs follow. Source: LAPACK lartg before 3.10. */
function signedRotation(f: number, g: number): Rotation {
  if (g === 0) return { c: 1, s: 0, r: f };
  if (f === 0) return { c: 0, s: 1, r: g };
  const r = Math.hypot(f, g);
  const c = f / r;
  const s = g / r;
  return Math.abs(f) > Math.abs(g) && c < 0 ? { c: -c, s: -s, r: -r } : { c, s, r };
}

function isNegligible(d: Float64Array, e: Float64Array, i: number, epsilon: number): boolean {
  return e[i] * e[i] <= epsilon * epsilon * Math.abs(d[i]) * Math.abs(d[i + 1]) + Number.MIN_VALUE;
}

/** Eigenvalues of [[a, b], [b, c]] and the unit eigenvector (c, s) of the larger in magnitude. Source: LAPACK laev2. */
function symmetricPair(a: number, b: number, c: number) {
  const sum = a + c;
  const difference = a - c;
  const tb = b + b;
  const ab = Math.abs(tb);
  const [big, small] = Math.abs(a) > Math.abs(c) ? [a, c] : [c, a];
  const root = Math.hypot(difference, tb);
  const sign = sum < 0 ? -1 : 1;
  const larger = sum === 0 ? 0.5 * root : 0.5 * (sum + sign * root);
  const smaller = sum === 0 ? -0.5 * root : (big / larger) * small - (b / larger) * b;
  const sign2 = difference >= 0 ? 1 : -1;
  const cs = difference + sign2 * root;
  let cosine = 1;
  let sine = 0;
  if (Math.abs(cs) > ab) {
    const ct = -tb / cs;
    sine = 1 / Math.sqrt(1 + ct * ct);
    cosine = ct * sine;
  } else if (ab !== 0) {
    const tn = -cs / tb;
    cosine = 1 / Math.sqrt(1 + tn * tn);
    sine = tn * cosine;
  }
  return sign === sign2 ? { larger, smaller, c: -sine, s: cosine } : { larger, smaller, c: cosine, s: sine };
}

function sortAscending(d: Float64Array, z: Numbers): void {
  const n = d.length;
  for (let i = 0; i < n - 1; i++) {
    let least = i;
    for (let j = i + 1; j < n; j++) if (d[j] < d[least]) least = j;
    if (least === i) continue;
    [d[i], d[least]] = [d[least], d[i]];
    swapRows(z, n, i, least);
  }
}
