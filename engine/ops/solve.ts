import { bool, float32, int64 } from "../dtype";
import { LinAlgError, RuntimeError } from "../errors";
import { luInPlace, solveTriangularInPlace, swapRows } from "../kernels/factorization";
import {
  copyMatrices,
  int32Tensor,
  matrixAt,
  refuseFailure,
  requireFloating,
  requireMatrices,
  requireSquare,
  toTensor,
} from "../kernels/matrices";
import { linalg, op, torch } from "../op/define";
import { broadcastShapes, sameShape } from "../shape";
import { elements, emptyTensor, fromData, type Tensor } from "../tensor";

/**
 * Inverses of matrices (…, n, n) without failing: `info` (…) is 0, or the place of the first zero on the diagonal
 * where a matrix is singular. Source: torch.linalg.inv_ex.
 */
op("linalg.inv_ex(A: Tensor, *, check_errors = false) -> (inverse, info)", {
  grad_fn: "LinalgInvExBackward0",
  forward: (A, check_errors) => {
    requireSquare(A, "linalg.inv");
    requireFloating(A, "linalg.inv");
    const eye = torch.eye(A.shape.at(-1)!, { dtype: A.dtype });
    const [inverse, info] = solveSquare(A, eye.expand(A.shape));
    if (check_errors) refuseSingular(info, "linalg.inv_ex");
    return [inverse, info];
  },
  backward: {
    A: [
      ["result"],
      (grads, result) => grads[0] && result[0].mT.matmul(grads[0]).matmul(result[0].mT).neg(),
      "−A⁻ᵀ grad A⁻ᵀ",
    ],
  },
});

/** Inverses of matrices (…, n, n). Throws where one is singular. Source: torch.linalg.inv. */
op("linalg.inv(A: Tensor)", inverse);

/** As `linalg.inv`. Source: torch.inverse. */
op("inverse(input)", inverse);

function inverse(A: Tensor): Tensor {
  const { inverse, info } = linalg.inv_ex(A);
  refuseSingular(info, "linalg.inv");
  return inverse;
}

function refuseSingular(info: Tensor, name: string): void {
  refuseFailure(
    info,
    name,
    (place) =>
      `The diagonal element ${place} is zero, the inversion could not be completed because the input matrix is singular.`,
  );
}

/** X with A X = B, of one batch shape, and LU's infos. Computes in the dtype itself, as its zero pivots count. */
function solveSquare(A: Tensor, B: Tensor): [Tensor, Tensor] {
  const left = copyMatrices(A);
  const right = copyMatrices(B);
  const n = left.rows;
  const pivots = new Int32Array(n);
  const info = new Int32Array(left.count);
  for (let i = 0; i < left.count; i++) {
    const a = matrixAt(left, i);
    info[i] = luInPlace(a, n, n, pivots);
    solveFactored(a, n, pivots, matrixAt(right, i), right.columns, false);
  }
  return [toTensor(right, A.dtype), int32Tensor(info, left.batch)];
}

/** Solves with the LU factors of A, or of its transpose, in place of `b` (n × m). Source: LAPACK getrs. */
function solveFactored(
  lu: ReturnType<typeof matrixAt>,
  n: number,
  pivots: ArrayLike<number>,
  b: ReturnType<typeof matrixAt>,
  m: number,
  transposed: boolean,
): void {
  const lower = { data: lu, upper: false, unit: true, transposed };
  const upper = { data: lu, upper: true, unit: false, transposed };
  if (!transposed) for (let i = 0; i < n; i++) if (pivots[i] !== i + 1) swapRows(b, m, i, pivots[i] - 1);
  solveTriangularInPlace(transposed ? upper : lower, n, b, m);
  solveTriangularInPlace(transposed ? lower : upper, n, b, m);
  if (transposed) for (let i = n - 1; i >= 0; i--) if (pivots[i] !== i + 1) swapRows(b, m, i, pivots[i] - 1);
}

/**
 * Solves A X = B, or X A = B unless `left`, without failing: A (…, n, n), B (…, n, k) or (…, n); `info` (…) is not 0
 * where A is singular. Source: torch.linalg.solve_ex.
 */
