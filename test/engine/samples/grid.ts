import { Input, type Samples } from "./sample";

export const grid: Samples = {
  // PyTorch has no second derivative of these; test/engine/functional.test.ts has their first.
  "torch._grid_sampler_2d": [],
  "torch._grid_sampler_3d": [],
  "torch._grid_sampler_backward": [],
  "torch.affine_grid_generator": [
    [new Input([2, 2, 3]), [2, 1, 2, 3], false],
    [new Input([1, 3, 4]), [1, 1, 2, 2, 3], true],
  ],
};
