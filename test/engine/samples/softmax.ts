import { Input, type Samples } from "./sample";

const signed = new Input([2, 3], [-1, 1]);

export const softmax: Samples = {
  "torch._softmax": [
    [signed, 1],
    [signed, 0],
    [new Input([]), 0],
  ],
  "torch._log_softmax": [
    [signed, 1],
    [signed, 0],
    [new Input([]), 0],
  ],
};
