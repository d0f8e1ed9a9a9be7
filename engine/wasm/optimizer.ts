import { after, kernelsFor, part } from "./kernels";

/** Parameters from which on kernels are faster, and those that they work on at a time. */
const LARGE = 1024;
const PIECE = 16384;

/** What Adam's step takes beside tensors. */
export interface AdamNumbers {
  /** 1 − β₁, β₂ and 1 − β₂. */
  meanWeight: number;
  squareDecay: number;
  squareWeight: number;
  /** What the root of the mean square is divided by, before ε is added. */
  rootCorrection: number;
  eps: number;
  /** −lr / (1 − β₁ᵗ) */
  rate: number;
}

/** A step of Adam on arrays of one length; see engine/kernels/inplace.ts. False where plain loops are to do it. */
export function adam(
  param: Float32Array,
  grad: Float32Array,
  mean: Float32Array,
  square: Float32Array,
  { meanWeight, squareDecay, squareWeight, rootCorrection, eps, rate }: AdamNumbers,
): boolean {
  const n = param.length;
  const kernels = kernelsFor(n, LARGE);
  if (kernels === null) return false;
  const doubles = kernels.base;
  const floats = after(doubles, 6);
  const p = after(floats, 3);
  const g = after(p, PIECE);
  const m = after(g, PIECE);
  const v = after(m, PIECE);
  kernels.reserve(after(v, PIECE));
  kernels.doubles[doubles >> 3] = meanWeight;
  kernels.doubles[(doubles >> 3) + 1] = squareWeight;
  kernels.doubles[(doubles >> 3) + 2] = rate;
  kernels.floats[floats >> 2] = squareDecay;
  kernels.floats[(floats >> 2) + 1] = rootCorrection;
  kernels.floats[(floats >> 2) + 2] = eps;
  for (let i = 0; i < n; i += PIECE) {
    const count = Math.min(PIECE, n - i);
    const end = i + count;
    kernels.write(part(param, i, end), p);
    kernels.write(part(grad, i, end), g);
    kernels.write(part(mean, i, end), m);
    kernels.write(part(square, i, end), v);
    kernels.run.adam(count, p, g, m, v, doubles, floats);
    kernels.read(p, count, param, i);
    kernels.read(m, count, mean, i);
    kernels.read(v, count, square, i);
  }
  return true;
}
