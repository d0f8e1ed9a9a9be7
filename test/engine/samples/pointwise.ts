import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const b = new Input([2, 3]);
const row = new Input([3]);
const signed = new Input([2, 3], [-1, 1]);
const negative = new Input([3], [-2, -1]);
const probability = new Input([2, 3], [0.2, 0.8]);

export const pointwise: Samples = {
  "torch.exp": [[signed]],
  "torch.exp2": [[signed]],
  "torch.expm1": [[signed]],
  "torch.log": [[a]],
  "torch.log2": [[a]],
  "torch.log10": [[a]],
  "torch.log1p": [[a]],
  "torch.logaddexp": [[a, row]],
  "torch.logaddexp2": [[a, row]],
  "torch.xlogy": [
    [a, b],
    [2, a],
    [a, 2],
    [a, 0.5],
  ],
  "torch.sqrt": [[a]],
  "torch.rsqrt": [[a]],
  "torch.abs": [[a], [negative]],
  "torch.sgn": [[a]],
  "torch.sign": [[a]],
  "torch.hypot": [[a, row]],
  "torch.sigmoid": [[signed]],
  "torch.logit": [[probability], [probability, 0.1], [new Input([3], [0.01, 0.1]), 0.2]],
  "torch.relu": [[a], [negative]],
  "torch.deg2rad": [[signed]],
  "torch.rad2deg": [[signed]],
  "torch.angle": [[a]],
};
