import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const row = new Input([3]);
const vector = new Input([4]);
const batch = new Input([2, 2, 3]);
const factors = { beta: 0.5, alpha: 2 };

export const linear_algebra: Samples = {
  "torch.mm": [[a, new Input([3, 4])]],
  "torch.bmm": [[batch, new Input([2, 3, 2])]],
  "torch.mv": [[a, row]],
  "torch.dot": [[vector, new Input([4])]],
  "torch.vdot": [[vector, new Input([4])]],
  "torch.addmm": [
    [new Input([4]), a, new Input([3, 4]), factors],
    [new Input([2, 1]), a, new Input([3, 4])],
  ],
  "torch.addmv": [
    [new Input([2]), a, row, factors],
    [new Input([]), a, row],
  ],
  "torch.addr": [[a, new Input([2]), row, factors]],
  "torch.addbmm": [[new Input([2, 2]), batch, new Input([2, 3, 2]), factors]],
  "torch.baddbmm": [[new Input([2, 2]), batch, new Input([2, 3, 2]), factors]],
  "torch.trace": [[new Input([3, 3])], [a]],
  "torch.matmul": [
    [row, row],
    [row, new Input([3, 2])],
    [row, new Input([2, 3, 2])],
    [new Input([2, 3, 4]), vector],
    [new Input([2, 3, 4]), new Input([4, 2])],
    [a, new Input([2, 3, 2])],
    [new Input([1, 2, 3]), new Input([2, 3, 2])],
    [new Input([2, 1, 2, 3]), new Input([2, 3, 2])],
  ],
  "Tensor._squeezed": [[new Input([1, 3]), 0]],
  "nn.functional.linear": [
    [row, a, new Input([2])],
    [new Input([2, 2, 3]), a, new Input([2])],
    [new Input([2, 2, 3]), a],
  ],
  "torch.outer": [[row, vector]],
  "torch.inner": [
    [a, row],
    [new Input([]), a],
  ],
  "torch.tensordot": [
    [new Input([2, 3, 2]), new Input([3, 2, 2])],
    [
      a,
      new Input([1, 3, 2]),
      [
        [0, 1],
        [2, 1],
      ],
    ],
  ],
  "torch.kron": [[a, new Input([2])]],
  "torch.chain_matmul": [[a, new Input([3, 4]), new Input([4, 2])]],
  "linalg.multi_dot": [[[row, new Input([3, 4]), new Input([4, 2]), new Input([2])]]],
  "torch.einsum": [
    ["ij,jk->ik", a, new Input([3, 2])],
    ["bij,bjk,bk->i", batch, new Input([2, 3, 2]), new Input([2, 2])],
    ["ii->i", new Input([3, 3])],
    ["iji,j->", new Input([2, 3, 2]), row],
    ["...ij,...jk->...k", batch, new Input([3, 2])],
    [a, [0, 1], new Input([2, 3]), [0, 1], [0]],
  ],
};
