/**
 * Loops over elements. Arrays begin at multiples of 16 and have room for a multiple of four elements, so that no
 * loop has a rest. Every result is the one that plain loops, which compute in doubles, round to.
 */

// @ts-ignore: decorator
@inline
const SUM = 0;
// @ts-ignore: decorator
@inline
const DIFFERENCE = 1;
// @ts-ignore: decorator
@inline
const PRODUCT = 2;
// @ts-ignore: decorator
@inline
const QUOTIENT = 3;

// @ts-ignore: decorator
@inline
function combined(operation: i32, x: v128, y: v128): v128 {
  if (operation == SUM) return f32x4.add(x, y);
  if (operation == DIFFERENCE) return f32x4.sub(x, y);
  if (operation == PRODUCT) return f32x4.mul(x, y);
  return f32x4.div(x, y);
}

// @ts-ignore: decorator
@inline
function pairs(operation: i32, n: i32, a: usize, b: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16)
    v128.store(to + i, combined(operation, v128.load(a + i), v128.load(b + i)));
}

/** `scale` is where the number lies: a constant in a register would be made anew for each step. */
// @ts-ignore: decorator
@inline
function withNumber(operation: i32, n: i32, a: usize, number: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16)
    v128.store(to + i, combined(operation, v128.load(a + i), v128.load32_splat(number)));
}

// @ts-ignore: decorator
@inline
function numberWith(operation: i32, n: i32, number: usize, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16)
    v128.store(to + i, combined(operation, v128.load32_splat(number), v128.load(a + i)));
}

export function add(n: i32, a: usize, b: usize, to: usize): void {
  pairs(SUM, n, a, b, to);
}

export function sub(n: i32, a: usize, b: usize, to: usize): void {
  pairs(DIFFERENCE, n, a, b, to);
}

export function mul(n: i32, a: usize, b: usize, to: usize): void {
  pairs(PRODUCT, n, a, b, to);
}

export function div(n: i32, a: usize, b: usize, to: usize): void {
  pairs(QUOTIENT, n, a, b, to);
}

export function addNumber(n: i32, a: usize, number: usize, to: usize): void {
  withNumber(SUM, n, a, number, to);
}

export function mulNumber(n: i32, a: usize, number: usize, to: usize): void {
  withNumber(PRODUCT, n, a, number, to);
}

export function divNumber(n: i32, a: usize, number: usize, to: usize): void {
  withNumber(QUOTIENT, n, a, number, to);
}

export function subFrom(n: i32, number: usize, a: usize, to: usize): void {
  numberWith(DIFFERENCE, n, number, a, to);
}

export function divInto(n: i32, number: usize, a: usize, to: usize): void {
  numberWith(QUOTIENT, n, number, a, to);
}

// @ts-ignore: decorator
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

// @ts-ignore: decorator
@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1));
}

/** Rounds two pairs of doubles to four floats. */
// @ts-ignore: decorator
@inline
export function narrowed(first: v128, second: v128): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(first), f32x4.demote_f64x2_zero(second), 0, 2);
}

/** a + scale · b, rounded once. `scale` is where the double lies. */
export function addScaled(n: i32, a: usize, scale: usize, b: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    const s = v128.load64_splat(scale);
    v128.store(
      to + i,
      narrowed(
        f64x2.add(low(x), f64x2.mul(s, low(y))),
        f64x2.add(high(x), f64x2.mul(s, high(y))),
      ),
    );
  }
}

/** Adds to each of `rows` rows of n floats without gaps the float at its place from `each` on. */
export function addPerRow(rows: i32, n: i32, a: usize, each: usize): void {
  const whole = (<usize>(n & ~3)) << 2;
  const bytes = (<usize>n) << 2;
  for (let row = 0; row < rows; row++) {
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(a + i, f32x4.add(v128.load(a + i), v128.load32_splat(each)));
    for (; i < bytes; i += 4) f32.store(a + i, f32.load(a + i) + f32.load(each));
    a += bytes;
    each += 4;
  }
}

/** Adds a row of n floats to each of `rows` rows of n without gaps. */
export function addRowToEach(rows: i32, n: i32, a: usize, row: usize): void {
  const whole = (<usize>(n & ~3)) << 2;
  const bytes = (<usize>n) << 2;
  for (let r = 0; r < rows; r++) {
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(a + i, f32x4.add(v128.load(a + i), v128.load(row + i)));
    for (; i < bytes; i += 4) f32.store(a + i, f32.load(a + i) + f32.load(row + i));
    a += bytes;
  }
}

/** Negative numbers become 0. */
export function relu(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(a + i);
    v128.store(to + i, v128.andnot(x, f32x4.lt(x, i32x4.splat(0))));
  }
}

/** grad where the result of `relu` is not 0 (or NaN), else 0. */
export function reluGrad(n: i32, grad: usize, result: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16)
    v128.store(to + i, v128.andnot(v128.load(grad + i), f32x4.le(v128.load(result + i), i32x4.splat(0))));
}

/** grad · (1 − result²), rounded at each step. `one` is where that number lies. */
export function tanhGrad(n: i32, grad: usize, result: usize, one: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const y = v128.load(result + i);
    const slope = f32x4.sub(v128.load32_splat(one), f32x4.mul(y, y));
    v128.store(to + i, f32x4.mul(v128.load(grad + i), slope));
  }
}

/** grad · result · (1 − result), rounded at each step. `one` is where that number lies. */
export function sigmoidGrad(n: i32, grad: usize, result: usize, one: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const y = v128.load(result + i);
    const slope = f32x4.mul(y, f32x4.sub(v128.load32_splat(one), y));
    v128.store(to + i, f32x4.mul(v128.load(grad + i), slope));
  }
}

export function neg(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) v128.store(to + i, f32x4.neg(v128.load(a + i)));
}

export function abs(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) v128.store(to + i, f32x4.abs(v128.load(a + i)));
}

export function sqrt(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) v128.store(to + i, f32x4.sqrt(v128.load(a + i)));
}

export function square(n: i32, a: usize, to: usize): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x = v128.load(a + i);
    v128.store(to + i, f32x4.mul(x, x));
  }
}
