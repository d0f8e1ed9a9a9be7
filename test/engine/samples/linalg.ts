import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

type Tensor = InstanceType<typeof torch.Tensor>;

const square = new Input([3, 3], [-1, 1]);
const batch = new Input([2, 2, 2], [-1, 1]);
const tall = new Input([3, 2], [-1, 1]);
const wide = new Input([2, 3], [-1, 1]);

/** Inputs as a matrix kind demands: made within the call, so that the derivative is that of the free entries. */
const positive = new Input([3, 3], [-1, 1], (t: Tensor) =>
  t.matmul(t.mT).add(torch.eye(3, { dtype: t.dtype })),
);
const symmetric = new Input([3, 3], [-1, 1], (t: Tensor) => t.add(t.mT));
const lower = new Input([3, 3], [0.5, 1.5], (t: Tensor) => t.tril());
const upper = new Input([3, 3], [0.5, 1.5], (t: Tensor) => t.triu());
/** Far from singular, and of a fixed order of pivots. */
const regular = new Input([3, 3], [-0.5, 0.5], (t: Tensor) => t.add(torch.eye(3, { dtype: t.dtype }).mul(3)));
const factored = () => torch.tensor([2, 2, 3], { dtype: torch.int32 });
/** Of rank 2, as a product. */
const singular = new Input([3, 2], [0.5, 1.5], (t: Tensor) =>
  t.matmul(
    torch.tensor(
      [
        [1, 2, 0.5],
        [-1, 0.3, 2],
      ],
      { dtype: t.dtype },
    ),
  ),
);

export const linalg: Samples = {
  "linalg.cholesky_ex": [[positive], [positive, { upper: true }]],
  "torch.cholesky": [[positive], [positive, true]],
  "torch.cholesky_inverse": [[lower], [upper, true]],
  "torch.cholesky_solve": [
    [tall, lower],
    [new Input([2, 3, 2]), upper, true],
  ],
  "linalg.lu_factor_ex": [[regular], [tall], [wide]],
  "torch._linalg_lu": [
    [regular, true],
    [tall, true],
    [wide, true],
  ],
  "torch._lu_unpack": [[square], [tall], [wide]],
  "linalg.qr": [[square], [tall], [wide], [new Input([2, 3, 2], [-1, 1])]],
  // PyTorch has no derivative for it.
  "torch.geqrf": [],
  "linalg.householder_product": [
    [tall, new Input([2])],
    [new Input([2, 3, 3]), new Input([2, 2])],
  ],
  "torch.ormqr": [
    [tall, new Input([2]), new Input([3, 2])],
    [tall, new Input([2]), new Input([2, 3]), false, true],
  ],
  "torch._linalg_eigh": [[symmetric], [symmetric, "U"]],
  "linalg.inv_ex": [[regular], [batch]],
  "linalg.solve_ex": [
    [regular, tall],
    [regular, new Input([3])],
    [regular, wide, { left: false }],
    [batch, new Input([2, 2])],
    [batch, new Input([2, 1])],
  ],
  "linalg.solve_triangular": [
    [regular, tall, { upper: true }],
    [regular, wide, { upper: false, left: false }],
    [regular, tall, { upper: false, unitriangular: true }],
  ],
  "torch.triangular_solve": [
    [tall, regular],
    [tall, regular, false, true],
    [tall, regular, true, false, true],
  ],
  "linalg.lu_solve": [
    [regular, factored, tall],
    [regular, factored, tall, { adjoint: true }],
    [regular, factored, wide, { left: false }],
    [regular, factored, wide, { left: false, adjoint: true }],
  ],
  "linalg.det": [[regular], [batch], [singular]],
  "linalg.slogdet": [[regular], [batch]],
  "torch._linalg_lstsq": [
    [tall, new Input([3, 2]), null, "gels"],
    [tall, new Input([3]), null, "gelsy"],
    [wide, new Input([2, 2]), null, "gels"],
  ],
  "torch._linalg_pinv": [[tall], [wide], [symmetric, null, null, true]],
  "linalg.matrix_exp": [[square], [batch]],
  "linalg.matrix_power": [
    [square, 3],
    [square, 5],
    [regular, -2],
  ],
  "linalg.cond": [[square], [square, "nuc"], [square, 1]],
  "linalg.tensorinv": [[new Input([2, 3, 6], [-1, 1]), 2]],
  "linalg.tensorsolve": [[new Input([2, 3, 6], [-1, 1]), new Input([2, 3])]],
  "linalg.vander": [[new Input([3])]],
};
