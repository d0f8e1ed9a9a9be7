// Finite differences beside what backward gave. Numbers only.

/** Relative, of the larger of the two. */
const RELATIVE_TOLERANCE = 1e-3;
/** Relative to the largest gradient within the tensor. */
const SCALE_TOLERANCE = 1e-5;
const EPS = 1e-6;
/** Rounding errors of sums are larger than of one operation. */
const ROUNDING = 16 * 2 ** -52;
/** A corner stays where it is when one looks closer; curvature fades by as much as one comes closer. */
const CLOSER = 8;
const FADED = 0.5;

const { abs, max, min } = Math;

export interface Slopes {
  numeric: number;
  left: number;
  right: number;
}

/** How far an element is moved to either side. */
export function stepFor(value: number): number {
  return EPS * max(1, abs(value));
}

export function slopes(above: number, below: number, step: number): Slopes {
  return { numeric: (above - below) / (2 * step), right: above / step, left: -below / step };
}

export function closerStep(step: number): number {
  return step / CLOSER;
}

/** `largest` is the largest gradient within the tensor, `size` that of the function's value. */
export function toleranceOf(analytic: number, { numeric }: Slopes, largest: number, size: number): number {
  const rounding = (ROUNDING * max(1, size)) / EPS;
  return RELATIVE_TOLERANCE * max(abs(analytic), abs(numeric)) + SCALE_TOLERANCE * largest + rounding;
}

/** Whether the sides differ so much that it takes a closer look to tell a corner from curvature. */
export function mayBeCorner({ left, right }: Slopes, tolerance: number): boolean {
  return !(abs(right - left) <= 2 * tolerance);
}

export function isCorner(far: Slopes, near: Slopes): boolean {
  return abs(near.right - near.left) > FADED * abs(far.right - far.left);
}

/** At a corner every slope between its sides is a gradient. */
export function agreesWithCorner(analytic: number, { left, right }: Slopes, tolerance: number): boolean {
  return analytic >= min(left, right) - tolerance && analytic <= max(left, right) + tolerance;
}

export function agrees(analytic: number, { numeric }: Slopes, tolerance: number): boolean {
  return abs(analytic - numeric) <= tolerance;
}
