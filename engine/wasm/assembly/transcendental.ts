/**
 * Exponentials, logarithms and what is made of them, in doubles and rounded once: about one result in ten
 * thousand is the float32 beside the exact one's.
 */
import { high, low, narrowed } from "./elementwise";

/**
 * Constants lie in memory, each twice: V8 makes those in code anew for each step of a loop. In order: what e is
 * raised to at least and at most (beyond, float32 has 0 and infinity), log2(e), ln 2, 1.5 · 2⁵², 1, and what r² … r⁸
 * are multiplied by in the polynomial of that degree which is nearest to e^r for |r| ≤ ½ ln 2, off by 1.1e-12 at most.
 */
const E: usize = memory.data<f64>([
  -150.0, -150.0, 150.0, 150.0, 1.4426950408889634, 1.4426950408889634, 0.6931471805599453, 0.6931471805599453,
  6755399441055744.0, 6755399441055744.0, 1.0, 1.0, 0.5000000000426813, 0.5000000000426813, 0.16666666784442777,
  0.16666666784442777, 0.041666664405066986, 0.041666664405066986, 0.008333281807820074, 0.008333281807820074,
  0.0013889197131583958, 0.0013889197131583958, 0.00019908939114637286, 0.00019908939114637286,
  0.00002470828868967991, 0.00002470828868967991,
]);
const LN_2: i32 = 48;
/** What leaves a double no bits below 1, so that adding it rounds and puts the integer in the lowest bits. */
const ROUNDING: i32 = 64;
const ONE: i32 = 80;

/** 1 / n for odd n from 13 to 3. */
const ODD: usize = memory.data<f64>([
  0.07692307692307693, 0.07692307692307693, 0.09090909090909091, 0.09090909090909091, 0.1111111111111111,
  0.1111111111111111, 0.14285714285714285, 0.14285714285714285, 0.2, 0.2, 0.3333333333333333, 0.3333333333333333,
]);
const THIRD: i32 = 80;
/** The bits of √½, from which to √2 mantissas are taken; and the size below which tanh x is x − x³ / 3. */
const BITS: usize = memory.data<u64>([0x3fe6a09e667f3bcd, 0x3fe6a09e667f3bcd]);
const SMALL: usize = memory.data<f64>([1e-4, 1e-4]);

// @ts-ignore: decorator
@inline
function times(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  else return f64x2.add(f64x2.mul(a, b), c);
}

/**
 * e^x of two doubles. The polynomial is computed in halves of halves: terms one after another would wait for each
 * other longer than they take.
 */
// @ts-ignore: decorator
@inline
export function expPair(x: v128): v128 {
  // NaN comes through: what is compared with a limit is what stays where the comparison is false.
  const limited = f64x2.pmin(f64x2.pmax(x, v128.load(E)), v128.load(E, 16));
  const rounded = f64x2.add(f64x2.mul(limited, v128.load(E, 32)), v128.load(E, ROUNDING));
  const power = f64x2.sub(rounded, v128.load(E, ROUNDING));
  const r = f64x2.sub(limited, f64x2.mul(power, v128.load(E, LN_2)));
  const r2 = f64x2.mul(r, r);
  const low = times(times(r, v128.load(E, 112), v128.load(E, 96)), r2, f64x2.add(r, v128.load(E, ONE)));
  let high = times(r, v128.load(E, 144), v128.load(E, 128));
  high = times(times(r, v128.load(E, 176), v128.load(E, 160)), r2, high);
  const r4 = f64x2.mul(r2, r2);
  const sum = times(times(r4, v128.load(E, 192), high), r4, low);
  return i64x2.add(sum, i64x2.shl(rounded, 52));
}

// @ts-ignore: decorator
@inline
function sigmoidPair(x: v128): v128 {
  const one = v128.load(E, ONE);
  return f64x2.div(one, f64x2.add(one, expPair(f64x2.neg(x))));
}

// @ts-ignore: decorator
@inline
function tanhPair(x: v128): v128 {
  const one = v128.load(E, ONE);
  const power = expPair(f64x2.add(x, x));
  const quotient = f64x2.div(f64x2.sub(power, one), f64x2.add(power, one));
  const near = f64x2.sub(x, f64x2.mul(f64x2.mul(f64x2.mul(x, x), x), v128.load(ODD, THIRD)));
  return v128.bitselect(near, quotient, f64x2.lt(f64x2.abs(x), v128.load(SMALL)));
}

/** ln x of two doubles that were floats. */
// @ts-ignore: decorator
@inline
export function logPair(x: v128): v128 {
  const one = v128.load(E, ONE);
  const exponent = i64x2.shr_s(i64x2.sub(x, v128.load(BITS)), 52);
  const mantissa = i64x2.sub(x, i64x2.shl(exponent, 52));
  const s = f64x2.div(f64x2.sub(mantissa, one), f64x2.add(mantissa, one));
  const t = f64x2.mul(s, s);
  const t2 = f64x2.mul(t, t);
  const first = times(t, v128.load(ODD, THIRD), one);
  const second = times(t, v128.load(ODD, 48), v128.load(ODD, 64));
  const third = times(t2, v128.load(ODD), times(t, v128.load(ODD, 16), v128.load(ODD, 32)));
  const sum = times(times(t2, third, second), t2, first);
  const whole = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2));
  const result = times(whole, v128.load(E, LN_2), f64x2.mul(f64x2.add(s, s), sum));
  // 0 gives −∞; negative numbers and NaN give NaN; ∞ stays.
  const zero = f64x2.splat(0);
  const regular = v128.bitselect(result, f64x2.splat(-Infinity), f64x2.ne(x, zero));
  const known = v128.bitselect(regular, f64x2.splat(NaN), f64x2.ge(x, zero));
  return v128.bitselect(x, known, f64x2.eq(x, f64x2.splat(Infinity)));
}

