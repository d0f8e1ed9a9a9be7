import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const b = new Input([2, 3]);
const row = new Input([3]);
const signed = new Input([2, 3], [-1, 1]);
const mask = () =>
  torch.tensor([
    [true, false, true],
    [false, true, false],
  ]);

export const pointwise: Samples = {
  "torch.exp": [[signed]],
  "torch.log": [[a]],
  "torch.log1p": [[a]],
  "torch.sqrt": [[a]],
  "torch.abs": [[a], [new Input([3], [-2, -1])]],
  "torch.sgn": [[a]],
  "torch.sign": [[a]],
  "torch.sin": [[signed]],
  "torch.cos": [[signed]],
  "torch.tanh": [[signed]],
  "torch.sigmoid": [[signed]],
  "torch.relu": [[a], [new Input([3], [-2, -1])]],
  "torch.floor": [[new Input([3], [0.2, 0.8])]],
  "torch.ceil": [[new Input([3], [0.2, 0.8])]],
  "torch.clamp": [
    [signed, -0.5, 0.5],
    [signed, { min: 0.1 }],
    [signed, { max: 0.1 }],
  ],
  "torch.where": [
    [mask, a, b],
    [mask, a, 2],
    [mask, 2, row],
  ],
};
