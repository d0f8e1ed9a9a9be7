/**
 * Sums and extremes. Sums are taken in doubles, in the order of engine/kernels/reduce.ts, so that they give the same
 * bits: of a row, four sums of every fourth element.
 */
import { high, low } from "./elementwise";

/** Adds n floats (a multiple of 4) to four doubles: element i to sum i mod 4. */
export function addToFour(n: i32, a: usize, sums: usize): void {
  const end = a + ((<usize>n) << 2);
  let first = v128.load(sums);
  let second = v128.load(sums, 16);
  for (; a < end; a += 16) {
    const x = v128.load(a);
    first = f64x2.add(first, low(x));
    second = f64x2.add(second, high(x));
  }
  v128.store(sums, first);
  v128.store(sums, second, 16);
}

/** Sums of `rows` rows of n floats without gaps, as doubles from `to` on. */
export function sumRows(rows: i32, n: i32, a: usize, to: usize): void {
  const whole = (<usize>(n & ~3)) << 2;
  const bytes = (<usize>n) << 2;
  for (let row = 0; row < rows; row++) {
    let first = f64x2.splat(0);
    let second = f64x2.splat(0);
    let i: usize = 0;
    for (; i < whole; i += 16) {
      const x = v128.load(a + i);
      first = f64x2.add(first, low(x));
      second = f64x2.add(second, high(x));
    }
    let sum =
      f64x2.extract_lane(first, 0) +
      (f64x2.extract_lane(first, 1) + (f64x2.extract_lane(second, 0) + f64x2.extract_lane(second, 1)));
    for (; i < bytes; i += 4) sum += <f64>f32.load(a + i);
    f64.store(to, sum);
    to += 8;
    a += bytes;
  }
}

/** Σ (x − mean)² of `rows` rows of n floats without gaps, as doubles written over their means. */
export function sumSquares(rows: i32, n: i32, a: usize, means: usize): void {
  const whole = (<usize>(n & ~3)) << 2;
  const bytes = (<usize>n) << 2;
  for (let row = 0; row < rows; row++) {
    const mean = v128.load64_splat(means);
    let first = f64x2.splat(0);
    let second = f64x2.splat(0);
    let i: usize = 0;
    for (; i < whole; i += 16) {
      const x = v128.load(a + i);
      const below = f64x2.sub(low(x), mean);
      const above = f64x2.sub(high(x), mean);
      first = f64x2.add(first, f64x2.mul(below, below));
      second = f64x2.add(second, f64x2.mul(above, above));
    }
    const sums = f64x2.add(first, second);
    let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    for (; i < bytes; i += 4) {
      const off = <f64>f32.load(a + i) - f64.load(means);
      sum += off * off;
    }
    f64.store(means, sum);
    means += 8;
    a += bytes;
  }
}

/** Adds each of `rows` rows of n floats without gaps to n doubles. */
export function addRows(rows: i32, n: i32, a: usize, sums: usize): void {
  const whole = (<usize>(n & ~3)) << 2;
  const bytes = (<usize>n) << 2;
  for (let row = 0; row < rows; row++) {
    let i: usize = 0;
    for (; i < whole; i += 16) {
      const x = v128.load(a + i);
      const at = sums + 2 * i;
      v128.store(at, f64x2.add(v128.load(at), low(x)));
      v128.store(at, f64x2.add(v128.load(at, 16), high(x)), 16);
    }
    for (; i < bytes; i += 4) f64.store(sums + 2 * i, f64.load(sums + 2 * i) + <f64>f32.load(a + i));
    a += bytes;
  }
}

/** The largest of n floats (one or more); NaN if there is one. */
export function largest(n: i32, a: usize): f32 {
  const end = a + ((<usize>n) << 2);
  const whole = a + ((<usize>(n & ~3)) << 2);
  let lanes = f32x4.splat(-Infinity);
  let unordered = i32x4.splat(0);
  for (; a < whole; a += 16) {
    const x = v128.load(a);
    lanes = f32x4.pmax(lanes, x);
    unordered = v128.or(unordered, f32x4.ne(x, x));
  }
  if (v128.any_true(unordered)) return NaN;
  let result = max(
    max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
    max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
  );
  for (; a < end; a += 4) result = max(result, f32.load(a));
  return result;
}

/** The smallest of n floats (one or more); NaN if there is one. */
export function smallest(n: i32, a: usize): f32 {
  const end = a + ((<usize>n) << 2);
  const whole = a + ((<usize>(n & ~3)) << 2);
  let lanes = f32x4.splat(Infinity);
  let unordered = i32x4.splat(0);
  for (; a < whole; a += 16) {
    const x = v128.load(a);
    lanes = f32x4.pmin(lanes, x);
    unordered = v128.or(unordered, f32x4.ne(x, x));
  }
  if (v128.any_true(unordered)) return NaN;
  let result = min(
    min(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
    min(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
  );
  for (; a < end; a += 4) result = min(result, f32.load(a));
  return result;
}
