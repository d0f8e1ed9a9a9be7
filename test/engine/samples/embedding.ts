import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const weight = new Input([5, 3]);
const ids = () =>
  torch.tensor([
    [1n, 4n],
    [2n, 1n],
  ]);
const list = () => torch.tensor([1n, 4n, 2n, 1n]);

export const embedding: Samples = {
  "Tensor._embedding": [
    [weight, ids, -1, false],
    [weight, ids, 3, false],
  ],
  "torch._embedding_bag": [
    [weight, list, [0, 1, 4], false, "sum", new Input([4]), -1],
    [weight, list, [0, 1, 1, 4], false, "mean", null, 2],
    [weight, list, [0, 1, 4], false, "max", null, -1],
  ],
};
