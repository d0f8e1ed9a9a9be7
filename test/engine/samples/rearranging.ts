import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const cube = new Input([2, 3, 2]);

export const rearranging: Samples = {
  "torch.flip": [
    [a, 0],
    [cube, 0, -1],
  ],
  "torch.roll": [
    [a, 2],
    [cube, [1, -1], [0, 1]],
  ],
  "torch.rot90": [[a], [a, 2], [cube, -1, [1, 2]]],
  "Tensor.repeat": [
    [a, 2, 1],
    [new Input([2]), 2, 3, 2],
  ],
  "torch.diag_embed": [[a], [a, -1, 0, 2]],
  "torch.trace": [[a], [new Input([3, 2])]],
  "torch.tril": [[a], [cube, -1]],
  "torch.triu": [[a], [cube, 1]],
  "torch.select_scatter": [[a, new Input([2]), 1, -1]],
  "torch.slice_scatter": [[new Input([5, 2]), new Input([2, 2]), 0, 1, 5, 2]],
  "torch.diagonal_scatter": [[a, new Input([2]), 1]],
  "torch.as_strided_scatter": [[new Input([3, 3]), new Input([2, 2]), [2, 2], [1, 2], 1]],
};
