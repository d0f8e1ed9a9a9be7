import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const row = new Input([3]);
const vector = new Input([4]);

export const views: Samples = {
  "Tensor.view": [
    [a, 3, 2],
    [a, [6]],
  ],
  "torch._unsafe_view": [[a, 3, 2]],
  "torch.permute": [[new Input([2, 3, 2]), 2, 0, 1]],
  "torch.transpose": [[a, 0, 1]],
  "torch.t": [[a], [vector]],
  "Tensor.expand": [
    [row, 2, 3],
    [new Input([2, 1]), -1, 4],
  ],
  "torch.squeeze": [[new Input([1, 3, 1])], [new Input([1, 3, 1]), 0]],
  "torch.unsqueeze": [[a, 1]],
  "torch.select": [[a, 1, -1]],
  "Tensor.slice": [
    [new Input([5, 2]), 0, 1, 5, 2],
    [a, 1, -2],
  ],
  "torch.clone": [[a]],
  "torch.fill": [[a, 2]],
  // In place only; their gradient for the old value is 0. test/engine/autograd.test.ts has them.
  "Tensor.copy_": [],
  "Tensor.zero_": [],
  "Tensor._to_copy": [[a, torch.float64]],
  "torch.unbind": [[a], [a, 1]],
};
