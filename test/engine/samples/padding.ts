import { Input, type Samples } from "./sample";

const signal = new Input([2, 4]);
const image = new Input([1, 2, 4, 3]);
const volume = new Input([1, 2, 3, 3, 3]);

export const padding: Samples = {
  "Tensor._constant_pad_nd": [[image, [1, 2, -1, 0], 3]],
  "torch._reflection_pad1d": [[signal, [2, 1]]],
  "torch._reflection_pad2d": [[image, [1, 2, 3, 0]]],
  "torch._reflection_pad3d": [[volume, [1, 0, 2, 1, 0, 1]]],
  "torch._replication_pad1d": [[signal, [2, 1]]],
  "torch._replication_pad2d": [[image, [1, -1, 3, 0]]],
  "torch._replication_pad3d": [[volume, [1, 0, 2, 1, 0, 1]]],
};
