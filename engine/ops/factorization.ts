import { int32 } from "../dtype";
import { NotImplementedError, RuntimeError } from "../errors";
import { symmetricEigen } from "../kernels/eigen";
import { choleskyInPlace, luInPlace, productOfReflectors, qrInPlace } from "../kernels/factorization";
import {
  copyMatrices,
  halfEpsilon,
  int32Tensor,
  matrixAt,
  refuseFailure,
  requireFloating,
  requireMatrices,
  requireSquare,
  toTensor,
} from "../kernels/matrices";
import { linalg, op, torch } from "../op/define";
import { noDerivative } from "../op/no_derivative";
import { elements, emptyTensor, fromData, type Tensor } from "../tensor";

// Cholesky: A = L Lᵀ.

/**
 * Cholesky factors of symmetric positive-definite matrices (…, n, n), of which the lower triangle counts, without
 * failing: `info` (…) is 0, or the order of the leading minor that is not positive. Source: torch.linalg.cholesky_ex.
 */
op("linalg.cholesky_ex(A: Tensor, *, upper = false, check_errors = false) -> (L, info)", {
  grad_fn: "LinalgCholeskyExBackward0",
  forward: (A, upper, check_errors) => {
    const [L, info] = cholesky(A, upper, "linalg.cholesky");
    if (check_errors) refuseIndefinite(info, "linalg.cholesky_ex");
    return [L, info];
  },
  backward: {
    A: [
      ["upper", "result"],
      (grads, upper, result) => grads[0] && choleskyGrad(grads[0], result[0], upper),
      "½ L⁻ᵀ (Lᵀ grad, its lower triangle mirrored) L⁻¹",
    ],
  },
});

/** Lower (or upper) triangular L with L Lᵀ = A. Throws where A is not positive-definite. Source: torch.linalg.cholesky. */
op("linalg.cholesky(A: Tensor, *, upper = false)", (A, upper) => {
  const { L, info } = linalg.cholesky_ex(A, { upper });
  refuseIndefinite(info, "linalg.cholesky");
  return L;
});

/** As `linalg.cholesky`. Source: torch.cholesky. */
op("cholesky(input, upper = false)", {
  grad_fn: "CholeskyBackward0",
  forward: (input, upper) => {
    const [L, info] = cholesky(input, upper, "cholesky");
    refuseIndefinite(info, "cholesky");
    return L;
  },
  backward: {
    input: [
      ["upper", "result"],
      (grad, upper, result) => choleskyGrad(grad, result, upper),
      "½ L⁻ᵀ (Lᵀ grad, its lower triangle mirrored) L⁻¹",
    ],
  },
});

function cholesky(A: Tensor, upper: boolean, name: string): Tensor[] {
  requireSquare(A, name);
  requireFloating(A, name);
  const matrices = copyMatrices(upper ? A.transpose(-2, -1) : A);
  const info = new Int32Array(matrices.count);
  for (let i = 0; i < info.length; i++) info[i] = choleskyInPlace(matrixAt(matrices, i), matrices.rows);
  const L = toTensor(matrices, A.dtype);
  return [upper ? L.transpose(-2, -1) : L, int32Tensor(info, matrices.batch)];
}

function refuseIndefinite(info: Tensor, name: string): void {
  refuseFailure(
    info,
    name,
    (order) =>
      `The factorization could not be completed because the input is not positive-definite (the leading minor of order ${order} is not positive-definite).`,
  );
}

function choleskyGrad(grad: Tensor, result: Tensor, upper: boolean): Tensor {
  const L = upper ? result.mT : result;
  const gL = upper ? grad.mT : grad;
  const lower = L.mT.matmul(gL).tril();
  const mirrored = lower.add(lower.tril(-1).mT);
  const half = linalg.solve_triangular(L.mT, mirrored, { upper: true });
  return linalg.solve_triangular(L, half, { upper: false, left: false }).mul(0.5);
}

