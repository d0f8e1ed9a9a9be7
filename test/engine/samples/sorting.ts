import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const scalar = new Input([]);

export const sorting: Samples = {
  "torch.sort": [[a], [a, 0, true], [a, { stable: true }], [scalar]],
  "torch.topk": [
    [a, 2],
    [a, 1, 0, false],
    [scalar, 1],
  ],
  "torch.kthvalue": [
    [a, 2],
    [a, 1, 0, true],
    [scalar, 1],
  ],
  "torch.median": [[a], [a, 1], [a, 0, true], [scalar, 0]],
  "torch.nanmedian": [[a], [a, 1], [a, 0, true], [scalar, 0]],
  "torch.mode": [[a], [a, 0, true], [scalar]],
  // Recorded, but refused by backward.
  "torch._unique2": [],
  "torch.unique_dim": [],
  "torch._unique_consecutive": [],
};
