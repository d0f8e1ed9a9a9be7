import { Input, type Samples } from "./sample";

const signed = new Input([2, 3], [-0.9, 0.9]);

export const trigonometry: Samples = {
  "torch.sin": [[signed]],
  "torch.cos": [[signed]],
  "torch.tan": [[signed]],
  "torch.asin": [[signed]],
  "torch.acos": [[signed]],
  "torch.atan": [[signed]],
  "torch.atan2": [[new Input([2, 3], [0.4, 1.6]), new Input([3], [-1.6, -0.4])]],
  "torch.sinh": [[signed]],
  "torch.cosh": [[signed]],
  "torch.tanh": [[signed]],
  "torch.asinh": [[signed]],
  "torch.acosh": [[new Input([2, 3], [1.2, 3])]],
  "torch.atanh": [[signed]],
  "torch.sinc": [[new Input([2, 3], [0.2, 1.8])]],
};
