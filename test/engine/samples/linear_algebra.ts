import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const row = new Input([3]);
const vector = new Input([4]);

export const linear_algebra: Samples = {
  "torch.mm": [[a, new Input([3, 4])]],
  "torch.bmm": [[new Input([2, 2, 3]), new Input([2, 3, 2])]],
  "torch.mv": [[a, row]],
  "torch.dot": [[vector, new Input([4])]],
  "torch.addmm": [[new Input([4]), a, new Input([3, 4]), { beta: 0.5, alpha: 2 }]],
};
