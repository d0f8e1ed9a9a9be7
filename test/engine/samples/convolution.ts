import { Input, type Samples } from "./sample";

const image = new Input([2, 4, 5, 4]);
const signal = new Input([2, 4, 6]);

export const convolution: Samples = {
  "Tensor._convolution": [
    [signal, new Input([3, 4, 3]), new Input([3]), [2], [1], [1], false, [0], 1],
    [image, new Input([4, 2, 2, 3]), null, [1, 2], [1, 0], [2, 1], false, [0, 0], 2],
    [
      new Input([1, 2, 3, 3, 3]),
      new Input([2, 2, 2, 2, 2]),
      new Input([2]),
      [1, 1, 1],
      [0, 0, 0],
      [1, 1, 1],
      false,
      [0, 0, 0],
      1,
    ],
    [new Input([2, 4, 3]), new Input([4, 2, 3]), new Input([4]), [2], [1], [1], true, [1], 2],
    [new Input([1, 2, 3, 2]), new Input([2, 3, 2, 2]), null, [2, 1], [0, 1], [1, 2], true, [0, 0], 1],
    [new Input([1, 2, 3]), new Input([2, 2, 2]), null, [2], [0], [3], true, [2], 1],
  ],
  "torch._convolution_weight": [
    [new Input([2, 2, 6]), new Input([2, 3, 2]), [3, 2, 3], [2], [0], [1], 1],
    [new Input([1, 4, 3, 3]), new Input([1, 2, 3, 3]), [2, 2, 3, 3], [1, 1], [1, 1], [1, 1], 2],
  ],
  "nn.functional.unfold": [
    [new Input([2, 2, 4, 3]), 2],
    [new Input([2, 4, 4]), [2, 1], { padding: 1, stride: 2, dilation: [1, 2] }],
  ],
  "nn.functional.fold": [
    [new Input([1, 8, 4]), [3, 3], 2],
    [new Input([4, 4]), 4, 2, { stride: 2 }],
  ],
  "torch._trilinear": [[new Input([3, 2]), new Input([2, 2, 4]), new Input([3, 4])]],
};
