import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const scalar = new Input([]);

export const cumulative: Samples = {
  "torch.cumsum": [
    [a, 1],
    [a, 0],
    [scalar, 0],
  ],
  "torch.cumprod": [
    [a, 1],
    [new Input([2, 3], [0, 0]), 1],
    [a, 0],
    [scalar, 0],
  ],
  "torch.cummax": [
    [a, 1],
    [a, 0],
    [scalar, 0],
  ],
  "torch.cummin": [
    [a, 1],
    [a, 0],
  ],
  "torch.logcumsumexp": [
    [a, 1],
    [a, 0],
    [scalar, 0],
  ],
  "torch._mul_scalar": [[a, 3]],
  "torch._div_scalar": [[a, 3]],
  "torch._add_scalar": [[a, 3]],
};
