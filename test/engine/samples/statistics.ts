import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);

export const statistics: Samples = {
  "torch.var": [[a], [a, 1], [a, [0, 1], { correction: 0, keepdim: true }], [a, 0, false], [a, false]],
  "torch.std": [[a], [a, 1], [a, [0, 1], { correction: 0, keepdim: true }], [a, 0, false], [a, false]],
  "torch.var_mean": [[a], [a, 1], [a, [0, 1], { correction: 0, keepdim: true }], [a, false]],
  "torch.std_mean": [[a], [a, 1], [a, [0, 1], { correction: 0, keepdim: true }], [a, false]],
  "Tensor._without_dim": [[new Input([2, 1]), -1]],
};
