import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const b = new Input([2, 3]);
const row = new Input([3]);
const signed = new Input([2, 3], [-1, 1]);
const low = new Input([3], [-0.6, -0.4]);
const high = new Input([2, 3], [0.4, 0.6]);
const mask = () =>
  torch.tensor([
    [true, false, true],
    [false, true, false],
  ]);

export const selection: Samples = {
  "Tensor._where": [
    [mask, a, b],
    [mask, a, 2],
    [mask, 2, row],
  ],
  "torch.where": [[mask, a, b]],
  "Tensor.where": [[a, mask, b]],
  "torch.clamp": [
    [signed, -0.5, 0.5],
    [signed, { min: 0.1 }],
    [signed, { max: 0.1 }],
    [signed, low, high],
    [signed, high, low],
    [signed, { min: low }],
    [signed, { max: high }],
  ],
  "torch.clamp_min": [
    [signed, 0.1],
    [signed, high],
  ],
  "torch.clamp_max": [
    [signed, 0.1],
    [signed, high],
  ],
  "torch.maximum": [[a, b]],
  "torch.minimum": [[a, row]],
  "torch.max": [[a, b]],
  "torch.min": [[a, b]],
  "torch.fmax": [[a, row]],
  "torch.fmin": [[a, b]],
  "torch.nan_to_num": [[a]],
  "torch.copysign": [
    [signed, high],
    [signed, -2],
  ],
  "torch.heaviside": [],
};