op("linalg.solve_ex(A: Tensor, B: Tensor, *, left = true, check_errors = false) -> (result, info)", {
  grad_fn: "LinalgSolveExBackward0",
  forward: (A, B, left, check_errors) => {
    const parts = solve(A, B, left);
    if (check_errors) refuseUnsolvable(parts[1], "torch.linalg.solve_ex");
    return parts;
  },
  backward: {
    A: [
      ["A", "B", "left", "result"],
      ([grad], A, B, left, result) => {
        if (grad === null) return null;
        const vector = isVectorSide(A, B);
        const gB = column(linalg.solve(A.mT, grad, { left }), vector);
        const X = column(result[0], vector);
        return (left ? gB.matmul(X.mT) : X.mT.matmul(gB)).neg();
      },
      "−A⁻ᵀ grad Xᵀ",
    ],
    B: [["A", "left"], ([grad], A, left) => grad && linalg.solve(A.mT, grad, { left }), "A⁻ᵀ grad"],
  },
});

/** Solves A X = B, or X A = B unless `left`: A (…, n, n), B (…, n, k) or (…, n). Throws where A is singular. Source: torch.linalg.solve. */
op("linalg.solve(A: Tensor, B: Tensor, *, left = true)", (A, B, left) => {
  const { result, info } = linalg.solve_ex(A, B, { left });
  refuseUnsolvable(info, "torch.linalg.solve");
  return result;
});

function refuseUnsolvable(info: Tensor, name: string): void {
  refuseFailure(info, name, () => "The solver failed because the input matrix is singular.");
}

/** Whether B is a batch of vectors rather than of matrices. Source: at::native::linalg_solve_is_vector_rhs. */
function isVectorSide(A: Tensor, B: Tensor): boolean {
  return (
    B.shape.length === 1 ||
    (A.shape.length - 1 === B.shape.length && sameShape(B.shape, A.shape.slice(0, -1)))
  );
}

function column(t: Tensor, vector: boolean): Tensor {
  return vector ? t.unsqueeze(-1) : t;
}

function solve(A: Tensor, B: Tensor, left: boolean): [Tensor, Tensor] {
  const name = "linalg.solve";
  requireFloating(A, name);
  requireSameType(A, B, name);
  if (A.shape.length < 2) requireMatrices(A, name);
  const vector = isVectorSide(A, B);
  const [a, b] = alignSystems(A, column(B, vector), left, name);
  const [X, info] = left ? solveSquare(a, b) : solveTransposed(a, b);
  return [vector ? X.squeeze(-1) : X, info];
}

function solveTransposed(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const [X, info] = solveSquare(a.transpose(-2, -1), b.transpose(-2, -1));
  return [X.transpose(-2, -1).contiguous(), info];
}

function requireSameType(A: Tensor, B: Tensor, name: string): void {
  if (A.dtype !== B.dtype)
    throw new RuntimeError(
      `${name}: Expected A and B to have the same dtype, but found A of type ${A.dtype.scalarTypeName} and B of type ${B.dtype.scalarTypeName} instead`,
    );
}

/** Both sides of a system of equations with the batch shape in which they meet. */
function alignSystems(A: Tensor, B: Tensor, left: boolean, name: string): [Tensor, Tensor] {
  requireSquare(A, name);
  requireMatrices(B, name, "B");
  const n = A.shape.at(-1)!;
  const [rows, columns] = B.shape.slice(-2);
  if ((left ? rows : columns) !== n)
    throw new RuntimeError(
      `${name}: Incompatible shapes of A and B for the equation ${left ? "AX = B" : "XA = B"} (${n}x${n} and ${rows}x${columns})`,
    );
  const batch = broadcastShapes(B.shape.slice(0, -2), A.shape.slice(0, -2));
  return [A.expand([...batch, n, n]), B.expand([...batch, rows, columns])];
}

/**
 * Solves A X = B, or X A = B unless `left`, for triangular A (…, n, n), B (…, n, k). With `unitriangular` A's
 * diagonal counts as ones. Source: torch.linalg.solve_triangular.
 */
