/** Singular values, largest first, and their vectors as columns: `u` (m × k), `v` (n × k), row-major, k = min(m, n). */
export interface Svd {
  u: Float64Array;
  s: Float64Array;
  v: Float64Array;
}

/**
 * Thin singular value decomposition of a row-major m × n matrix by one-sided Jacobi rotations, which turn the
 * columns until every two are orthogonal: exact also for small singular values.
 */
export function svd(a: ArrayLike<number>, m: number, n: number): Svd {
  if (m < n) {
    const { u, s, v } = svd(transposed(a, m, n), n, m);
    return { u: v, s, v: u };
  }
  const columns = Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: m }, (_, i) => a[i * n + j]),
  );
  const right = Array.from({ length: n }, (_, j) => unit(n, j));
  for (let sweep = 0; sweep < MAX_SWEEPS && orthogonalise(columns, right); sweep++);
  const lengths = columns.map((column) => Math.sqrt(dot(column, column)));
  const order = lengths.map((_, j) => j).sort((i, j) => lengths[j] - lengths[i]);
  const left: Float64Array[] = [];
  const negligible = (lengths[order[0]] ?? 0) * m * Number.EPSILON;
  for (const j of order)
    left.push(lengths[j] > negligible ? columns[j].map((x) => x / lengths[j]) : orthogonalTo(left, m));
  return {
    u: fromColumns(left, m),
    s: Float64Array.from(order, (j) => lengths[j]),
    v: fromColumns(
      order.map((j) => right[j]),
      n,
    ),
  };
}

/** Adds columns to `size × count` orthonormal ones until they are a basis: `size × size`. */
export function completeBasis(columns: ArrayLike<number>, size: number, count: number): Float64Array {
  const basis = Array.from({ length: count }, (_, j) =>
    Float64Array.from({ length: size }, (_, i) => columns[i * count + j]),
  );
  while (basis.length < size) basis.push(orthogonalTo(basis, size));
  return fromColumns(basis, size);
}

/** Rotations halve the digits that are missing with each sweep; ten are rare. */
const MAX_SWEEPS = 60;

/** One sweep over all pairs of columns; whether there was anything to turn. */
function orthogonalise(columns: readonly Float64Array[], right: readonly Float64Array[]): boolean {
  let turned = false;
  for (let p = 0; p < columns.length; p++)
    for (let q = p + 1; q < columns.length; q++) {
      const alpha = dot(columns[p], columns[p]);
      const beta = dot(columns[q], columns[q]);
      const gamma = dot(columns[p], columns[q]);
      if (gamma === 0 || Math.abs(gamma) <= Number.EPSILON * Math.sqrt(alpha * beta)) continue;
      turned = true;
      const zeta = (beta - alpha) / (2 * gamma);
      const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
      const cosine = 1 / Math.sqrt(1 + tangent * tangent);
      rotate(columns[p], columns[q], cosine, cosine * tangent);
      rotate(right[p], right[q], cosine, cosine * tangent);
    }
  return turned;
}

function rotate(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i], y[i]];
    x[i] = cosine * a - sine * b;
    y[i] = sine * a + cosine * b;
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** A unit vector orthogonal to all of `basis`, which does not span the space. */
function orthogonalTo(basis: readonly Float64Array[], size: number): Float64Array {
  for (let axis = 0; axis < size; axis++) {
    const vector = unit(size, axis);
    // Twice: what rounding left of the others after the first pass goes with the second.
    for (let pass = 0; pass < 2; pass++)
      for (const other of basis) {
        const along = dot(vector, other);
        for (let i = 0; i < size; i++) vector[i] -= along * other[i];
      }
    const length = Math.sqrt(dot(vector, vector));
    if (length > 1 / (2 * Math.sqrt(size))) return vector.map((x) => x / length);
  }
  throw new RangeError("the basis spans the space already");
}

function unit(size: number, axis: number): Float64Array {
  const vector = new Float64Array(size);
  vector[axis] = 1;
  return vector;
}

function transposed(a: ArrayLike<number>, m: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j];
  return out;
}

function fromColumns(columns: readonly Float64Array[], size: number): Float64Array {
  const count = columns.length;
  const out = new Float64Array(size * count);
  columns.forEach((column, j) => {
    for (let i = 0; i < size; i++) out[i * count + j] = column[i];
  });
  return out;
}
