import { RuntimeError } from "../errors";
import { identity } from "../kernels/factorization";
import {
  copyMatrices,
  type Matrices,
  matrixAt,
  requireFloating,
  requireMatrices,
  requireSquare,
  toTensor,
} from "../kernels/matrices";
import { linalg, op, torch } from "../op/define";
import { numel } from "../shape";
import type { Tensor } from "../tensor";

/** The diagonals of matrices. Source: torch.linalg.diagonal. */
op(
  "linalg.diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1)",
  (A, offset, dim1, dim2) => A.diagonal(offset, dim1, dim2),
);

/**
 * The n-th power of square matrices (…, m, m); negative powers are those of the inverse. Throws where that does not
 * exist. Source: torch.linalg.matrix_power.
 */
op("linalg.matrix_power(A: Tensor, n: int)", matrixPower);

/** As `linalg.matrix_power`. Source: torch.matrix_power. */
op("matrix_power(input, n: int)", matrixPower);

function matrixPower(A: Tensor, n: number): Tensor {
  requireSquare(A, "linalg.matrix_power");
  const size = A.shape.at(-1)!;
  if (n === 0) return A.clone().copy_(torch.eye(size, { dtype: A.dtype }).expand(A.shape));
  if (n < 0) requireFloating(A, "linalg.matrix_power");
  const base = n < 0 ? linalg.inv(A) : A;
  let left = Math.abs(n);
  if (left === 1) return n < 0 ? base : base.clone();
  if (left === 3) return base.matmul(base).matmul(base);
  let square = base;
  let result: Tensor | null = null;
  for (; ; square = square.matmul(square)) {
    if (left % 2 === 1) result = result === null ? square : result.matmul(square);
    left = Math.floor(left / 2);
    if (left === 0) return result!;
  }
}

/** Σ Aᵏ / k! of square matrices (…, n, n). Source: torch.linalg.matrix_exp. */
op("linalg.matrix_exp(A: Tensor)", {
  grad_fn: "LinalgMatrixExpBackward0",
  forward: (A) => {
    requireSquare(A, "linalg.matrix_exp");
    requireFloating(A, "linalg.matrix_exp");
    const matrices = copyMatrices(A);
    for (let i = 0; i < matrices.count; i++) exponentiate(matrices, i);
    return toTensor(matrices, A.dtype);
  },
  backward: {
    A: [
      ["A"],
      (grad, A) => {
        // exp of the block matrix ((Aᵀ, grad), (0, Aᵀ)) has the derivative in its corner.
        const n = A.shape.at(-1)!;
        const top = torch.cat([A.mT, grad], -1);
        const bottom = torch.cat([torch.zeros_like(A), A.mT], -1);
        const blocks = linalg.matrix_exp(torch.cat([top, bottom], -2));
        return blocks.narrow(-2, 0, n).narrow(-1, n, n);
      },
      "the derivative of exp at Aᵀ in the direction of grad",
    ],
  },
});

/** As `linalg.matrix_exp`. Source: torch.matrix_exp. */
op("matrix_exp(input)", (input) => linalg.matrix_exp(input));

const TAYLOR_TERMS = 18;

/** Scales until the norm is at most ½, where 18 terms of Taylor's series are exact in doubles; then squares back. */
function exponentiate(matrices: Matrices, index: number): void {
  const out = matrixAt(matrices, index);
  const n = matrices.rows;
  let norm = 0;
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.abs(out[i * n + j]);
    norm = Math.max(norm, sum);
  }
  if (!Number.isFinite(norm)) {
    out.fill(Number.NaN);
    return;
  }
  const halvings = norm > 0.5 ? Math.ceil(Math.log2(norm / 0.5)) : 0;
  const a = Float64Array.from(out, (x) => x / 2 ** halvings);
  let result = identity(n, n);
  for (let k = TAYLOR_TERMS; k > 0; k--) {
    result = product(a, result, n);
    for (let i = 0; i < result.length; i++) result[i] /= k;
    for (let i = 0; i < n; i++) result[i * n + i] += 1;
  }
  for (let i = 0; i < halvings; i++) result = product(result, result, n);
  out.set(result);
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let p = 0; p < n; p++) {
      const x = a[i * n + p];
      for (let j = 0; j < n; j++) out[i * n + j] += x * b[p * n + j];
    }
  return out;
}

/**
 * Condition numbers ‖A‖ · ‖A⁻¹‖ of matrices (…, m, n) → (…), in the norm `p` (2 if null): 1, −1, 2, −2, inf, −inf, "fro",
 * "nuc". Source: torch.linalg.cond.
 */