op("linalg.solve_triangular(A: Tensor, B: Tensor, *, upper: bool, left = true, unitriangular = false)", {
  grad_fn: "LinalgSolveTriangularBackward0",
  forward: (A, B, upper, left, unitriangular) => {
    const name = "linalg.solve_triangular";
    requireFloating(A, name);
    requireSameType(A, B, name);
    const [a, b] = alignSystems(A, B, left, name);
    if (left) return solveTriangular(a, b, upper, unitriangular);
    const X = solveTriangular(a.transpose(-2, -1), b.transpose(-2, -1), !upper, unitriangular);
    return X.transpose(-2, -1).contiguous();
  },
  backward: {
    A: [
      ["A", "upper", "left", "unitriangular", "result"],
      (grad, A, upper, left, unitriangular, X) => {
        const gB = linalg.solve_triangular(A.mT, grad, { upper: !upper, left, unitriangular });
        const gA = (left ? gB.matmul(X.mT) : X.mT.matmul(gB)).neg();
        const skipped = unitriangular ? 1 : 0;
        return upper ? gA.triu(skipped) : gA.tril(-skipped);
      },
      "−A⁻ᵀ grad Xᵀ, its triangle",
    ],
    B: [
      ["A", "upper", "left", "unitriangular"],
      (grad, A, upper, left, unitriangular) =>
        linalg.solve_triangular(A.mT, grad, { upper: !upper, left, unitriangular }),
      "A⁻ᵀ grad",
    ],
  },
});

function solveTriangular(A: Tensor, B: Tensor, upper: boolean, unit: boolean): Tensor {
  const left = copyMatrices(A);
  const right = copyMatrices(B);
  for (let i = 0; i < left.count; i++) {
    const triangular = { data: matrixAt(left, i), upper, unit, transposed: false };
    solveTriangularInPlace(triangular, left.rows, matrixAt(right, i), right.columns);
  }
  return toTensor(right, B.dtype);
}

/** X with A X = input, A triangular, and a copy of A. Source: torch.triangular_solve. */
op(
  "triangular_solve(input, A: Tensor, upper = true, transpose = false, unitriangular = false) -> (solution, cloned_coefficient)",
  {
    grad_fn: "TriangularSolveBackward0",
    forward: (input, A, upper, transpose, unitriangular) => {
      const b = input.shape;
      if (b.length < 2)
        throw new RuntimeError(
          `torch.triangular_solve: Expected b to have at least 2 dimensions, but it has ${b.length} dimensions instead`,
        );
      if (A.shape.length < 2)
        throw new RuntimeError(
          `torch.triangular_solve: Expected A to have at least 2 dimensions, but it has ${A.shape.length} dimensions instead`,
        );
      if (input.dtype !== A.dtype)
        throw new RuntimeError(
          `Expected b and A to have the same dtype, but found b of type ${input.dtype.scalarTypeName} and A of type ${A.dtype.scalarTypeName} instead.`,
        );
      const [m, n] = A.shape.slice(-2);
      if (m !== n)
        throw new RuntimeError(`A must be batches of square matrices, but they are ${m} by ${n} matrices`);
      if (b.at(-2) !== n)
        throw new RuntimeError(
          `Incompatible matrix sizes for triangular_solve: each A matrix is ${n} by ${n} but each b matrix is ${b.at(-2)} by ${b.at(-1)}`,
        );
      const batch = broadcastShapes(b.slice(0, -2), A.shape.slice(0, -2));
      const matrices = A.expand([...batch, n, n]);
      const coefficient = transpose ? matrices.transpose(-2, -1) : matrices;
      const right = input.expand([...batch, ...b.slice(-2)]);
      return [solveTriangular(coefficient, right, upper !== transpose, unitriangular), matrices.clone()];
    },
    backward: {
      input: [
        ["A", "upper", "transpose", "unitriangular"],
        ([grad], A, upper, transpose, unitriangular) =>
          grad?.triangular_solve(A, upper, !transpose, unitriangular)[0] ?? null,
        "A⁻ᵀ grad",
      ],
      A: [
        ["A", "upper", "transpose", "unitriangular", "result"],
        ([grad, gClone], A, upper, transpose, unitriangular, [X]) => {
          if (grad === null) return gClone;
          const gB = grad.triangular_solve(A, upper, !transpose, unitriangular)[0];
          const full = (transpose ? X.matmul(gB.mT) : gB.matmul(X.mT)).neg();
          const skipped = unitriangular ? 1 : 0;
          const gA = upper ? full.triu(skipped) : full.tril(-skipped);
          return gClone === null ? gA : gA.add(gClone);
        },
        "−A⁻ᵀ grad Xᵀ, its triangle",
      ],
    },
  },
);

