import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const b = new Input([2, 3]);
const mask = () =>
  torch.tensor([
    [true, false, true],
    [false, true, false],
  ]);
const places = () =>
  torch.tensor([
    [0n, 1n, 1n],
    [1n, 0n, 0n],
  ]);

export const indexing: Samples = {
  "Tensor._index": [
    [a, [0], () => [torch.tensor([1n, 0n, 1n])]],
    [a, [0, 1], () => [torch.tensor([1n, 0n]), torch.tensor([2n, 2n])]],
  ],
  "Tensor._index_put": [
    [a, [1], () => [torch.tensor([0n, 2n])], new Input([2, 2])],
    [a, [1], () => [torch.tensor([0n, 0n])], new Input([2, 2]), true],
  ],
  "torch.gather": [[a, 1, places]],
  "torch.scatter_add": [[a, 1, places, new Input([2, 3])]],
  "torch.masked_fill": [[a, mask, 3]],
  "torch.cat": [[[a, new Input([2, 2])], 1]],
  "torch.stack": [[[a, b], 1]],
};