op("linalg.cond(A: Tensor, p: Number | str? = null)", (A, p) => {
  if (A.shape.length < 2)
    throw new RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.");
  if (p === null || p === 2 || p === -2) {
    if (A.numel() === 0) return torch.zeros(A.shape.slice(0, -2), { dtype: A.dtype });
    const values = linalg.svdvals(A);
    const first = values.narrow(-1, 0, 1);
    const last = values.narrow(-1, -1, 1);
    return (p === -2 ? last.div(first) : first.div(last)).squeeze(-1);
  }
  const known = [1, -1, "fro", "nuc", Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (!known.includes(p)) throw new RuntimeError(`linalg.cond got an invalid norm type: ${p}`);
  requireSquare(A, `linalg.cond(ord=${String(p).replace("Infinity", "inf")})`);
  if (A.numel() === 0) return torch.zeros(A.shape.slice(0, -2), { dtype: A.dtype });
  if (p === "nuc") {
    const values = linalg.svdvals(A);
    return values.sum(-1).mul(values.reciprocal().sum(-1));
  }
  const { inverse, info } = linalg.inv_ex(A);
  const filled = inverse.masked_fill(info.ne(0).unsqueeze(-1).unsqueeze(-1), Number.POSITIVE_INFINITY);
  const infinite = { posinf: Number.POSITIVE_INFINITY, neginf: Number.NEGATIVE_INFINITY };
  return linalg
    .matrix_norm(A, p)
    .mul(linalg.matrix_norm(filled, p))
    .nan_to_num({ nan: Number.POSITIVE_INFINITY, ...infinite });
});

/**
 * The tensor B with tensordot(B, A, ind) the identity: shape A.shape[ind:] + A.shape[:ind], of which both products are
 * equal. Source: torch.linalg.tensorinv.
 */
op("linalg.tensorinv(A: Tensor, ind: int = 2)", (A, ind) => {
  if (ind <= 0) throw new RuntimeError(`Expected a strictly positive integer for 'ind', but got ${ind}`);
  const first = A.shape.slice(0, ind);
  const rest = A.shape.slice(ind);
  if (numel(first) !== numel(rest))
    throw new RuntimeError(
      `Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got ${numel(rest)} != ${numel(first)}`,
    );
  return linalg.inv(A.reshape([numel(rest), numel(first)])).reshape([...rest, ...first]);
});

/** The X with tensordot(A, X, X.ndim) = B; `dims` of A are moved to its end first. Source: torch.linalg.tensorsolve. */
op("linalg.tensorsolve(A: Tensor, B: Tensor, dims: int[]? = null)", (A, B, dims) => {
  const moved =
    dims === null
      ? A
      : A.movedim(
          dims,
          dims.map((_, i) => A.shape.length - dims.length + i),
        );
  const shape = moved.shape.slice(B.shape.length);
  const rows = numel(moved.shape.slice(0, B.shape.length));
  if (numel(shape) !== B.numel())
    throw new RuntimeError(
      `Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got ${numel(shape)} != ${B.numel()}`,
    );
  const matrix = moved.reshape([rows, numel(shape)]);
  return linalg.solve(matrix, B.flatten()).reshape(shape);
});

/** Powers of a vector's elements: (n) → (n, N), N = n unless given, the highest first unless `increasing`. Source: torch.vander. */
op("vander(x: Tensor, N: int? = null, increasing = false)", (x, N, increasing) => {
  if (x.shape.length !== 1) throw new RuntimeError("x must be a one-dimensional tensor.");
  const powers = linalg.vander(x, { N: N ?? x.shape[0] });
  return increasing ? powers : powers.flip(1);
});

/** Powers x⁰ … xᴺ⁻¹ of each element: (…, n) → (…, n, N), N = n unless given. Source: torch.linalg.vander. */
op("linalg.vander(x: Tensor, *, N: int? = null)", (x, N) => {
  const values = x.shape.length === 0 ? x.unsqueeze(-1) : x;
  const count = N ?? values.shape.at(-1)!;
  if (count <= 1) throw new RuntimeError("N must be greater than 1.");
  const powers = values
    .unsqueeze(-1)
    .expand([...values.shape, count - 1])
    .cumprod(-1);
  return torch.cat([powers.new_ones([...values.shape, 1]), powers], -1);
});

/**
 * About the `q` largest singular values of A − M (…, m, n) and their vectors, U (…, m, q), S (…, q), V (…, n, q), from random
 * directions that `niter` steps turn towards them. Source: torch.svd_lowrank.
 */
op(
  "svd_lowrank(A: Tensor, q: int? = 6, niter: int? = 2, M: Tensor? = null) -> (U, S, V)",
  (A, q, niter, M) => {
    requireMatrices(A, "torch.svd_lowrank");
    return lowRank(M === null ? A : A.sub(M.broadcast_to(A.shape)), q ?? 6, niter ?? 2);
  },
);

/** As `svd_lowrank`, of A less the mean of its columns if `center`. Source: torch.pca_lowrank. */
op(
  "pca_lowrank(A: Tensor, q: int? = null, center = true, niter: int = 2) -> (U, S, V)",
  (A, q, center, niter) => {
    requireMatrices(A, "torch.pca_lowrank");
    const [m, n] = A.shape.slice(-2);
    const count = q ?? Math.min(6, m, n);
    if (count < 0 || count > Math.min(m, n))
      throw new RuntimeError(
        `q(=${count}) must be non-negative integer and not greater than min(m, n)=${Math.min(m, n)}`,
      );
    return lowRank(center ? A.sub(A.mean(-2, true)) : A, count, niter);
  },
);

/** Source: torch._lowrank._svd_lowrank. */
function lowRank(A: Tensor, q: number, niter: number): Tensor[] {
  const [m, n] = A.shape.slice(-2);
  const wide = m < n;
  const tall = wide ? A.mT : A;
  const Q = basis(tall, q, niter);
  const { U, S, Vh } = linalg.svd(Q.mT.matmul(tall), false);
  const left = Q.matmul(U);
  return wide ? [Vh.mT, S, left] : [left, S, Vh.mT];
}

/** Source: torch._lowrank.get_approximate_basis. */
function basis(A: Tensor, q: number, niter: number): Tensor {
  let X = A.matmul(torch.randn([A.shape.at(-1)!, q], { dtype: A.dtype }));
  let { Q } = linalg.qr(X);
  for (let i = 0; i < niter; i++) {
    X = A.mT.matmul(Q);
    Q = linalg.qr(X).Q;
    X = A.matmul(Q);
    Q = linalg.qr(X).Q;
  }
  return Q;
}
