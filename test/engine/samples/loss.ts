import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const b = new Input([2, 3]);
const row = new Input([3]);
const apart = new Input([2, 3], [2, 3]);

export const loss: Samples = {
  "torch._mse_loss": [
    [a, b, "mean"],
    [a, b, "sum"],
    [a, row, "none"],
  ],
  "torch._smooth_l1_loss": [
    [a, b, "mean", 3],
    [a, apart, "none", 0.2],
    [a, new Input([3], [2, 3]), "sum", 0.2],
  ],
  "torch._huber_loss": [
    [a, b, "mean", 3],
    [a, apart, "none", 0.2],
  ],
};
