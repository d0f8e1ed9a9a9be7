import { RuntimeError } from "../errors";
import { add, mul } from "../kernels/arithmetic";
import { bmm, dot, mm, mv } from "../kernels/matmul";
import { op } from "../op/define";
import { broadcastShapes, numel } from "../shape";
import type { Tensor } from "../tensor";

/** Matrix product: input (n, k), mat2 (k, m) → (n, m). Source: torch.mm. */
op("mm(input, mat2)", {
  grad_fn: "MmBackward0",
  forward: mm,
  backward: {
    input: [["mat2"], (grad, mat2) => grad.mm(mat2.t()), "grad @ mat2ᵀ"],
    mat2: [["input"], (grad, input) => input.t().mm(grad), "inputᵀ @ grad"],
  },
});

/** Product of two batches of matrices: (b, n, k), (b, k, m) → (b, n, m). Source: torch.bmm. */
op("bmm(input, mat2)", {
  grad_fn: "BmmBackward0",
  forward: bmm,
  backward: {
    input: [["mat2"], (grad, mat2) => grad.bmm(mat2.transpose(1, 2)), "grad @ mat2ᵀ"],
    mat2: [["input"], (grad, input) => input.transpose(1, 2).bmm(grad), "inputᵀ @ grad"],
  },
});

/** Matrix times vector: input (n, m), vec (m) → (n). Source: torch.mv. */
op("mv(input, vec)", {
  grad_fn: "MvBackward0",
  forward: mv,
  backward: {
    input: [["vec"], (grad, vec) => grad.ger(vec), "grad ⊗ vec"],
    vec: [["input"], (grad, input) => input.t().mv(grad), "inputᵀ @ grad"],
  },
});

/** Sum of products of two vectors of length n, 0-dim. Source: torch.dot. */
op("dot(input, tensor)", {
  grad_fn: "DotBackward0",
  forward: dot,
  backward: {
    input: [["tensor"], (grad, tensor) => grad.mul(tensor), "grad · tensor"],
    tensor: [["input"], (grad, input) => grad.mul(input), "grad · input"],
  },
});

/** Every product of two vectors' elements: (n), (m) → (n, m). Source: torch.outer. */
op("outer(input, vec2)", (input, vec2) => input.unsqueeze(1).mul(vec2), {
  alias: ["torch.ger", "Tensor.ger"],
});

/** beta · input + alpha · mat1 @ mat2: (n, k), (k, m) → (n, m). Source: torch.addmm. */
op("addmm(input, mat1, mat2, *, beta: Number = 1, alpha: Number = 1)", {
  grad_fn: "AddmmBackward0",
  forward: (input, mat1, mat2, beta, alpha) => {
    const product = mm(mat1, mat2);
    return add(beta === 1 ? input : mul(input, beta), alpha === 1 ? product : mul(product, alpha));
  },
  backward: {
    input: [["beta"], (grad, beta) => scaled(grad, beta), "grad · beta"],
    mat1: [
      ["mat2", "alpha"],
      (grad, mat2, alpha) => scaled(grad.mm(mat2.t()), alpha),
      "grad @ mat2ᵀ · alpha",
    ],
    mat2: [
      ["mat1", "alpha"],
      (grad, mat1, alpha) => scaled(mat1.t().mm(grad), alpha),
      "mat1ᵀ @ grad · alpha",
    ],
  },
});

function scaled(grad: Tensor, factor: number): Tensor {
  return factor === 1 ? grad : grad.mul(factor);
}

/**
 * The product that `@` means: dot product of vectors, matrix times vector, matrices, or batches of them with
 * broadcast batch dimensions. Throws where inner sizes differ. Source: torch.matmul.
 */
op("matmul(input, other: Tensor)", (input, other) => {
  const left = input.shape.length;
  const right = other.shape.length;
  if (left === 0 || right === 0)
    throw new RuntimeError(
      `both arguments to matmul need to be at least 1D, but they are ${left}D and ${right}D`,
    );
  if (left === 1 && right === 1) return input.dot(other);
  if (left === 2 && right === 1) return input.mv(other);
  if (left === 1 && right === 2) return input.unsqueeze(0).mm(other).squeeze(0);
  if (left === 2 && right === 2) return input.mm(other);
  if (left >= 3 && right <= 2) return foldedProduct(input, other);
  return batchedProduct(input, other);
});

/** (…, n, k) @ (k, m) or (k): one product of the stacked rows. */
function foldedProduct(input: Tensor, other: Tensor): Tensor {
  const batch = input.shape.slice(0, -1);
  const rows = input.reshape([numel(batch), input.shape.at(-1)!]);
  if (other.shape.length === 1) return rows.mv(other).reshape(batch);
  return rows.mm(other)._unsafe_view([...batch, other.shape[1]]);
}

function batchedProduct(input: Tensor, other: Tensor): Tensor {
  const a = input.shape.length === 1 ? input.unsqueeze(0) : input;
  const b = other.shape.length === 1 ? other.unsqueeze(1) : other;
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const flat = (t: Tensor) =>
    t.expand([...batch, ...t.shape.slice(-2)]).reshape([numel(batch), ...t.shape.slice(-2)]);
  const product = flat(a).bmm(flat(b));
  const result = product._unsafe_view([...batch, ...product.shape.slice(-2)]);
  if (input.shape.length === 1) return result.squeeze(-2);
  return other.shape.length === 1 ? result.squeeze(-1) : result;
}

/** input @ weightᵀ + bias: (…, in), (out, in), (out) → (…, out). Source: torch.nn.functional.linear. */
op("nn.functional.linear(input, weight, bias: Tensor? = null)", (input, weight, bias) => {
  if (bias === null) return input.matmul(weight.t());
  if (input.shape.length === 2) return bias.addmm(input, weight.t());
  const lead = input.shape.slice(0, -1);
  const rows = input.view([numel(lead), input.shape.at(-1) ?? 1]);
  return bias.addmm(rows, weight.t()).view([...lead, weight.shape[0]]);
});
