import { Input, type Samples } from "./sample";

export const singular_values: Samples = {
  "torch._linalg_svd": [
    [new Input([3, 3], [-1, 1])],
    [new Input([3, 2], [-1, 1])],
    [new Input([2, 2, 3], [-1, 1])],
  ],
};