/**
 * Solves with the factors that `linalg.lu_factor` gave of A: A X = B, or X A = B unless `left`, or with the
 * transpose of A if `adjoint`. Source: torch.linalg.lu_solve.
 */
op("linalg.lu_solve(LU: Tensor, pivots: Tensor, B: Tensor, *, left = true, adjoint = false)", {
  grad_fn: "LinalgLuSolveBackward0",
  forward: (LU, pivots, B, left, adjoint) => {
    const name = "linalg.lu_solve";
    requireFloating(LU, name);
    if (LU.dtype !== B.dtype)
      throw new RuntimeError(
        `${name}: Expected LU and B to have the same dtype, but found LU of type ${LU.dtype.scalarTypeName} and B of type ${B.dtype.scalarTypeName} instead`,
      );
    if (pivots.dtype.name !== "int32")
      throw new RuntimeError(`${name}: pivots should be a Tensor of scalar type torch.int32`);
    requireSquare(LU, "torch.linalg.lu_solve");
    const n = LU.shape.at(-1)!;
    if (pivots.shape.at(-1) !== n)
      throw new RuntimeError(
        `${name}: Number of pivots per batch should be same as the dimension of the matrix`,
      );
    const [lu, b] = alignSystems(LU, B, left, name);
    const order = elements(pivots.expand([...lu.shape.slice(0, -2), n]));
    const factors = copyMatrices(lu);
    const right = copyMatrices(left ? b : b.transpose(-2, -1));
    for (let i = 0; i < factors.count; i++) {
      const rows = order.subarray(i * n, (i + 1) * n);
      solveFactored(matrixAt(factors, i), n, rows, matrixAt(right, i), right.columns, left === adjoint);
    }
    const X = toTensor(right, B.dtype);
    return left ? X : X.transpose(-2, -1).contiguous();
  },
  backward: {
    LU: [
      ["LU", "pivots", "left", "adjoint", "result"],
      (grad, LU, pivots, left, adjoint, X) => factorsGrad(grad, LU, pivots, left, adjoint, X),
      "through L and U",
    ],
    pivots: null,
    B: [
      ["LU", "pivots", "left", "adjoint"],
      (grad, LU, pivots, left, adjoint) => linalg.lu_solve(LU, pivots, grad, { left, adjoint: !adjoint }),
      "A⁻ᵀ grad",
    ],
  },
});

/** Source: torch::autograd::linalg_lu_solve_LU. */
function factorsGrad(
  grad: Tensor,
  LU: Tensor,
  pivots: Tensor,
  left: boolean,
  adjoint: boolean,
  X: Tensor,
): Tensor {
  const [P, L, U] = torch.lu_unpack(LU, pivots);
  const g = left ? grad : grad.mT;
  const x = left ? X : X.mT;
  if (left !== adjoint) {
    const gR = linalg.solve_triangular(U.mT, g.matmul(x.mT).neg(), { upper: false });
    const gL = linalg.solve_triangular(L.mT, gR.matmul(U.mT), { upper: true, unitriangular: true });
    return gL.tril(-1).add(gR.triu());
  }
  const inner = P.mT.matmul(x).matmul(g.mT).matmul(P).neg();
  const gR = linalg.solve_triangular(L.mT, inner, { upper: true, left: false, unitriangular: true });
  const gU = linalg.solve_triangular(U.mT, L.mT.matmul(gR), { upper: false, left: false });
  return gR.tril(-1).add(gU.triu());
}