/** Inverse of A = L Lᵀ (or Lᵀ L if `upper`) from L (…, n, n). Source: torch.cholesky_inverse. */
op("cholesky_inverse(input, upper = false)", {
  grad_fn: "CholeskyInverseBackward0",
  forward: (input, upper) => {
    requireSquare(input, "cholesky_inverse");
    const inverse = torch.eye(input.shape.at(-1)!, { dtype: input.dtype }).expand(input.shape);
    return choleskySolve(inverse, input, upper);
  },
  backward: {
    input: [
      ["input", "upper", "result"],
      (grad, L, upper, result) => {
        const common = result.matmul(grad.add(grad.mT).matmul(result));
        return (upper ? L.matmul(common) : common.matmul(L)).neg();
      },
      "−A⁻¹ (grad + gradᵀ) A⁻¹ L",
    ],
  },
});

/** Solves A X = input for A = L Lᵀ (or Lᵀ L if `upper`) from L: (…, n, k), (…, n, n) → (…, n, k). Source: torch.cholesky_solve. */
op("cholesky_solve(input, L: Tensor, upper = false)", {
  grad_fn: "CholeskySolveBackward0",
  forward: (input, L, upper) => {
    const ndim = input.shape.length;
    if (ndim < 2)
      throw new RuntimeError(`b should have at least 2 dimensions, but has ${ndim} dimensions instead`);
    if (L.shape.length < 2)
      throw new RuntimeError(
        `u should have at least 2 dimensions, but has ${L.shape.length} dimensions instead`,
      );
    const [m, n] = L.shape.slice(-2);
    if (m !== n)
      throw new RuntimeError(`A must be batches of square matrices, but they are ${m} by ${n} matrices`);
    if (input.shape.at(-2) !== n)
      throw new RuntimeError(
        `Incompatible matrix sizes for cholesky_solve: each A matrix is ${n} by ${n} but each b matrix is ${input.shape.at(-2)} by ${input.shape.at(-1)}`,
      );
    return choleskySolve(input, L, upper);
  },
  backward: {
    input: [["L", "upper"], (grad, L, upper) => grad.cholesky_solve(L, upper), "A⁻¹ grad"],
    L: [
      ["input", "L", "upper", "result"],
      (grad, _input, L, upper, result) => {
        const product = grad.cholesky_solve(L, upper).matmul(result.mT);
        const common = product.add(product.mT);
        return (upper ? L.matmul(common) : common.matmul(L)).neg();
      },
      "−(A⁻¹ grad Xᵀ + its transpose) L",
    ],
  },
});

function choleskySolve(B: Tensor, factor: Tensor, upper: boolean): Tensor {
  const L = upper ? factor.transpose(-2, -1) : factor;
  const half = linalg.solve_triangular(L, B, { upper: false });
  return linalg.solve_triangular(L.transpose(-2, -1), half, { upper: true });
}

// LU: A = P L U.

/**
 * LU factors of matrices (…, m, n) in one array, U from the diagonal upwards and L below its ones; `pivots`
 * (…, min(m, n)) are the rows, counted from 1, swapped with each; `info` (…) is 0 or the place of the first zero on
 * U's diagonal. Source: torch.linalg.lu_factor_ex.
 */
op("linalg.lu_factor_ex(A: Tensor, *, pivot = true, check_errors = false) -> (LU, pivots, info)", {
  grad_fn: "LinalgLuFactorExBackward0",
  forward: (A, pivot, check_errors) => {
    const parts = lu(A, pivot, "torch.lu_factor");
    if (check_errors) refuseZeroPivot(parts[2], "torch.linalg.lu_factor_ex");
    return parts;
  },
  backward: {
    A: [
      ["result"],
      ([grad], result) => {
        if (grad === null) return null;
        const [P, L, U] = torch.lu_unpack(result[0], result[1]);
        const k = result[1].shape.at(-1)!;
        return luGrad(grad.narrow(-1, 0, k), grad.narrow(-2, 0, k), P, L, U);
      },
      "P L⁻ᵀ (tril(Lᵀ gL) + triu(gU Uᵀ)) U⁻ᵀ",
    ],
  },
});

