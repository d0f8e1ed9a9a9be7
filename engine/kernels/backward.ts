import { elements, emptyTensor, type Tensor } from "../tensor";
import * as elementwise from "../wasm/elementwise";
import * as rows from "../wasm/rows";

// Derivatives in one go, for backward passes that nobody differentiates in turn. Arguments have one shape.

/** grad where the result of relu is not 0, else 0; NaN lets it through. */
export function reluGrad(grad: Tensor, result: Tensor): Tensor {
  const out = emptyTensor(result.shape, grad.dtype, false);
  const to = out.storage.data;
  const g = elements(grad);
  const y = elements(result);
  if (!elementwise.reluGrad(g, y, to)) for (let i = 0; i < to.length; i++) to[i] = y[i] <= 0 ? 0 : g[i];
  return out;
}

/** grad − e^result · Σ grad along the last dimension. */
export function logSoftmaxGrad(grad: Tensor, result: Tensor): Tensor {
  const out = emptyTensor(result.shape, grad.dtype, false);
  const to = out.storage.data;
  const g = elements(grad);
  const y = elements(result);
  const count = result.shape[result.shape.length - 1];
  if (rows.rowGrad("logSoftmaxGrad", g, y, to, count)) return out;
  for (let start = 0; start < to.length; start += count) {
    let sum = 0;
    for (let i = start; i < start + count; i++) sum += g[i];
    for (let i = start; i < start + count; i++) to[i] = g[i] - Math.exp(y[i]) * sum;
  }
  return out;
}

/** result · (grad − Σ grad · result) along the last dimension. */
export function softmaxGrad(grad: Tensor, result: Tensor): Tensor {
  const out = emptyTensor(result.shape, grad.dtype, false);
  const to = out.storage.data;
  const g = elements(grad);
  const y = elements(result);
  const count = result.shape[result.shape.length - 1];
  if (rows.rowGrad("softmaxGrad", g, y, to, count)) return out;
  for (let start = 0; start < to.length; start += count) {
    let sum = 0;
    for (let i = start; i < start + count; i++) sum += g[i] * y[i];
    for (let i = start; i < start + count; i++) to[i] = (g[i] - sum) * y[i];
  }
  return out;
}

// In those below each step rounds as the operators would that they stand for: it is stored and read again.

/** grad · (1 − result²). */
export function tanhGrad(grad: Tensor, result: Tensor): Tensor {
  const out = emptyTensor(result.shape, grad.dtype, false);
  const to = out.storage.data;
  const g = elements(grad);
  const y = elements(result);
  if (elementwise.slopeGrad("tanhGrad", g, y, to)) return out;
  for (let i = 0; i < to.length; i++) {
    to[i] = y[i] * y[i];
    to[i] = 1 - to[i];
    to[i] = g[i] * to[i];
  }
  return out;
}

/** grad · result · (1 − result). */
export function sigmoidGrad(grad: Tensor, result: Tensor): Tensor {
  const out = emptyTensor(result.shape, grad.dtype, false);
  const to = out.storage.data;
  const g = elements(grad);
  const y = elements(result);
  if (elementwise.slopeGrad("sigmoidGrad", g, y, to)) return out;
  for (let i = 0; i < to.length; i++) {
    to[i] = 1 - y[i];
    to[i] = y[i] * to[i];
    to[i] = g[i] * to[i];
  }
  return out;
}

/** grad · 2 (x − y) / count, for a single number in `grad`. */
export function squaredErrorGrad(grad: Tensor, x: Tensor, y: Tensor, count: number): Tensor {
  const out = emptyTensor(x.shape, x.dtype, false);
  const to = out.storage.data;
  if (to.length === 0) return out;
  const a = elements(x);
  const b = elements(y);
  to[0] = elements(grad)[0] / count;
  const scale = 2 * to[0];
  for (let i = 0; i < to.length; i++) {
    to[i] = a[i] - b[i];
    to[i] *= scale;
  }
  return out;
}