/** Solves A X = input with the factors that `torch.lu` gave of A. Source: torch.lu_solve. */
op("lu_solve(input, LU_data: Tensor, LU_pivots: Tensor)", (input, LU_data, LU_pivots) =>
  linalg.lu_solve(LU_data, LU_pivots, input),
);

/** Determinants of matrices (…, n, n) → (…). Source: torch.linalg.det. */
op("linalg.det(A: Tensor)", {
  grad_fn: "LinalgDetBackward0",
  forward: (A) => {
    requireSquare(A, "linalg.det");
    requireFloating(A, "linalg.det");
    const matrices = copyMatrices(A);
    const { batch, count, rows: n } = matrices;
    const out = new A.dtype.ArrayType(count);
    const pivots = new Int32Array(n);
    for (let b = 0; b < count; b++) {
      const a = matrixAt(matrices, b);
      luInPlace(a, n, n, pivots);
      let product = signOf(pivots);
      for (let i = 0; i < n; i++) product *= a[i * n + i];
      out[b] = product;
    }
    return fromData(out, batch, A.dtype);
  },
  backward: {
    A: [["A", "result"], (grad, A, result) => detGrad(grad, A, result), "grad · det · A⁻ᵀ"],
  },
});

/** As `linalg.det`. Source: torch.det. */
op("det(input)", (input) => linalg.det(input));

/** The sign of the permutation that row swaps make. */
function signOf(pivots: Int32Array): number {
  let sign = 1;
  for (let i = 0; i < pivots.length; i++) if (pivots[i] !== i + 1) sign = -sign;
  return sign;
}

/** Where a matrix is singular, by its adjugate, which singular vectors give. Source: torch::autograd::linalg_det_backward. */
function detGrad(grad: Tensor, A: Tensor, det: Tensor): Tensor {
  const epsilon = A.dtype === float32 ? 2 ** -23 : 2 ** -52;
  const isSingular = elements(det).some((d) => Math.abs(d) < epsilon);
  if (!isSingular) {
    const scaled = grad.mul(det).unsqueeze(-1).unsqueeze(-1);
    const n = A.shape.at(-1)!;
    return linalg.solve(A.mT, torch.eye(n, { dtype: A.dtype }).mul(scaled));
  }
  const { U, S, Vh } = linalg.svd(A);
  const factor = linalg.det(U).mul(linalg.det(Vh)).mul(grad).unsqueeze(-1);
  const n = S.shape.at(-1)!;
  const eye = torch.eye(n, { dtype: bool });
  const others = torch.where(eye, 1, S.unsqueeze(-2).expand([...S.shape, n])).prod(-1);
  return U.mul(factor.mul(others).unsqueeze(-2)).matmul(Vh);
}

/** Signs and logarithms of the absolute values of determinants: (…, n, n) → (…) each. Source: torch.linalg.slogdet. */
op("linalg.slogdet(A: Tensor) -> (sign, logabsdet)", {
  grad_fn: "LinalgSlogdetBackward0",
  forward: (A) => {
    requireSquare(A, "linalg.slogdet");
    requireFloating(A, "linalg.slogdet");
    const matrices = copyMatrices(A);
    const { batch, count, rows: n } = matrices;
    const sign = emptyTensor(batch, A.dtype);
    const log = emptyTensor([...batch], A.dtype);
    const pivots = new Int32Array(n);
    for (let b = 0; b < count; b++) {
      const a = matrixAt(matrices, b);
      luInPlace(a, n, n, pivots);
      let s = signOf(pivots);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        s *= Math.sign(a[i * n + i]);
        sum += Math.log(Math.abs(a[i * n + i]));
      }
      sign.storage.data[b] = s;
      log.storage.data[b] = sum;
    }
    return [sign, log];
  },
  backward: {
    A: [
      ["A"],
      (grads, A) => {
        const grad = grads[1];
        if (grad === null) return null;
        const n = A.shape.at(-1)!;
        const scaled = torch.eye(n, { dtype: A.dtype }).mul(grad.unsqueeze(-1).unsqueeze(-1));
        return linalg.solve_ex(A.mT, scaled).result;
      },
      "grad · A⁻ᵀ",
    ],
  },
});