/** LU factors in one array and the row swaps. Throws where A is singular. Source: torch.linalg.lu_factor. */
op("linalg.lu_factor(A: Tensor, *, pivot = true) -> (LU, pivots)", (A, pivot) => {
  const { LU, pivots, info } = linalg.lu_factor_ex(A, { pivot });
  refuseZeroPivot(info, "torch.linalg.lu_factor");
  return [LU, pivots];
});

/** LU factors in one array and the row swaps, and the infos if asked for. Source: torch.lu. */
op("lu(input, pivot = true, get_infos = false) -> Tensor[]", (input, pivot, get_infos) => {
  const { LU, pivots, info } = linalg.lu_factor_ex(input, { pivot });
  if (get_infos) return [LU, pivots, info];
  refuseZeroPivot(info, "torch.linalg.lu_factor");
  return [LU, pivots];
});

/**
 * Permutation P (…, m, m), unit lower L (…, m, k) and upper U (…, k, n) with A = P L U, k = min(m, n). Refuses to do
 * without `pivot`, as PyTorch does on the CPU. Source: torch.linalg.lu.
 */
op("linalg.lu(A: Tensor, *, pivot = true) -> (P, L, U)", (A, pivot) => {
  const { L, U, pivots } = torch._linalg_lu(A, pivot);
  return [permutationMatrices(pivots, L), L, U];
});

/** Source: aten::linalg_lu, but the permutation, which has no gradient. @internal */
op("_linalg_lu(A: Tensor, pivot: bool) -> (L, U, pivots)", {
  grad_fn: "LinalgLuBackward0",
  forward: (A, pivot) => {
    const [LU, pivots] = lu(A, pivot, "linalg.lu");
    return [...unpack(LU), pivots];
  },
  backward: {
    A: [
      ["result"],
      (grads, [L, U, pivots]) => luGrad(grads[0], grads[1], permutationMatrices(pivots, L), L, U),
      "P L⁻ᵀ (tril(Lᵀ gL) + triu(gU Uᵀ)) U⁻ᵀ",
    ],
  },
});

/** P, L and U out of what `linalg.lu_factor` gives; what is not asked for is empty. Source: torch.lu_unpack. */
op(
  "lu_unpack(LU_data: Tensor, LU_pivots: Tensor, unpack_data = true, unpack_pivots = true) -> (P, L, U)",
  (LU_data, LU_pivots, unpack_data, unpack_pivots) => {
    if (LU_data.shape.length < 2)
      throw new RuntimeError(
        `torch.lu_unpack: Expected tensor with 2 or more dimensions. Got size: [${LU_data.shape.join(", ")}] instead`,
      );
    if (unpack_pivots && LU_pivots.dtype !== int32)
      throw new RuntimeError(
        "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\nNote: this function is intended to be used with the output produced by torch.linalg.lu_factor",
      );
    const none = () => emptyTensor([0], LU_data.dtype);
    const P = unpack_pivots ? permutationMatrices(LU_pivots, LU_data) : none();
    const { L, U } = unpack_data ? torch._lu_unpack(LU_data) : { L: none(), U: none() };
    return [P, L, U];
  },
);

/** Source: aten::lu_unpack, but the permutation, which has no gradient. @internal */
op("_lu_unpack(LU_data: Tensor) -> (L, U)", {
  grad_fn: "LuUnpackBackward0",
  forward: unpack,
  backward: {
    LU_data: [
      ["LU_data.shape"],
      (grads, shape) => packedGrad(grads[0], grads[1], shape),
      "L's and U's grad, side by side",
    ],
  },
});

