import type { Samples } from "./sample";

export const creation: Samples = {
  "Tensor.uniform_": [],
  "Tensor.normal_": [],
  "Tensor.bernoulli_": [],
};
