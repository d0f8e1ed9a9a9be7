import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const batch = new Input([3, 4, 2]);
const channels = () => new Input([4]);
const statistics = () => torch.rand([4], { dtype: torch.float64 });

export const normalization: Samples = {
  "Tensor._layer_norm": [
    [batch, [4, 2], new Input([4, 2]), new Input([4, 2]), 1e-5],
    [batch, [2], null, null, 1e-2],
  ],
  "Tensor._batch_norm_train": [
    [batch, channels(), channels(), 1e-5],
    [new Input([4, 2]), null, null, 1e-2],
  ],
  "Tensor._batch_norm": [
    [batch, channels(), channels(), statistics, statistics, 1e-5],
    [batch, null, null, statistics, statistics, 1e-5],
  ],
  "Tensor._group_norm": [
    [batch, 2, channels(), channels(), 1e-5],
    [batch, 1, null, null, 1e-5],
  ],
};
