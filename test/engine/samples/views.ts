import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const row = new Input([3]);
const vector = new Input([4]);
const cube = new Input([2, 3, 2]);

export const views: Samples = {
  "Tensor.view": [
    [a, 3, 2],
    [a, [6]],
  ],
  "torch._unsafe_view": [[a, 3, 2]],
  "torch.permute": [[cube, 2, 0, 1]],
  "torch.transpose": [[a, 0, 1]],
  "torch.t": [[a], [vector]],
  "Tensor.expand": [
    [row, 2, 3],
    [new Input([2, 1]), -1, 4],
  ],
  "torch.squeeze": [[new Input([1, 3, 1])], [new Input([1, 3, 1]), 0], [new Input([1, 3, 1]), [0, 1, 2]]],
  "torch.unsqueeze": [[a, 1]],
  "torch.select": [[a, 1, -1]],
  "torch._select_backward": [[row, [2, 3], 0, 1]],
  "Tensor.slice": [
    [new Input([5, 2]), 0, 1, 5, 2],
    [a, 1, -2],
  ],
  "torch._slice_backward": [[new Input([2, 2]), [5, 2], 0, 1, 5, 2]],
  "torch.narrow_copy": [
    [cube, 1, 1, 2],
    [cube, 1, -2, 1],
  ],
  "torch.diagonal": [[a], [cube, 1, 0, -1], [cube, -1, 1, 2]],
  "torch.diagonal_copy": [[a, 1]],
  "torch._diagonal_backward": [[new Input([2]), [3, 2], 0, 0, 1]],
  "Tensor.unfold": [
    [vector, 0, 2, 1],
    [cube, 1, 2, 1],
    [new Input([]), 0, 1, 1],
  ],
  "torch._unfold_backward": [[new Input([3, 2]), [4], 0, 2, 1]],
  "torch.as_strided": [
    [a, [2, 2], [1, 2]],
    [a, [3, 2], [1, 1], 1],
    [a, [2, 2], [0, 3], 2],
  ],
  "torch._as_strided": [[a, [2, 2], [1, 2], 1, 0]],
  "Tensor._alias": [[a]],
  "torch.split": [
    [new Input([5, 2]), 2],
    [a, [1, 2], 1],
  ],
  "torch.split_with_sizes": [[a, [1, 0, 2], 1]],
  "torch.unbind": [[a], [a, 1]],
};
