import { high, low, narrowed } from "./elementwise";

/**
 * A step of Adam in place, rounded where its operators in sequence round. `doubles` are 1 − β₁, 1 − β₂ and
 * −lr / (1 − β₁ᵗ); `floats` are β₂, √(1 − β₂ᵗ) and ε.
 */
export function adam(
  n: i32,
  param: usize,
  grad: usize,
  mean: usize,
  square: usize,
  doubles: usize,
  floats: usize,
): void {
  const end = (<usize>n) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const g = v128.load(grad + i);
    const before = v128.load(mean + i);
    const m = narrowed(
      moved(low(before), low(g), v128.load64_splat(doubles)),
      moved(high(before), high(g), v128.load64_splat(doubles)),
    );
    v128.store(mean + i, m);
    const decayed = f32x4.mul(v128.load(square + i), v128.load32_splat(floats));
    const v = narrowed(
      addSquare(low(decayed), low(g), v128.load64_splat(doubles, 8)),
      addSquare(high(decayed), high(g), v128.load64_splat(doubles, 8)),
    );
    v128.store(square + i, v);
    const root = f32x4.div(f32x4.sqrt(v), v128.load32_splat(floats, 4));
    const denominator = f32x4.add(root, v128.load32_splat(floats, 8));
    const p = v128.load(param + i);
    v128.store(
      param + i,
      narrowed(
        stepped(low(p), low(m), low(denominator), v128.load64_splat(doubles, 16)),
        stepped(high(p), high(m), high(denominator), v128.load64_splat(doubles, 16)),
      ),
    );
  }
}

// @ts-ignore: decorator
@inline
function moved(mean: v128, grad: v128, weight: v128): v128 {
  return f64x2.add(mean, f64x2.mul(weight, f64x2.sub(grad, mean)));
}

// @ts-ignore: decorator
@inline
function addSquare(square: v128, grad: v128, weight: v128): v128 {
  return f64x2.add(square, f64x2.mul(f64x2.mul(weight, grad), grad));
}

// @ts-ignore: decorator
@inline
function stepped(param: v128, mean: v128, denominator: v128, rate: v128): v128 {
  return f64x2.add(param, f64x2.mul(rate, f64x2.div(mean, denominator)));
}
