import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const b = new Input([2, 3]);

export const joining: Samples = {
  "torch.cat": [[[a, new Input([2, 2])], 1], [[a, new Input([0]), b]]],
  "torch.stack": [[[a, b], 1], [[a, b], -1], [[new Input([])]]],
  "torch.block_diag": [[a, new Input([2]), new Input([])]],
};
