import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const image = new Input([1, 2, 5, 4]);
const volume = new Input([1, 2, 3, 3, 3]);
const taps = () => [
  torch.tensor([
    [0n, 2n],
    [1n, 1n],
  ]),
];
const weights = () => [
  torch.tensor(
    [
      [0.5, 2],
      [1, 3],
    ],
    { dtype: torch.float64 },
  ),
];
const places =
  (...shape: number[]) =>
  () =>
    torch.randperm(8).slice(0, 0, 4).view(shape);

export const pooling: Samples = {
  "torch._weighted_gather": [[new Input([2, 3]), taps, weights]],
  "torch._weighted_scatter": [[new Input([2, 2]), [3], taps, weights]],
  "nn.functional.avg_pool2d": [
    [image, 2],
    [image, [3, 2], { stride: 1, padding: 1, count_include_pad: false, ceil_mode: true }],
    [image, 2, { divisor_override: 3 }],
  ],
  "nn.functional.avg_pool3d": [[volume, 2, { stride: 1 }]],
  "torch._adaptive_avg_pool2d": [[image, [3, 2]]],
  "torch._adaptive_avg_pool3d": [[volume, [2, 1, 2]]],
  "nn.functional.max_pool2d_with_indices": [
    [image, 2],
    [image, [3, 2], { stride: 1, padding: 1, dilation: [1, 2] }],
  ],
  "nn.functional.max_pool3d_with_indices": [[volume, 2, { stride: 1 }]],
  "torch._adaptive_max_pool2d": [[image, [3, 2]]],
  "torch._adaptive_max_pool3d": [[volume, [2, 1, 2]]],
  "torch._max_unpool2d": [[new Input([1, 1, 2, 2]), places(1, 1, 2, 2), [4, 2]]],
  "torch._max_unpool3d": [[new Input([1, 1, 1, 2, 2]), places(1, 1, 1, 2, 2), [2, 2, 2]]],
  "torch._fractional_max_pool2d": [
    [new Input([1, 2, 5, 4]), [2, 2], [3, 2], () => torch.rand([1, 2, 2], { dtype: torch.float64 })],
  ],
  "torch._fractional_max_pool3d": [
    [new Input([1, 1, 3, 4, 3]), [2, 2, 1], [2, 2, 2], () => torch.rand([1, 1, 3], { dtype: torch.float64 })],
  ],
};