/** As `linalg.slogdet`. Source: torch.slogdet. */
op("slogdet(input) -> (sign, logabsdet)", (input) => linalg.slogdet(input));

/** Logarithms of determinants: NaN for negative ones, −inf for zero. Source: torch.logdet. */
op("logdet(input)", (input) => {
  requireSquare(input, "logdet");
  requireFloating(input, "logdet");
  const { sign, logabsdet } = linalg.slogdet(input);
  return torch.where(sign.eq(-1), Number.NaN, logabsdet);
});

/**
 * Least squares: the X of smallest norm that minimises ‖A X − B‖, A (…, m, n), B (…, m, k) or (…, m). Also the squared
 * residuals, A's rank and singular values as far as the driver gives them. Source: torch.linalg.lstsq.
 */
op(
  "linalg.lstsq(input: Tensor, b: Tensor, rcond: float? = null, *, driver: str? = null) -> (solution, residuals, rank, singular_values)",
  (input, b, rcond, driver) => {
    const [solution, residuals, rank, singular] = torch._linalg_lstsq(input, b, rcond, driver ?? "gelsy");
    return [solution, residuals, rank, singular.detach()];
  },
);

/** As `linalg.lstsq`, whose singular values have no derivative. @internal */
op(
  "_linalg_lstsq(input: Tensor, b: Tensor, rcond: float?, driver: str) -> (solution, residuals, rank, singular_values)",
  {
    grad_fn: "LinalgLstsqBackward0",
    forward: (input, b, rcond, driver) => leastSquares(input, b, rcond, driver),
    backward: {
      input: [
        ["input", "b", "result"],
        ([gX, gResiduals], A, b, [X]) => {
          const vector = isVectorRight(A, b);
          const B = column(b, vector);
          const fromX = gX && pinvGrad(column(gX, vector).matmul(B.mT), linalg.pinv(A), A);
          if (isAbsent(gResiduals)) return fromX;
          const solution = column(X, vector);
          const error = A.matmul(solution).sub(B).mul(residualFactor(gResiduals, vector));
          const fromResiduals = error.matmul(solution.mT);
          return fromX === null ? fromResiduals : fromX.add(fromResiduals);
        },
        "through the pseudo-inverse of A",
      ],
      b: [
        ["input", "b", "result"],
        ([gX, gResiduals], A, b, [X]) => {
          const vector = isVectorRight(A, b);
          const fromX = gX && linalg.pinv(A).mT.matmul(column(gX, vector));
          let total = fromX;
          if (!isAbsent(gResiduals)) {
            const error = column(b, vector).sub(A.matmul(column(X, vector)));
            const term = error.mul(residualFactor(gResiduals, vector));
            total = fromX === null ? term : fromX.add(term);
          }
          return total && (vector ? total.squeeze(-1) : total);
        },
        "pinv(A)ᵀ grad",
      ],
    },
  },
);

/** Whether there is nothing to say of the residuals, which are empty where they were not computed. */
function isAbsent(grad: Tensor | null): grad is null {
  return grad === null || grad.numel() === 0;
}

function residualFactor(grad: Tensor, vector: boolean): Tensor {
  return column(grad, vector).unsqueeze(-2).mul(2);
}

function isVectorRight(A: Tensor, b: Tensor): boolean {
  return A.shape.length - 1 === b.shape.length && sameShape(b.shape, A.shape.slice(0, -1));
}

