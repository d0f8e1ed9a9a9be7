import { no_grad } from "../autograd/context";
import { ValueError } from "../errors";
import type { Tensor } from "../tensor";

/** Fills with uniform samples from [a, b). Source: torch.nn.init.uniform_. */
export function uniform_(tensor: Tensor, a = 0, b = 1): Tensor {
  return no_grad(() => tensor.uniform_(a, b));
}

/** Fills with normal samples. Source: torch.nn.init.normal_. */
export function normal_(tensor: Tensor, mean = 0, std = 1): Tensor {
  return no_grad(() => tensor.normal_(mean, std));
}

/** Source: torch.nn.init.constant_. */
export function constant_(tensor: Tensor, val: number): Tensor {
  return no_grad(() => tensor.fill_(val));
}

/** Source: torch.nn.init.zeros_. */
export function zeros_(tensor: Tensor): Tensor {
  return no_grad(() => tensor.zero_());
}

/** Source: torch.nn.init.ones_. */
export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1);
}

/** Inputs and outputs that one unit of a weight (out, in, …) connects. */
export function fans(weight: Tensor): { fanIn: number; fanOut: number } {
  if (weight.dim() < 2)
    throw new ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
  const field = weight.shape.slice(2).reduce((n, size) => n * size, 1);
  return { fanIn: weight.shape[1] * field, fanOut: weight.shape[0] * field };
}

/**
 * Uniform in ±√(6 / ((1 + a²) · fan in)), which keeps the variance of signals through leaky rectifiers of
 * slope `a`. Source: torch.nn.init.kaiming_uniform_; He et al. 2015.
 */
export function kaiming_uniform_(tensor: Tensor, { a = 0 }: { a?: number } = {}): Tensor {
  const gain = Math.sqrt(2 / (1 + a ** 2));
  const bound = Math.sqrt(3) * (gain / Math.sqrt(fans(tensor).fanIn));
  return uniform_(tensor, -bound, bound);
}
