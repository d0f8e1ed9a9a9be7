import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);

export const conversion: Samples = {
  "torch.clone": [[a]],
  "torch.fill": [
    [a, 2],
    [a, new Input([])],
  ],
  // In place only; their gradient for the old value is 0. test/engine/autograd.test.ts has them.
  "torch.fill_": [],
  "Tensor.copy_": [],
  "torch.zero_": [],
  "Tensor._to_copy": [[a, torch.float64]],
};
