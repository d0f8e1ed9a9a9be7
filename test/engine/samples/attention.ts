import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const query = new Input([1, 2, 2, 3]);
const key = new Input([1, 2, 4, 3]);
const value = new Input([1, 2, 4, 3]);
const mask = () =>
  torch.tensor([
    [true, false, true, true],
    [false, true, true, false],
  ]);

export const attention: Samples = {
  "torch._scaled_dot_product_flash_attention_for_cpu": [
    [query, key, value, null, true, null],
    [query, key, value, mask, false, 0.3],
  ],
};
