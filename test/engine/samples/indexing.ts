import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const long =
  (...places: number[]) =>
  () =>
    torch.tensor(places, { dtype: torch.int64 });
const mask = () =>
  torch.tensor([
    [true, false, true],
    [false, true, false],
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
  "torch.index_select": [[a, 1, long(2, 0, 2)]],
  "torch.index_add": [[a, 1, long(2, 2), new Input([2, 2]), { alpha: 2 }]],
  "torch.index_copy": [[a, 1, long(2, 0), new Input([2, 2])]],
  "torch.index_fill": [
    [a, 1, long(2, 0), 5],
    [a, 1, long(2, -1, 2), new Input([])],
  ],
  "torch.take": [[a, long(5, 0, 5, -1)]],
  "torch.put": [
    [a, long(5, 0), new Input([2])],
    [a, long(5, 5), new Input([2]), true],
  ],
  "torch.masked_fill": [
    [a, mask, 3],
    [a, mask, new Input([])],
    [new Input([3]), mask, 3],
  ],
  "torch.masked_select": [
    [a, mask],
    [new Input([3]), mask],
  ],
  "torch.masked_scatter": [[a, mask, new Input([5])]],
};
