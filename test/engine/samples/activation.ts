import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const positive = new Input([2, 3]);
const negative = new Input([2, 3], [-1.6, -0.4]);
const both = [[positive], [negative]];

export const activation: Samples = {
  "Tensor._hardtanh": [
    [new Input([2, 3], [-0.8, 0.8]), -1, 1],
    [negative, -0.3, 1],
  ],
  "Tensor._leaky_relu": both.map(([x]) => [x, 0.1]),
  "Tensor._elu": both.map(([x]) => [x, 1.3, 1.1]),
  "Tensor._celu": both.map(([x]) => [x, 1.3]),
  // In place; test/engine/functional.test.ts has them.
  "Tensor._leaky_relu_": [],
  "Tensor._elu_": [],
  "Tensor._celu_": [],
  "Tensor._threshold_": [],
  "Tensor._rrelu_with_noise_": [],
  "nn.functional.gelu": [...both, [negative, { approximate: "tanh" }]],
  "Tensor._silu": both,
  "Tensor._mish": both,
  "torch._softplus": [...both.map(([x]) => [x, 1.5, 20]), [positive, 2, 0.5]],
  "nn.functional.logsigmoid": both,
  "Tensor._hardswish": [...both, [new Input([3], [3.2, 4])], [new Input([3], [-4, -3.2])]],
  "Tensor._hardsigmoid": [...both, [new Input([3], [3.2, 4])]],
  "torch.hardshrink": [...both, [new Input([3], [-0.3, 0.3])]],
  "nn.functional.softshrink": [[negative, 0.3], [new Input([3], [-0.3, 0.3])]],
  "Tensor._threshold": both.map(([x]) => [x, 0.2, 2]),
  "torch._prelu_kernel": both.map(([x]) => [x, new Input([1, 3])]),
  "Tensor._rrelu_with_noise": both.map(([x]) => [
    x,
    () => torch.zeros([2, 3], { dtype: torch.float64 }),
    0.1,
    0.3,
    false,
  ]),
  "nn.functional.glu": [[new Input([2, 4])], [new Input([4, 3]), 0]],
};