export function exp(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(a + i);
    v128.store(to + i, narrowed(expPair(low(x)), expPair(high(x))));
  }
}

export function sigmoid(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(a + i);
    v128.store(to + i, narrowed(sigmoidPair(low(x)), sigmoidPair(high(x))));
  }
}

export function tanh(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(a + i);
    v128.store(to + i, narrowed(tanhPair(low(x)), tanhPair(high(x))));
  }
}

export function log(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(a + i);
    v128.store(to + i, narrowed(logPair(low(x)), logPair(high(x))));
  }
}

/**
 * e^x / Σ e^x of each of `rows` rows of n elements (a multiple of 4, filled up with −∞), in place. `powers` has
 * room for n doubles.
 */
export function softmax(rows: i32, n: i32, a: usize, powers: usize): void {
  const end = (<usize>n) << 2;
  for (let row = 0; row < rows; row++) {
    const max = f64x2.splat(<f64>largest(a, end));
    let sums = f64x2.splat(0);
    for (let i: usize = 0; i < end; i += 16) {
      const x = v128.load(a + i);
      const first = expPair(f64x2.sub(low(x), max));
      const second = expPair(f64x2.sub(high(x), max));
      v128.store(powers + 2 * i, first);
      v128.store(powers + 2 * i, second, 16);
      sums = f64x2.add(sums, f64x2.add(first, second));
    }
    const share = f64x2.splat(1 / (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)));
    for (let i: usize = 0; i < end; i += 16) {
      const first = f64x2.mul(v128.load(powers + 2 * i), share);
      const second = f64x2.mul(v128.load(powers + 2 * i, 16), share);
      v128.store(a + i, narrowed(first, second));
    }
    a += end;
  }
}

/** x − ln Σ e^x of rows as `softmax` has them, rounded at each step as PyTorch does. */
export function logSoftmax(rows: i32, n: i32, a: usize): void {
  const end = (<usize>n) << 2;
  for (let row = 0; row < rows; row++) {
    const max = f32x4.splat(largest(a, end));
    let sums = f64x2.splat(0);
    for (let i: usize = 0; i < end; i += 16) {
      const x = f32x4.sub(v128.load(a + i), max);
      v128.store(a + i, x);
      sums = f64x2.add(sums, f64x2.add(expPair(low(x)), expPair(high(x))));
    }
    const sum = <f32>(f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
    const logarithm = f32x4.splat(<f32>f64x2.extract_lane(logPair(f64x2.splat(<f64>sum)), 0));
    for (let i: usize = 0; i < end; i += 16) v128.store(a + i, f32x4.sub(v128.load(a + i), logarithm));
    a += end;
  }
}

/** grad − e^result · Σ grad of rows of n elements (a multiple of 4, filled up with 0), written over grad. */
export function logSoftmaxGrad(rows: i32, n: i32, grad: usize, result: usize): void {
  const end = (<usize>n) << 2;
  for (let row = 0; row < rows; row++) {
    let sums = f64x2.splat(0);
    for (let i: usize = 0; i < end; i += 16) {
      const g = v128.load(grad + i);
      sums = f64x2.add(sums, f64x2.add(low(g), high(g)));
    }
    const sum = f32x4.splat(<f32>(f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)));
    for (let i: usize = 0; i < end; i += 16) {
      const y = v128.load(result + i);
      const powers = narrowed(expPair(low(y)), expPair(high(y)));
      v128.store(grad + i, f32x4.sub(v128.load(grad + i), f32x4.mul(powers, sum)));
    }
    grad += end;
    result += end;
  }
}

/** (grad − Σ grad · result) · result of rows of n elements (a multiple of 4), written over grad. */
export function softmaxGrad(rows: i32, n: i32, grad: usize, result: usize): void {
  const end = (<usize>n) << 2;
  for (let row = 0; row < rows; row++) {
    let sums = f64x2.splat(0);
    for (let i: usize = 0; i < end; i += 16) {
      const g = v128.load(grad + i);
      const y = v128.load(result + i);
      sums = f64x2.add(sums, f64x2.add(f64x2.mul(low(g), low(y)), f64x2.mul(high(g), high(y))));
    }
    const sum = f64x2.splat(f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
    for (let i: usize = 0; i < end; i += 16) {
      const g = v128.load(grad + i);
      const y = v128.load(result + i);
      const first = f64x2.mul(f64x2.sub(low(g), sum), low(y));
      v128.store(grad + i, narrowed(first, f64x2.mul(f64x2.sub(high(g), sum), high(y))));
    }
    grad += end;
    result += end;
  }
}

/** Of floats up to `end` bytes from `a` on; NaN does not count. */
// @ts-ignore: decorator
@inline
function largest(a: usize, end: usize): f32 {
  let max = f32x4.splat(-Infinity);
  for (let i: usize = 0; i < end; i += 16) max = f32x4.pmax(max, v128.load(a + i));
  let one = f32x4.extract_lane(max, 0);
  one = select(f32x4.extract_lane(max, 1), one, f32x4.extract_lane(max, 1) > one);
  one = select(f32x4.extract_lane(max, 2), one, f32x4.extract_lane(max, 2) > one);
  return select(f32x4.extract_lane(max, 3), one, f32x4.extract_lane(max, 3) > one);
}
