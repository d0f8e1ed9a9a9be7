import type { Samples } from "./sample";

// What is drawn does not depend on what was there: the gradient is 0, which finite differences over a
// moving stream cannot show. test/engine/sampling.test.ts has them.
export const sampling: Samples = {
  "torch.bernoulli": [],
  "torch.poisson": [],
  "torch.binomial": [],
  "torch.normal": [],
  "Tensor.uniform_": [],
  "Tensor.normal_": [],
  "Tensor.log_normal_": [],
  "Tensor.exponential_": [],
  "Tensor.cauchy_": [],
  "Tensor.bernoulli_": [],
  "Tensor.geometric_": [],
  "Tensor.random_": [],
};