function lu(A: Tensor, pivot: boolean, name: string): Tensor[] {
  if (A.shape.length < 2)
    throw new RuntimeError(
      `${name}: Expected tensor with 2 or more dimensions. Got size: [${A.shape.join(", ")}] instead`,
    );
  if (!pivot) throw new RuntimeError("linalg.lu_factor: LU without pivoting is not implemented on the CPU");
  if (A.dtype.category !== "float")
    throw new NotImplementedError(`"lu_cpu" not implemented for '${A.dtype.scalarTypeName}'`);
  const matrices = copyMatrices(A);
  const { batch, count, rows, columns } = matrices;
  const k = Math.min(rows, columns);
  const pivots = new Int32Array(count * k);
  const info = new Int32Array(count);
  for (let i = 0; i < count; i++)
    info[i] = luInPlace(matrixAt(matrices, i), rows, columns, pivots.subarray(i * k, (i + 1) * k));
  return [toTensor(matrices, A.dtype), int32Tensor(pivots, [...batch, k]), int32Tensor(info, batch)];
}

function refuseZeroPivot(info: Tensor, name: string): void {
  const values = elements(info);
  const failed = values.findIndex((value) => value !== 0);
  if (failed < 0) return;
  const where = info.shape.length > 0 ? `(Batch element ${failed}): ` : "";
  const place = values[failed];
  throw new RuntimeError(
    `${name}: ${where}U[${place},${place}] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)`,
  );
}

function unpack(LU: Tensor): Tensor[] {
  const [m, n] = LU.shape.slice(-2);
  const k = Math.min(m, n);
  const L = LU.narrow(-1, 0, k)
    .tril(-1)
    .add(torch.eye(m, k, { dtype: LU.dtype }));
  return [L, LU.narrow(-2, 0, k).triu()];
}

/** The matrices that undo the row swaps. */
function permutationMatrices(pivots: Tensor, like: Tensor): Tensor {
  const m = like.shape.at(-2)!;
  const batch = pivots.shape.slice(0, -1);
  const P = emptyTensor([...batch, m, m], like.dtype);
  const swaps = elements(pivots);
  const k = pivots.shape.at(-1)!;
  const out = P.storage.data;
  for (let b = 0; b * m * m < out.length; b++) {
    const order = Array.from({ length: m }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const other = swaps[b * k + i] - 1;
      [order[i], order[other]] = [order[other], order[i]];
    }
    order.forEach((row, i) => {
      out[(b * m + row) * m + i] = 1;
    });
  }
  return P;
}

function packedGrad(gL: Tensor | null, gU: Tensor | null, shape: readonly number[]): Tensor | null {
  const [m, n] = shape.slice(-2);
  const k = Math.min(m, n);
  const batch = shape.slice(0, -2);
  let lower = gL?.tril(-1) ?? null;
  let upper = gU?.triu() ?? null;
  if (lower !== null && n > k) lower = torch.cat([lower, lower.new_zeros([...batch, m, n - k])], -1);
  if (upper !== null && m > k) upper = torch.cat([upper, upper.new_zeros([...batch, m - k, n])], -2);
  return lower === null ? upper : upper === null ? lower : lower.add(upper);
}

/** Source: torch::autograd::linalg_lu_backward. */
function luGrad(gL: Tensor | null, gU: Tensor | null, P: Tensor, L: Tensor, U: Tensor): Tensor | null {
  const [m, k] = L.shape.slice(-2);
  const n = U.shape.at(-1)!;
  const square = { L: L.narrow(-2, 0, k), U: U.narrow(-1, 0, k) };
  const unitLowerT = (B: Tensor) =>
    linalg.solve_triangular(square.L.mT, B, { upper: true, unitriangular: true });
  const upperTRight = (B: Tensor) => linalg.solve_triangular(square.U.mT, B, { upper: false, left: false });
  const sum = (a: Tensor | null, b: Tensor | null) => (a === null ? b : b === null ? a : a.add(b));
  let lower = gL && square.L.mT.matmul(gL.narrow(-2, 0, k));
  let upper = gU?.narrow(-1, 0, k).matmul(square.U.mT) ?? null;
  if (n > k && gU !== null)
    lower = sum(
      lower,
      gU
        .narrow(-1, k, n - k)
        .matmul(U.narrow(-1, k, n - k).mT)
        .neg(),
    );
  if (m > k && gL !== null)
    upper = sum(
      upper,
      L.narrow(-2, k, m - k)
        .mT.matmul(gL.narrow(-2, k, m - k))
        .neg(),
    );
  const inner = sum(lower?.tril(-1) ?? null, upper?.triu() ?? null);
  if (inner === null) return null;
  let gA = unitLowerT(upperTRight(inner));
  if (n > k) {
    const right =
      gU === null ? gA.new_zeros([...gA.shape.slice(0, -1), n - k]) : unitLowerT(gU.narrow(-1, k, n - k));
    gA = torch.cat([gA, right], -1);
  }
  if (m > k) {
    const below =
      gL === null
        ? gA.new_zeros([...gA.shape.slice(0, -2), m - k, gA.shape.at(-1)!])
        : upperTRight(gL.narrow(-2, k, m - k));
    gA = torch.cat([gA, below], -2);
  }
  return P === null ? gA : P.matmul(gA);
}

