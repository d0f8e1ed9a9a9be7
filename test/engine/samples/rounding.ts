import { Input, type Samples } from "./sample";

/** Between the jumps. */
const fractions = new Input([3], [0.2, 0.4]);

export const rounding: Samples = {
  "torch.floor": [[fractions]],
  "torch.ceil": [[fractions]],
  "torch.trunc": [[fractions]],
  "torch.round": [[fractions], [new Input([3], [2.221, 2.224]), { decimals: 2 }]],
  "torch.frac": [[fractions]],
};
