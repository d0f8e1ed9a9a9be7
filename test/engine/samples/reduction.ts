import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);

export const reduction: Samples = {
  "torch.sum": [[a], [a, 1], [a, [0, 1], true], [a, -1]],
  "torch.mean": [[a], [a, 0], [a, [0, 1], true]],
  "torch.var": [[a], [a, 1], [a, [0, 1], { correction: 0, keepdim: true }]],
  "torch.std": [[a], [a, 1], [a, [0, 1], { correction: 0, keepdim: true }]],
  "torch.max": [[a], [a, 1], [a, 0, true]],
  "torch.min": [[a], [a, 1], [a, 0, true]],
};
