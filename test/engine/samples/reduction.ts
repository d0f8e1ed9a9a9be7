import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
/** A factor of 0 cannot be divided out of a product again. */
const zeros = new Input([2, 3], [0, 0]);
const scalar = new Input([]);

export const reduction: Samples = {
  "torch.sum": [[a], [a, 1], [a, [0, 1], true], [a, -1]],
  "torch.mean": [[a], [a, 0], [a, [0, 1], true]],
  "torch.nansum": [[a], [a, 1], [a, [0, 1], true]],
  "torch.prod": [[a], [a, 1], [a, 0, true], [scalar], [scalar, 0], [zeros, 1]],
  "torch.max": [[a], [a, 1], [a, 0, true], [scalar, 0]],
  "torch.min": [[a], [a, 1], [a, 0, true]],
  "torch.amax": [[a], [a, 1], [a, [0, 1], true]],
  "torch.amin": [[a], [a, 1], [a, [0, 1], true]],
  "torch.aminmax": [[a], [a, { dim: 1 }], [a, { dim: 0, keepdim: true }]],
  "torch.logsumexp": [
    [a, 1],
    [a, [0, 1], true],
    [scalar, 0],
  ],
};
