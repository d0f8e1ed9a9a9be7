import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const b = new Input([2, 3]);
const row = new Input([3]);
const signed = new Input([2, 3], [-1, 1]);

export const loss: Samples = {
  "nn.functional.mse_loss": [
    [a, b],
    [a, b, { reduction: "sum" }],
    [a, row, { reduction: "none" }],
  ],
  "nn.functional.binary_cross_entropy_with_logits": [
    [signed, a],
    [signed, a, { weight: () => torch.rand(3, { dtype: torch.float64 }), reduction: "sum" }],
    [signed, a, { pos_weight: () => torch.rand(3, { dtype: torch.float64 }) }],
  ],
};
