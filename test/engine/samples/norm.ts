import { Input, type Samples } from "./sample";

const a = new Input([2, 3], [-1.6, -0.4]);
const b = new Input([2, 3]);
const orders = [0.5, 1, 1.5, 2, 3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1];

export const norm: Samples = {
  "linalg.vector_norm": [
    ...orders.flatMap((ord) => [
      [a, ord],
      [a, ord, 1],
      [b, ord, [0, 1], true],
    ]),
    [new Input([]), 2],
  ],
  "torch._norm": [
    [a, 2, []],
    [a, 3, 1],
    [a, 1, [0, 1], true],
  ],
  "torch.dist": [
    [a, b],
    [a, new Input([3]), 3],
    [a, b, 1],
  ],
  "torch._weight_norm_interface": [
    [b, new Input([2, 1]), 0],
    [b, new Input([1, 3]), 1],
  ],
  "torch.renorm": [
    [a, 2, 0, 0.5],
    [a, 1, 1, 0.5],
    [b, 3, 0, 10],
  ],
};
