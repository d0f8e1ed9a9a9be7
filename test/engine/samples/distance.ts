import { Input, type Samples } from "./sample";

const rows = new Input([3, 2]);
const others = new Input([4, 2], [-1.6, -0.4]);
const orders = [1, 1.5, 2, 3, Number.POSITIVE_INFINITY];

export const distance: Samples = {
  "torch._cdist": [
    ...orders.map((p) => [rows, others, p]),
    [new Input([2, 3, 2]), new Input([2, 2], [-1.6, -0.4]), 2],
  ],
  "torch._euclidean_dist": [[rows, others]],
  "torch.pdist": orders.map((p) => [rows, p]),
  "linalg.cross": [
    [new Input([2, 3]), new Input([2, 3])],
    [new Input([3, 2]), new Input([3, 1]), { dim: 0 }],
  ],
};
