import { Input, type Samples } from "./sample";

const written = () => new Input([2, 3], [0.4, 1.6], (t) => t.clone());

export const comparison: Samples = {
  "Tensor.eq_": [[written(), new Input([2, 3])]],
  "Tensor.ne_": [[written(), new Input([3])]],
  "Tensor.lt_": [
    [written(), new Input([3], [2, 3])],
    [written(), 2],
  ],
  "Tensor.le_": [[written(), new Input([2, 1], [2, 3])]],
  "Tensor.gt_": [[written(), new Input([3], [2, 3])]],
  "Tensor.ge_": [[written(), 2]],
};