// QR: A = Q R.

/**
 * Orthogonal Q and upper triangular R with A = Q R, of matrices (…, m, n), k = min(m, n): mode "reduced" gives
 * (…, m, k) and (…, k, n), "complete" (…, m, m) and (…, m, n), "r" an empty Q. Source: torch.linalg.qr.
 */
op("linalg.qr(A: Tensor, mode: str = 'reduced') -> (Q, R)", {
  grad_fn: "LinalgQrBackward0",
  forward: (A, mode) => {
    if (!["reduced", "complete", "r"].includes(mode))
      throw new RuntimeError(
        `qr received unrecognized mode '${mode}' but expected one of 'reduced' (default), 'r', or 'complete'`,
      );
    requireMatrices(A, "linalg.qr");
    requireFloating(A, "linalg.qr");
    return qr(A, mode);
  },
  backward: {
    A: [
      ["A.shape", "mode", "result"],
      (grads, shape, mode, [Q, R]) => qrGrad(grads[0], grads[1], shape, mode, Q, R),
      "(gQ + Q sym(triu(gR Rᵀ − Qᵀ gQ))) R⁻ᵀ",
    ],
  },
});

/** As `linalg.qr`, complete unless `some`. Source: torch.qr. */
op("qr(input, some = true) -> (Q, R)", (input, some) => linalg.qr(input, some ? "reduced" : "complete"));

function qr(A: Tensor, mode: string): Tensor[] {
  const [m, n] = A.shape.slice(-2);
  const batch = A.shape.slice(0, -2);
  const rows = mode === "complete" ? m : Math.min(m, n);
  const Q = emptyTensor(mode === "r" ? [0] : [...batch, m, rows], A.dtype);
  const R = emptyTensor([...batch, rows, n], A.dtype);
  const matrices = copyMatrices(A);
  for (let b = 0; b < matrices.count; b++) {
    const a = Float64Array.from(matrixAt(matrices, b));
    const tau = qrInPlace(a, m, n);
    if (mode !== "r") Q.storage.data.set(productOfReflectors(a, m, n, tau, rows), b * m * rows);
    for (let i = 0; i < rows; i++)
      for (let j = i; j < n; j++) R.storage.data[(b * rows + i) * n + j] = a[i * n + j];
  }
  return [Q, R];
}

/** Source: torch::autograd::linalg_qr_backward. */
function qrGrad(
  gQ: Tensor | null,
  gR: Tensor | null,
  shape: readonly number[],
  mode: string,
  Q: Tensor,
  R: Tensor,
): Tensor | null {
  const [m, n] = shape.slice(-2);
  if (mode === "r")
    throw new RuntimeError(
      "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr.",
    );
  if (mode === "complete" && m > n)
    throw new RuntimeError(
      "The QR decomposition is not differentiable when mode='complete' and nrows > ncols.",
    );
  if (m >= n) return tallGrad(gQ, gR, Q, R);
  // The first m columns are a square problem; the others are Q times theirs of R.
  const first = R.narrow(-1, 0, m);
  if (gR === null) return withZeros(tallGrad(gQ, null, Q, first)!, n - m);
  const gRest = gR.narrow(-1, m, n - m);
  const throughQ = Q.matmul(R.narrow(-1, m, n - m)).matmul(gRest.mT);
  const gFirst = tallGrad(gQ === null ? throughQ : gQ.add(throughQ), gR.narrow(-1, 0, m), Q, first)!;
  return torch.cat([gFirst, Q.matmul(gRest)], -1);
}