function leastSquares(A: Tensor, b: Tensor, rcond: number | null, driver: string): Tensor[] {
  const name = "torch.linalg.lstsq";
  if (A.shape.length < 2) throw new RuntimeError(`${name}: input must have at least 2 dimensions.`);
  if (b.shape.length < 1) throw new RuntimeError(`${name}: other must have at least 1 dimension.`);
  if (A.dtype !== b.dtype)
    throw new RuntimeError(
      `${name}: Expected input and other to have the same dtype, but got input's dtype ${A.dtype.scalarTypeName} and other's dtype ${b.dtype.scalarTypeName}`,
    );
  const vector = isVectorRight(A, b);
  const [m, n] = A.shape.slice(-2);
  if (m !== b.shape.at(vector || b.shape.length < 2 ? -1 : -2))
    throw new RuntimeError(
      `${name}: input.size(-2) should match other.size(${vector || b.shape.length < 2 ? -1 : -2})`,
    );
  if (!["gels", "gelsy", "gelsd", "gelss"].includes(driver))
    throw new RuntimeError(`${name}: parameter \`driver\` should be one of (gels, gelsy, gelsd, gelss)`);
  if (A.dtype.category !== "float")
    throw new RuntimeError("This function doesn't handle types other than float and double");
  const B = column(b, vector);
  broadcastShapes(A.shape.slice(0, -2), B.shape.slice(0, -2));
  const { U, S, Vh } = linalg.svd(A, false);
  const k = Math.min(m, n);
  const cut = S.narrow(-1, 0, Math.min(k, 1)).mul(rcond ?? epsilonOf(A) * Math.max(m, n));
  const kept = S.gt(cut);
  const rank = kept.sum(-1);
  const full = elements(rank).every((r) => r === k);
  if (driver === "gels" && !full)
    throw new LinAlgError(
      `${name}: The least squares solution could not be computed because the input matrix does not have full rank (error code: ${elements(rank).find((r) => r !== k)! + 1}).`,
    );
  const X = Vh.mT.matmul(torch.where(kept, S.reciprocal(), 0).unsqueeze(-1).mul(U.mT.matmul(B)));
  const none = () => emptyTensor([0], A.dtype);
  const hasResiduals = m > n && driver !== "gelsy" && elements(rank).every((r) => r === n);
  const residuals = hasResiduals ? A.matmul(X).sub(B).square().sum(-2) : none();
  return [
    vector ? X.squeeze(-1) : X,
    vector && hasResiduals ? residuals.squeeze(-1) : residuals,
    driver === "gels" ? torch.zeros([0], { dtype: rank.dtype }) : rank,
    driver === "gelsd" || driver === "gelss" ? S : none(),
  ];
}

function epsilonOf(t: Tensor): number {
  return t.dtype === float32 ? 2 ** -23 : 2 ** -52;
}

/** Where to cut singular values off: absolutely, relative to the largest, or both. */
type Tolerance = Tensor | number | null;

/** Source: at::native::get_atol_rtol. */
function threshold(A: Tensor, largest: Tensor, atol: Tolerance, rtol: Tolerance): Tensor {
  const [m, n] = A.shape.slice(-2);
  const absolute = atol ?? 0;
  const usual = epsilonOf(A) * Math.max(m, n);
  const isZero = typeof absolute === "number" && absolute === 0;
  const relative = rtol ?? (isZero ? usual : 0);
  const chosen =
    rtol === null && absolute instanceof Object ? torch.where(absolute.gt(0), 0, usual) : relative;
  const scaled = largest.mul(spread(chosen, A)).to(A.dtype);
  const least = spread(absolute, A);
  return torch.maximum(
    scaled,
    typeof least === "number" ? torch.full_like(scaled, least) : least.to(A.dtype),
  );
}

/** A tolerance per matrix, so that it meets the singular values of that matrix. */
function spread(tolerance: Tensor | number, A: Tensor): Tensor | number {
  return typeof tolerance === "number" || A.shape.length === 2 ? tolerance : tolerance.unsqueeze(-1);
}

/**
 * Pseudo-inverse (…, m, n) → (…, n, m) by singular values; those up to max(atol, rtol · the largest) count as zero.
 * Source: torch.linalg.pinv.
 */
op(
  "linalg.pinv(A: Tensor, *, atol: Number | Tensor? = null, rtol: Number | Tensor? = null, hermitian = false)",
  (A, atol, rtol, hermitian) => torch._linalg_pinv(A, atol, rtol, hermitian),
);

/** Pseudo-inverse with a relative tolerance. Source: torch.linalg.pinv. */
op("linalg.pinv.rcond(A: Tensor, rcond: Number | Tensor, hermitian = false)", (A, rcond, hermitian) =>
  torch._linalg_pinv(A, 0, rcond, hermitian),
);

