import { Input, type Samples } from "./sample";

const layer = (length: number) => [
  new Input([length, 2, 3], [-1, 1]),
  new Input([8, 3], [-1, 1]),
  new Input([8, 2], [-1, 1]),
  new Input([8], [-1, 1]),
  new Input([8], [-1, 1]),
  new Input([2, 2], [-1, 1]),
  new Input([2, 2], [-1, 1]),
];

export const recurrent: Samples = {
  "torch._pack_padded_sequence": [[new Input([3, 2, 2], [-1, 1]), [2, 2, 1]]],
  "torch._unsafe_split": [[new Input([2, 6]), 2, 1]],
  "Tensor._batch_first": [[new Input([2, 3, 2])]],
  "torch._lstm_layer": [
    [...layer(2), false],
    [...layer(2), true],
  ],
};
