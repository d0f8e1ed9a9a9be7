import { gradMode } from "../autograd/grad_mode";
import { float32 } from "../dtype";
import { sameShape } from "../shape";
import { willWrite } from "../storage";
import { elements, type Tensor } from "../tensor";
import { addScaled } from "../wasm/elementwise";
import type { AdamNumbers } from "../wasm/optimizer";
import * as wasm from "../wasm/optimizer";

// Steps of optimizers without tensors in between. Each gives what the operators in sequence give, to the bit.

/** target += alpha · other where nothing is recorded. False where the operator is to do it. */
export function addInPlace(target: Tensor, other: Tensor, alpha: number): boolean {
  if (!canOverwrite(target, [other])) return false;
  willWrite(target.storage);
  const x = elements(target);
  const y = elements(other);
  const scale = Math.fround(alpha);
  if (!addScaled(x, scale, y, x)) for (let i = 0; i < x.length; i++) x[i] += scale * y[i];
  return true;
}

/**
 * mean ← lerp(mean, grad), square ← their mean square, param += rate · mean / (√square / rootCorrection + eps), where
 * nothing is recorded. False where the operators are to do it.
 */
export function adamInPlace(
  param: Tensor,
  grad: Tensor,
  mean: Tensor,
  square: Tensor,
  numbers: AdamNumbers,
): boolean {
  if (
    !canOverwrite(param, [grad]) ||
    !canOverwrite(mean, [param, grad]) ||
    !canOverwrite(square, [mean, param, grad])
  )
    return false;
  // A weight of one half or more is interpolated from the other end.
  if (!(numbers.meanWeight < 0.5)) return false;
  for (const { storage } of [mean, square, param]) willWrite(storage);
  const rounded: AdamNumbers = {
    meanWeight: Math.fround(numbers.meanWeight),
    squareDecay: Math.fround(numbers.squareDecay),
    squareWeight: Math.fround(numbers.squareWeight),
    rootCorrection: Math.fround(numbers.rootCorrection),
    eps: Math.fround(numbers.eps),
    rate: Math.fround(numbers.rate),
  };
  const p = elements(param) as Float32Array;
  const g = elements(grad) as Float32Array;
  const m = elements(mean) as Float32Array;
  const v = elements(square) as Float32Array;
  if (!wasm.adam(p, g, m, v, rounded)) adamLoop(p, g, m, v, rounded);
  return true;
}

function adamLoop(
  p: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  { meanWeight, squareDecay, squareWeight, rootCorrection, eps, rate }: AdamNumbers,
): void {
  for (let i = 0; i < p.length; i++) {
    m[i] += meanWeight * (g[i] - m[i]);
    v[i] = Math.fround(v[i] * squareDecay) + squareWeight * g[i] * g[i];
    const root = Math.fround(Math.sqrt(v[i]));
    p[i] += rate * (m[i] / Math.fround(Math.fround(root / rootCorrection) + eps));
  }
}

/** Whether `target` may be written while `others`, of its shape, are read. */
function canOverwrite(target: Tensor, others: readonly Tensor[]): boolean {
  if (gradMode.enabled || target.dtype !== float32 || target.strides !== null) return false;
  return others.every(
    (other) =>
      other.dtype === float32 && other.storage !== target.storage && sameShape(other.shape, target.shape),
  );
}
