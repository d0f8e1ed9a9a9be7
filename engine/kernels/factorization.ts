import type { TypedArray } from "../dtype";

/** Row-major numbers that kernels work on in place: n × m from the start of the array. */
export type Numbers = TypedArray;

/**
 * LU with partial pivoting, in place: unit lower L below the diagonal, U from it upwards. `pivots[i]` is the row,
 * counted from 1, that was swapped with row i. Returns the number, from 1, of the first zero pivot; 0 if there
 * is none. Source: LAPACK getrf.
 */
export function luInPlace(a: Numbers, m: number, n: number, pivots: Int32Array): number {
  let info = 0;
  for (let j = 0; j < Math.min(m, n); j++) {
    let best = j;
    let largest = Math.abs(a[j * n + j]);
    for (let i = j + 1; i < m; i++) {
      const size = Math.abs(a[i * n + j]);
      if (size > largest) {
        largest = size;
        best = i;
      }
    }
    pivots[j] = best + 1;
    if (best !== j) swapRows(a, n, j, best);
    const diagonal = a[j * n + j];
    if (diagonal === 0) {
      info ||= j + 1;
      continue;
    }
    for (let i = j + 1; i < m; i++) {
      a[i * n + j] /= diagonal;
      const factor = a[i * n + j];
      for (let p = j + 1; p < n; p++) a[i * n + p] -= factor * a[j * n + p];
    }
  }
  return info;
}

export function swapRows(a: Numbers, n: number, i: number, j: number): void {
  for (let p = 0; p < n; p++) {
    const x = a[i * n + p];
    a[i * n + p] = a[j * n + p];
    a[j * n + p] = x;
  }
}

/**
 * Lower Cholesky factor of the symmetric matrix whose lower triangle `a` holds, in place; zeros above.
 * Returns the order, from 1, of the first leading minor that is not positive; 0 if there is none, else what was
 * not reached yet stays. Source: LAPACK potrf.
 */
export function choleskyInPlace(a: Numbers, n: number): number {
  let info = 0;
  for (let j = 0; j < n && info === 0; j++) {
    let sum = a[j * n + j];
    for (let p = 0; p < j; p++) sum -= a[j * n + p] * a[j * n + p];
    if (!(sum > 0)) {
      a[j * n + j] = sum;
      info = j + 1;
      break;
    }
    const root = Math.sqrt(sum);
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let x = a[i * n + j];
      for (let p = 0; p < j; p++) x -= a[i * n + p] * a[j * n + p];
      a[i * n + j] = x / root;
    }
  }
  for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n);
  return info;
}

/** A triangular matrix (n × n): which triangle of the array counts, and whether the diagonal counts as ones. */
export interface Triangular {
  data: Numbers;
  upper: boolean;
  unit: boolean;
  /** Solve with the transpose instead. */
  transposed: boolean;
}

/** Solves A X = B in place of `b` (n × m), for a triangular A. Source: BLAS trsm. */
export function solveTriangularInPlace(a: Triangular, n: number, b: Numbers, m: number): void {
  const { data, unit } = a;
  const backwards = a.upper !== a.transposed;
  const rowStep = a.transposed ? 1 : n;
  const columnStep = a.transposed ? n : 1;
  for (let s = 0; s < n; s++) {
    const i = backwards ? n - 1 - s : s;
    for (let t = 0; t < s; t++) {
      const p = backwards ? n - 1 - t : t;
      const factor = data[i * rowStep + p * columnStep];
      for (let j = 0; j < m; j++) b[i * m + j] -= factor * b[p * m + j];
    }
    if (unit) continue;
    const diagonal = data[i * n + i];
    for (let j = 0; j < m; j++) b[i * m + j] /= diagonal;
  }
}

/**
 * The reflector H = I − τ v vᵀ, v[0] = 1, that takes the vector at `start` (elements `step` apart) to a multiple
 * β of the first axis: the vector becomes β and the rest of v. Returns τ. Source: LAPACK larfg.
 */
export function makeReflector(a: Numbers, start: number, step: number, count: number): number {
  let square = 0;
  for (let i = 1; i < count; i++) square += a[start + i * step] ** 2;
  if (square === 0) return 0;
  const alpha = a[start];
  const norm = Math.sqrt(alpha * alpha + square);
  const beta = alpha >= 0 ? -norm : norm;
  for (let i = 1; i < count; i++) a[start + i * step] /= alpha - beta;
  a[start] = beta;
  return (beta - alpha) / beta;
}

/** Where the vectors that a reflector acts on lie: element i of vector j at `start + i · along + j · across`. */
export interface Vectors {
  data: Numbers;
  start: number;
  along: number;
  across: number;
  count: number;
}

/** Applies I − τ v vᵀ to each of the vectors; v's first element counts as 1, whatever the array holds. */
export function reflect(
  v: Numbers,
  start: number,
  step: number,
  length: number,
  tau: number,
  { data, start: from, along, across, count }: Vectors,
): void {
  if (tau === 0) return;
  for (let j = 0; j < count; j++) {
    const base = from + j * across;
    let sum = data[base];
    for (let i = 1; i < length; i++) sum += v[start + i * step] * data[base + i * along];
    sum *= tau;
    data[base] -= sum;
    for (let i = 1; i < length; i++) data[base + i * along] -= sum * v[start + i * step];
  }
}

/** QR by reflectors, in place: R from the diagonal upwards, v below it. Returns the τ. Source: LAPACK geqrf. */
export function qrInPlace(a: Numbers, m: number, n: number): Float64Array {
  const tau = new Float64Array(Math.min(m, n));
  for (let i = 0; i < tau.length; i++) {
    const at = i * n + i;
    tau[i] = makeReflector(a, at, n, m - i);
    const right = { data: a, start: at + 1, along: n, across: 1, count: n - i - 1 };
    reflect(a, at, n, m - i, tau[i], right);
  }
  return tau;
}

/** The first `columns` columns of the product of the reflectors that `a` (m × n) holds. Source: LAPACK orgqr. */
export function productOfReflectors(
  a: Numbers,
  m: number,
  n: number,
  tau: ArrayLike<number>,
  columns: number,
): Float64Array {
  const q = identity(m, columns);
  for (let i = tau.length - 1; i >= 0; i--) {
    const all = { data: q, start: i * columns, along: columns, across: 1, count: columns };
    reflect(a, i * n + i, n, m - i, tau[i], all);
  }
  return q;
}

export function identity(m: number, n: number): Float64Array {
  const result = new Float64Array(m * n);
  for (let i = 0; i < Math.min(m, n); i++) result[i * n + i] = 1;
  return result;
}

/** The rotation (c, s) that takes (f, g) to (r, 0). Source: LAPACK lartg. */
export interface Rotation {
  c: number;
  s: number;
  r: number;
}

export function rotationFor(f: number, g: number): Rotation {
  if (g === 0) return { c: 1, s: 0, r: f };
  if (f === 0) return { c: 0, s: Math.sign(g), r: Math.abs(g) };
  const norm = Math.hypot(f, g);
  const r = f > 0 ? norm : -norm;
  return { c: Math.abs(f) / norm, s: g / r, r };
}

/** Turns rows i and j of a matrix with n columns: row i becomes c · i + s · j, row j becomes c · j − s · i. */
export function rotateRows(a: Numbers, n: number, i: number, j: number, c: number, s: number): void {
  for (let p = 0, x = i * n, y = j * n; p < n; p++, x++, y++) {
    const ax = a[x];
    const ay = a[y];
    a[x] = c * ax + s * ay;
    a[y] = c * ay - s * ax;
  }
}