function withZeros(t: Tensor, columns: number): Tensor {
  return torch.cat([t, t.new_zeros([...t.shape.slice(0, -1), columns])], -1);
}

function tallGrad(gQ: Tensor | null, gR: Tensor | null, Q: Tensor, R: Tensor): Tensor | null {
  const fromR = gR?.matmul(R.mT) ?? null;
  const fromQ = gQ && Q.mT.matmul(gQ);
  const inner = fromR === null ? fromQ?.neg() : fromQ === null ? fromR : fromR.sub(fromQ);
  if (inner == null) return null;
  const upper = inner.triu();
  const symmetric = upper.add(upper.triu(1).mT);
  const product = Q.matmul(symmetric);
  const gA = gQ === null ? product : product.add(gQ);
  return linalg.solve_triangular(R.mT, gA, { upper: false, left: false });
}

/** The reflectors and factors from which LAPACK makes Q, and R, in its own layout. Source: torch.geqrf. */
op("geqrf(input) -> (a, tau)", {
  grad_fn: "GeqrfBackward0",
  forward: (input) => {
    if (input.shape.length < 2) throw new RuntimeError("torch.geqrf: input must have at least 2 dimensions.");
    const matrices = copyMatrices(input);
    const { batch, count, rows, columns } = matrices;
    const k = Math.min(rows, columns);
    const tau = emptyTensor([...batch, k], input.dtype);
    for (let b = 0; b < count; b++) {
      const a = Float64Array.from(matrixAt(matrices, b));
      tau.storage.data.set(qrInPlace(a, rows, columns), b * k);
      matrixAt(matrices, b).set(a);
    }
    return [toTensor(matrices, input.dtype), tau];
  },
  backward: { input: [[], () => noDerivative("geqrf"), "none"] },
});

/**
 * The first columns of the product of the reflectors I − τᵢ vᵢ vᵢᵀ that the columns of `input` (…, m, n) hold below
 * the diagonal, `tau` (…, k): (…, m, n). Source: torch.linalg.householder_product.
 */
op("linalg.householder_product(input: Tensor, tau: Tensor)", {
  grad_fn: "LinalgHouseholderProductBackward0",
  forward: (input, tau) => {
    requireReflectors(input, tau, "torch.linalg.householder_product");
    return householderProduct(input, tau, input.shape.at(-1)!);
  },
  backward: {
    input: [
      ["input", "tau"],
      (grad, input, tau) => householderGrad(grad, input, tau, "input"),
      "−τ (G + Gᵀ) v for each reflector, G its own gradient",
    ],
    tau: [
      ["input", "tau"],
      (grad, input, tau) => householderGrad(grad, input, tau, "tau"),
      "−vᵀ G v for each reflector, G its own gradient",
    ],
  },
  alias: ["torch.orgqr", "Tensor.orgqr"],
});

function requireReflectors(input: Tensor, tau: Tensor, name: string): void {
  const ndim = input.shape.length;
  if (ndim < 2) throw new RuntimeError(`${name}: input must have at least 2 dimensions.`);
  const [m, n] = input.shape.slice(-2);
  if (m < n)
    throw new RuntimeError(`${name}: input.shape[-2] must be greater than or equal to input.shape[-1]`);
  if (n < (tau.shape.at(-1) ?? 0))
    throw new RuntimeError(`${name}: input.shape[-1] must be greater than or equal to tau.shape[-1]`);
  if (tau.shape.length !== ndim - 1)
    throw new RuntimeError(
      `${name}: Expected tau to have one dimension less than input, but got tau.ndim equal to ${tau.shape.length} and input.ndim is equal to ${ndim}`,
    );
  if (tau.dtype !== input.dtype)
    throw new RuntimeError(
      `${name}: tau dtype ${tau.dtype.scalarTypeName} does not match input dtype ${input.dtype.scalarTypeName}`,
    );
}

