import { LinAlgError, RuntimeError } from "../errors";
import { halfEpsilon } from "../kernels/matrices";
import { singularValues } from "../kernels/svd";
import { op, torch } from "../op/define";
import { numel } from "../shape";
import { elements, emptyTensor, type Tensor } from "../tensor";

/** Source: aten::_linalg_svd. @internal */
op("_linalg_svd(A: Tensor, full_matrices = false) -> (U, S, Vh)", {
  grad_fn: "LinalgSvdBackward0",
  forward: (A, full_matrices) => decompose(A, full_matrices),
  backward: {
    A: [
      ["A.shape", "result"],
      (grads, shape, result) => svdGrad(grads, shape, result),
      "U (diag(S's grad) + terms of U's and Vh's grads) Vh",
    ],
  },
});

function decompose(A: Tensor, full: boolean): Tensor[] {
  if (A.shape.length < 2)
    throw new RuntimeError("linalg.svd: The input tensor A must have at least 2 dimensions.");
  if (A.dtype.category !== "float")
    throw new RuntimeError(
      `linalg.svd: Expected a floating point or complex tensor as input. Got ${A.dtype.scalarTypeName}`,
    );
  const data = elements(A);
  const batch = A.shape.slice(0, -2);
  const [m, n] = A.shape.slice(-2);
  const k = Math.min(m, n);
  const [left, right] = full ? [m, n] : [k, k];
  const U = emptyTensor([...batch, m, left], A.dtype);
  const S = emptyTensor([...batch, k], A.dtype);
  const Vh = emptyTensor([...batch, right, n], A.dtype);
  for (let b = 0; b < numel(batch); b++) {
    const found = singularValues(
      Float64Array.from(data.subarray(b * m * n, (b + 1) * m * n)),
      m,
      n,
      halfEpsilon(A.dtype),
    );
    if (found === null)
      throw new LinAlgError(
        `linalg.svd: ${batch.length > 0 ? `(Batch element ${b}): ` : ""}The algorithm failed to converge because the input matrix contained non-finite values.`,
      );
    const { values, ut, v } = found;
    S.storage.data.set(values, b * k);
    Vh.storage.data.set(v.subarray(0, right * n), b * right * n);
    const columns = U.storage.data;
    for (let i = 0; i < m; i++)
      for (let j = 0; j < left; j++) columns[(b * m + i) * left + j] = ut[j * m + i];
  }
  return [U, S, Vh];
}

/** Source: torch::autograd::svd_backward. */
function svdGrad(grads: (Tensor | null)[], shape: number[], result: Tensor[]): Tensor | null {
  const [m, n] = shape.slice(-2);
  const k = Math.min(m, n);
  const U = result[0].narrow(-1, 0, k);
  const S = result[1];
  const Vh = result[2].narrow(-2, 0, k);
  const gU = grads[0]?.narrow(-1, 0, k) ?? null;
  const gS = grads[1];
  const gVh = grads[2]?.narrow(-2, 0, k) ?? null;
  if (gU === null && gVh === null) return gS && U.matmul(gS.unsqueeze(-1).mul(Vh));
  const squares = S.mul(S);
  const gaps = squares
    .unsqueeze(-2)
    .sub(squares.unsqueeze(-1))
    .add(torch.eye(k, { dtype: S.dtype }));
  let inner = gS === null ? null : gS.diag_embed();
  const plus = (term: Tensor) => (inner === null ? term : inner.add(term));
  if (gU !== null) inner = plus(skew(U.mT.matmul(gU)).div(gaps).mul(S.unsqueeze(-2)));
  if (gVh !== null) inner = plus(S.unsqueeze(-1).mul(skew(Vh.matmul(gVh.mT)).div(gaps)));
  if (m > k && gU !== null) {
    const scaled = gU.div(S.unsqueeze(-2));
    const outside = scaled.sub(U.matmul(U.mT.matmul(scaled)));
    return U.matmul(inner!).add(outside).matmul(Vh);
  }
  if (n > k && gVh !== null) {
    const scaled = gVh.div(S.unsqueeze(-1));
    const outside = scaled.sub(scaled.matmul(Vh.mT).matmul(Vh));
    return U.matmul(inner!.matmul(Vh).add(outside));
  }
  return U.matmul(inner!).matmul(Vh);
}

function skew(t: Tensor): Tensor {
  return t.sub(t.mT);
}

/**
 * Singular value decomposition A = U diag(S) Vh of matrices (…, m, n), S (…, min(m, n)) in descending order;
 * U (…, m, m) and Vh (…, n, n) unless `full_matrices` is false, then only the vectors that S scales. Vectors
 * are unique up to their sign. Throws for integers and where an element is not finite.
 * Source: torch.linalg.svd.
 */
op("linalg.svd(A: Tensor, full_matrices = true) -> (U, S, Vh)", (A, full_matrices) =>
  torch._linalg_svd(A, full_matrices),
);

/** Singular values of matrices (…, m, n) → (…, min(m, n)), in descending order. Source: torch.linalg.svdvals. */
op("linalg.svdvals(A: Tensor)", (A) => torch._linalg_svd(A, false)[1]);

/** As `linalg.svd`, thin if `some`, with V in place of its transpose. Source: torch.svd. */
op("svd(input, some = true) -> (U, S, V)", (input, some) => {
  const ndim = input.shape.length;
  if (ndim < 2)
    throw new RuntimeError(
      `linalg.svd: input should have at least 2 dimensions, but has ${ndim} dimensions instead`,
    );
  const [U, S, Vh] = torch._linalg_svd(input, !some);
  return [U, S, Vh.mT];
});