/** Pseudo-inverse with a relative tolerance. Source: torch.pinverse. */
op("pinverse(input, rcond: Number = 1e-15)", (input, rcond) => torch._linalg_pinv(input, 0, rcond, false));

/** Source: aten::linalg_pinv.atol_rtol_tensor. @internal */
op(
  "_linalg_pinv(A: Tensor, atol: Number | Tensor? = null, rtol: Number | Tensor? = null, hermitian = false)",
  {
    grad_fn: "LinalgPinvBackward0",
    forward: (A, atol, rtol, hermitian) => {
      if (A.shape.length < 2 || A.dtype.category !== "float")
        throw new RuntimeError(
          `linalg.pinv(${A.dtype.scalarTypeName}{[${A.shape.join(", ")}]}): expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types`,
        );
      if (A.numel() === 0) return A.new_zeros([...A.shape.slice(0, -2), A.shape.at(-1)!, A.shape.at(-2)!]);
      if (hermitian) {
        const { eigenvalues, eigenvectors } = linalg.eigh(A);
        const sizes = eigenvalues.abs();
        const kept = sizes.gt(threshold(A, sizes.amax(-1, true), atol, rtol));
        const inverted = torch.where(kept, eigenvalues.reciprocal(), 0);
        return eigenvectors.mul(inverted.unsqueeze(-2)).matmul(eigenvectors.mT);
      }
      const { U, S, Vh } = linalg.svd(A, false);
      const kept = S.gt(threshold(A, S.narrow(-1, 0, 1), atol, rtol));
      return Vh.mT.mul(torch.where(kept, S.reciprocal(), 0).unsqueeze(-2)).matmul(U.mT);
    },
    backward: {
      A: [
        ["A", "result"],
        (grad, A, result) => pinvGrad(grad, result, A),
        "−A⁺ᵀ grad A⁺ᵀ, and the null spaces' terms",
      ],
      atol: null,
      rtol: null,
    },
  },
);

/** Source: torch::autograd::pinv_backward. */
function pinvGrad(grad: Tensor, pinv: Tensor, A: Tensor): Tensor {
  const pinvT = pinv.mT;
  const gradT = grad.mT;
  if (A.shape.at(-2)! <= A.shape.at(-1)!) {
    const K = gradT.matmul(pinv);
    const KpinvT = K.matmul(pinvT);
    return KpinvT.sub(pinv.matmul(K).mT)
      .sub(A.matmul(pinv).matmul(KpinvT))
      .add(pinvT.matmul(pinv).matmul(gradT.sub(K.matmul(A))));
  }
  const K = pinv.matmul(gradT);
  const pinvTK = pinvT.matmul(K);
  return pinvTK
    .sub(K.matmul(pinv).mT)
    .add(gradT.sub(A.matmul(K)).matmul(pinv).matmul(pinvT))
    .sub(pinvTK.matmul(pinv).matmul(A));
}

/**
 * How many singular values (or eigenvalues' sizes if `hermitian`) exceed max(atol, rtol · the largest): (…, m, n) → (…),
 * int64. Source: torch.linalg.matrix_rank.
 */
op(
  "linalg.matrix_rank(A: Tensor, *, atol: Number | Tensor? = null, rtol: Number | Tensor? = null, hermitian = false)",
  matrixRank,
);

/** Rank with an absolute tolerance. Source: torch.linalg.matrix_rank. */
op("linalg.matrix_rank.tol(A: Tensor, tol: Number | Tensor, hermitian = false)", (A, tol, hermitian) =>
  matrixRank(A, tol, 0, hermitian),
);

function matrixRank(A: Tensor, atol: Tolerance, rtol: Tolerance, hermitian: boolean): Tensor {
  requireMatrices(A, "torch.linalg.matrix_rank", "input");
  if (A.dtype.category !== "float")
    throw new RuntimeError("This function doesn't handle types other than float and double");
  const batch = A.shape.slice(0, -2);
  if (A.numel() === 0) return torch.zeros(batch, { dtype: int64 });
  const values = hermitian ? linalg.eigvalsh(A.detach()).abs() : linalg.svdvals(A.detach());
  return values.gt(threshold(A, values.amax(-1, true), atol, rtol)).sum(-1);
}