function householderProduct(input: Tensor, tau: Tensor, columns: number): Tensor {
  const matrices = copyMatrices(input);
  const { batch, count, rows } = matrices;
  const factors = elements(tau);
  const k = tau.shape.at(-1)!;
  const out = new input.dtype.ArrayType(count * rows * columns);
  for (let b = 0; b < count; b++) {
    const a = Float64Array.from(matrixAt(matrices, b));
    const q = productOfReflectors(a, rows, matrices.columns, factors.subarray(b * k, (b + 1) * k), columns);
    out.set(q, b * rows * columns);
  }
  return fromData(out, [...batch, rows, columns], input.dtype);
}

/** Gradient of the product of reflectors H₁ … H_k, of which `grad` (…, m, c) is that of the first c columns. */
function householderGrad(grad: Tensor, input: Tensor, tau: Tensor, of: "input" | "tau"): Tensor {
  const [m, n] = input.shape.slice(-2);
  const k = tau.shape.at(-1)!;
  const eye = torch.eye(m, { dtype: input.dtype });
  const vectors = input.tril(-1).add(torch.eye(m, n, { dtype: input.dtype }));
  const v = (i: number) => vectors.narrow(-1, i, 1);
  const factor = (i: number) => tau.narrow(-1, i, 1).unsqueeze(-1);
  const reflector = (i: number) => eye.sub(factor(i).mul(v(i).matmul(v(i).mT)));
  // right[i] is what stands right of reflector i, left grows as the walk goes on.
  const right: Tensor[] = [];
  let product = torch.eye(m, grad.shape.at(-1)!, { dtype: input.dtype });
  for (let i = k - 1; i >= 0; i--) {
    right[i] = product;
    product = reflector(i).matmul(product);
  }
  const parts: Tensor[] = [];
  let left = eye;
  for (let i = 0; i < k; i++) {
    const G = left.mT.matmul(grad).matmul(right[i].mT);
    parts.push(
      of === "tau"
        ? v(i).mT.matmul(G).matmul(v(i)).squeeze(-1).neg()
        : factor(i)
            .neg()
            .mul(G.add(G.mT).matmul(v(i))),
    );
    left = left.matmul(reflector(i));
  }
  if (k < n && of === "input") parts.push(input.new_zeros([...input.shape.slice(0, -1), n - k]));
  if (parts.length === 0) return torch.zeros_like(of === "tau" ? tau : input);
  const joined = torch.cat(parts, -1);
  return of === "tau" ? joined : joined.tril(-1);
}

/** other times the orthogonal matrix of the reflectors, from the left or right, or its transpose. Source: torch.ormqr. */
op("ormqr(input, tau: Tensor, other: Tensor, left = true, transpose = false)", {
  grad_fn: "OrmqrBackward0",
  forward: (input, tau, other, left, transpose) => {
    for (const [name, t] of Object.entries({ input, other }))
      if (t.shape.length < 2) throw new RuntimeError(`torch.ormqr: ${name} must have at least 2 dimensions.`);
    const size = left ? other.shape.at(-2) : other.shape.at(-1);
    if (input.shape.at(-2) !== size)
      throw new RuntimeError(`torch.ormqr: other.shape[${left ? -2 : -1}] must be equal to input.shape[-2]`);
    return timesReflectors(householderProduct(input, tau, input.shape.at(-2)!), other, left, transpose);
  },
  backward: {
    input: [
      ["input", "tau", "other", "left", "transpose"],
      (grad, input, tau, other, left, transpose) =>
        householderGrad(orthogonalGrad(grad, other, left, transpose), input, tau, "input"),
      "through the product of the reflectors",
    ],
    tau: [
      ["input", "tau", "other", "left", "transpose"],
      (grad, input, tau, other, left, transpose) =>
        householderGrad(orthogonalGrad(grad, other, left, transpose), input, tau, "tau"),
      "through the product of the reflectors",
    ],
    other: [
      ["input", "tau", "left", "transpose"],
      (grad, input, tau, left, transpose) => input.ormqr(tau, grad, left, !transpose),
      "Qᵀ grad",
    ],
  },
});

