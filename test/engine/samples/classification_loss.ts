import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const signed = new Input([2, 3], [-1, 1]);
const positive = new Input([2, 3]);
const unit = new Input([2, 3], [0.1, 0.9]);
const ids = () => torch.tensor([2n, 0n]);
const double = { dtype: torch.float64 };
const weight = () => torch.rand([3], double);
const places = () =>
  torch.tensor([
    [
      [2n, 0n],
      [1n, -100n],
    ],
  ]);
const signs = () =>
  torch.tensor(
    [
      [1, -1, 1],
      [-1, -1, 1],
    ],
    double,
  );

export const classification_loss: Samples = {
  "torch._nll_loss": [
    [signed, ids, weight, "mean", -100],
    [signed, ids, null, "none", 2],
    [new Input([3]), () => torch.tensor(1n), weight, "sum", -100],
  ],
  "torch._nll_loss2d": [
    [new Input([1, 3, 2, 2]), places, weight, "mean", -100],
    [new Input([1, 3, 2, 2]), places, null, "none", -100],
  ],
  "torch._binary_cross_entropy": [
    [unit, unit, null, "mean"],
    [unit, unit, weight, "none"],
  ],
  "nn.functional.binary_cross_entropy_with_logits": [
    [signed, positive],
    [signed, positive, { weight, reduction: "sum" }],
    [signed, positive, { pos_weight: weight }],
  ],
  "nn.functional.soft_margin_loss": [
    [signed, signs],
    [signed, signs, { reduction: "none" }],
  ],
  "torch._multi_margin_loss": [
    [signed, ids, 1, 3, weight, "mean"],
    [signed, ids, 2, 3, null, "none"],
  ],
  "nn.functional.multilabel_margin_loss": [
    [
      signed,
      () =>
        torch.tensor([
          [0n, -1n, 1n],
          [1n, 2n, -1n],
        ]),
    ],
    [
      signed,
      () =>
        torch.tensor([
          [0n, -1n, 1n],
          [1n, 2n, -1n],
        ]),
      { reduction: "none" },
    ],
  ],
};
