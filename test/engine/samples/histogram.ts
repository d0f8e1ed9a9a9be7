import type { Samples } from "./sample";

export const histogram: Samples = {
  // Recorded, but refused by backward.
  "torch.histogram": [],
  "torch.bincount": [],
};
