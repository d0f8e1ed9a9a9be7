import { Input, type Samples } from "./sample";

export const shuffle: Samples = {
  "nn.functional.pixel_shuffle": [[new Input([1, 4, 2, 3]), 2]],
  "nn.functional.pixel_unshuffle": [[new Input([1, 1, 4, 2]), 2]],
  "nn.functional.channel_shuffle": [[new Input([1, 6, 2]), 2]],
};
