import type { Samples } from "./sample";

export const ctc: Samples = {
  // PyTorch has no second derivative of it; test/engine/functional.test.ts has its first.
  "torch._ctc_loss": [],
  "torch._ctc_loss_backward": [],
};