function timesReflectors(Q: Tensor, other: Tensor, left: boolean, transpose: boolean): Tensor {
  const factor = transpose ? Q.mT : Q;
  return left ? factor.matmul(other) : other.matmul(factor);
}

function orthogonalGrad(grad: Tensor, other: Tensor, left: boolean, transpose: boolean): Tensor {
  const gQ = left ? grad.matmul(other.mT) : other.mT.matmul(grad);
  return transpose ? gQ.mT : gQ;
}

// Eigenvalues of symmetric matrices.

/** Source: aten::_linalg_eigh. @internal */
op("_linalg_eigh(A: Tensor, UPLO: str = 'L') -> (eigenvalues, eigenvectors)", {
  grad_fn: "LinalgEighBackward0",
  forward: (A, UPLO) => {
    requireSquare(A, "linalg.eigh");
    const triangle = UPLO.toUpperCase();
    if (triangle !== "L" && triangle !== "U")
      throw new RuntimeError(`Expected UPLO argument to be 'L' or 'U', but got ${UPLO}`);
    if (A.dtype.category !== "float")
      throw new NotImplementedError(`"linalg_eigh_cpu" not implemented for '${A.dtype.scalarTypeName}'`);
    const matrices = copyMatrices(A);
    const { batch, count, rows: n } = matrices;
    const values = emptyTensor([...batch, n], A.dtype);
    const vectors = emptyTensor([...batch, n, n], A.dtype);
    for (let b = 0; b < count; b++) {
      const found = symmetricEigen(
        Float64Array.from(matrixAt(matrices, b)),
        n,
        triangle === "U",
        halfEpsilon(A.dtype),
      );
      values.storage.data.set(found.values, b * n);
      const columns = vectors.storage.data;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) columns[(b * n + i) * n + j] = found.vectors[j * n + i];
    }
    return [values, vectors];
  },
  backward: {
    A: [
      ["result"],
      ([gL, gV], [L, V]) => {
        if (gV === null) return gL && V.mul(gL.unsqueeze(-2)).matmul(V.mT);
        const eye = torch.eye(L.shape.at(-1)!, { dtype: L.dtype });
        const gaps = L.unsqueeze(-2).sub(L.unsqueeze(-1)).add(eye);
        const product = V.mT.matmul(gV);
        // Turning the eigenvectors against each other is all that a symmetric A can do.
        const turned = product.sub(product.mT).mul(0.5).div(gaps);
        return V.matmul(gL === null ? turned : turned.add(gL.diag_embed())).matmul(V.mT);
      },
      "V (diag(gL) + skew(Vᵀ gV) / (Lⱼ − Lᵢ)) Vᵀ",
    ],
  },
});

/**
 * Eigenvalues (…, n) in ascending order and eigenvectors, the columns of (…, n, n), of symmetric matrices of
 * which the lower triangle counts, or the upper if `UPLO` is "U". Source: torch.linalg.eigh.
 */
op("linalg.eigh(A: Tensor, UPLO: str = 'L') -> (eigenvalues, eigenvectors)", (A, UPLO) =>
  torch._linalg_eigh(A, UPLO),
);

/** Eigenvalues (…, n) of symmetric matrices in ascending order. Source: torch.linalg.eigvalsh. */
op("linalg.eigvalsh(A: Tensor, UPLO: str = 'L')", (A, UPLO) => torch._linalg_eigh(A, UPLO)[0]);
