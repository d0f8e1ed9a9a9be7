// Values of the orthogonal polynomials by their three-term recurrences; 0 for negative degrees.

type Next = (k: number, current: number, previous: number) => number;

/** Beyond this degree a recurrence would take seconds for each element; it gives NaN instead. */
const MAX_DEGREE = 1e7;

/** The polynomial of degree n from those of degree 0 (which is 1) and 1 and the step to the next. */
function recur(n: number, first: number, next: Next): number {
  const degree = Math.trunc(n);
  if (!(degree >= 0 && degree < Number.POSITIVE_INFINITY)) return 0;
  if (degree === 0) return 1;
  if (degree > MAX_DEGREE) return Number.NaN;
  let previous = 1;
  let current = first;
  for (let k = 1; k < degree && !Number.isNaN(current); k++) {
    const following = next(k, current, previous);
    previous = current;
    current = following;
  }
  return current;
}

/**
 * The Chebyshev kinds share one recurrence and differ in the polynomial of degree 1. It loses digits in high
 * degrees; there `wave` gives the polynomial inside (−1, 1) from the angle whose cosine is x.
 */
function chebyshev(
  x: number,
  n: number,
  first: number,
  wave: (degree: number, angle: number) => number,
): number {
  if (n > 8 && n < Number.POSITIVE_INFINITY && Math.abs(x) < 1) return wave(Math.trunc(n), Math.acos(x));
  return recur(n, first, (_, current, previous) => 2 * x * current - previous);
}

export function chebyshevT(x: number, n: number): number {
  return chebyshev(x, n, x, (degree, angle) => Math.cos(degree * angle));
}

export function chebyshevU(x: number, n: number): number {
  return chebyshev(x, n, 2 * x, (degree, angle) => Math.sin((degree + 1) * angle) / Math.sin(angle));
}

export function chebyshevV(x: number, n: number): number {
  const wave = (degree: number, angle: number) => Math.cos((degree + 0.5) * angle) / Math.cos(angle / 2);
  return chebyshev(x, n, 2 * x - 1, wave);
}

export function chebyshevW(x: number, n: number): number {
  const wave = (degree: number, angle: number) => Math.sin((degree + 0.5) * angle) / Math.sin(angle / 2);
  return chebyshev(x, n, 2 * x + 1, wave);
}

/** Physicists' Hermite polynomials. */
export function hermiteH(x: number, n: number): number {
  return recur(n, 2 * x, (k, current, previous) => 2 * x * current - 2 * k * previous);
}

/** Probabilists' Hermite polynomials. */
export function hermiteHe(x: number, n: number): number {
  return recur(n, x, (k, current, previous) => x * current - k * previous);
}

export function laguerreL(x: number, n: number): number {
  return recur(n, 1 - x, (k, current, previous) => ((2 * k + 1 - x) * current - k * previous) / (k + 1));
}

export function legendreP(x: number, n: number): number {
  return recur(n, x, (k, current, previous) => ((2 * k + 1) * x * current - k * previous) / (k + 1));
}
