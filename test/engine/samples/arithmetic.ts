import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const b = new Input([2, 3]);
const row = new Input([3]);
/** Quotients by 1 stay between the jumps of rounding. */
const fractions = new Input([3], [2.2, 2.8]);

export const arithmetic: Samples = {
  "torch.add": [
    [a, b],
    [a, row, { alpha: 3 }],
    [a, 2],
  ],
  "torch.sub": [
    [a, b],
    [a, row, { alpha: 3 }],
    [a, 2],
  ],
  "torch.rsub": [
    [a, b],
    [a, row, { alpha: 3 }],
    [a, 2, { alpha: 3 }],
  ],
  "torch.mul": [
    [a, b],
    [a, row],
    [a, 2],
  ],
  "torch.div": [
    [a, b],
    [row, a],
    [a, 2],
    [a, b, { rounding_mode: null }],
    [fractions, 1, { rounding_mode: "floor" }],
    [fractions, new Input([3], [0.91, 1]), { rounding_mode: "trunc" }],
  ],
  "torch.floor_divide": [],
  "torch.neg": [[a]],
  "torch.pow": [
    [a, 3],
    [a, 2.5],
    [a, 0],
    [a, b],
    [row, a],
    [2, a],
    [0, a],
  ],
  "torch.square": [[a]],
  "torch.float_power": [
    [a, 2.5],
    [2, a],
  ],
  "torch.reciprocal": [[a]],
  "torch.remainder": [
    [fractions, 1],
    [fractions, new Input([3], [0.91, 1])],
  ],
  "torch.fmod": [
    [new Input([3], [-2.8, -2.2]), 1],
    [fractions, new Input([3], [0.91, 1])],
  ],
  "torch.addcmul": [[a, b, row, { value: 0.5 }]],
  "torch.addcdiv": [[a, b, row, { value: 0.5 }]],
  "torch.lerp": [
    [a, b, 0.3],
    [a, row, 0.8],
    [a, row, b],
  ],
};
