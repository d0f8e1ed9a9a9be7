/** The mistakes that are explained: each has a page `docs/diagnostics/<code>.md` and a setting to turn it off. */
export const MISTAKES = [
  "non-finite",
  "loss-not-decreasing",
  "loss-diverging",
  "vanishing-gradient",
  "exploding-gradient",
  "no-gradient",
  "rebound-parameter",
  "leaf-in-place",
  "not-optimized",
  "accumulating-gradients",
  "backward-twice",
  "broadcast-target",
  "double-softmax",
  "shape-mismatch",
  "dtype-mismatch",
] as const;

export type MistakeCode = (typeof MISTAKES)[number];
