// Everything in `torch.nn.utils`.
import { no_grad } from "../autograd/context";
import { pythonTypeName, RuntimeError } from "../errors";
import { linalg, torch } from "../op/define";
import { signature } from "../op/signature";
import { formatFloat } from "../printing/number";
import { Tensor } from "../tensor";

export * as parametrizations from "./parametrizations";
export * as parametrize from "./parametrize";
export * as rnn from "./rnn_utils";
export type { SpectralNormOptions } from "./spectral_norm";
export { remove_spectral_norm, remove_weight_norm, spectral_norm, weight_norm } from "./weight_norm";

type Tensors = Tensor | Iterable<Tensor>;

const asList = (tensors: Tensors): Tensor[] => (tensors instanceof Tensor ? [tensors] : [...tensors]);

const gradsOf = (parameters: readonly Tensor[]): Tensor[] =>
  parameters.flatMap(({ grad }) => (grad === null ? [] : [grad]));

export interface NormOptions {
  norm_type?: number;
  /** Whether a norm that is nan or infinite is an error. */
  error_if_nonfinite?: boolean;
}

const normArguments = signature(
  "clip_grad_norm_(norm_type: float = 2, error_if_nonfinite = false, foreach: bool? = null)",
);

/** The norm of all elements of all tensors together. Source: torch.nn.utils.get_total_norm. */
export function get_total_norm(tensors: Tensors, options?: NormOptions): Tensor;
export function get_total_norm(tensors: Tensors, norm_type: number, options?: NormOptions): Tensor;
export function get_total_norm(tensors: Tensors, ...args: unknown[]): Tensor {
  const [norm_type, error_if_nonfinite] = normArguments(args);
  const list = asList(tensors);
  if (list.length === 0) return torch.zeros([]);
  return no_grad(() => {
    const norms = list.map((tensor) => linalg.vector_norm(tensor, norm_type));
    const total = linalg.vector_norm(torch.stack(norms), norm_type);
    if (error_if_nonfinite && !Number.isFinite(total.item()))
      throw new RuntimeError(
        `The total norm of order ${formatFloat(norm_type)} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set \`error_if_nonfinite=False\``,
      );
    return total;
  });
}

/** Scales the gradients as `clip_grad_norm_` does, by a norm already known. Source: torch.nn.utils.clip_grads_with_norm_. */
export function clip_grads_with_norm_(parameters: Tensors, max_norm: number, total_norm: Tensor): void {
  no_grad(() => {
    const factor = total_norm.add(1e-6).reciprocal().mul(max_norm).clamp(null, 1);
    for (const grad of gradsOf(asList(parameters))) grad.mul_(factor);
  });
}

/**
 * Scales all gradients together so that their norm is at most `max_norm`; gives the norm they had.
 * Source: torch.nn.utils.clip_grad_norm_.
 */
export function clip_grad_norm_(parameters: Tensors, max_norm: number, options?: NormOptions): Tensor;
export function clip_grad_norm_(
  parameters: Tensors,
  max_norm: number,
  norm_type: number,
  options?: NormOptions,
): Tensor;
export function clip_grad_norm_(parameters: Tensors, max_norm: number, ...args: unknown[]): Tensor {
  const list = asList(parameters);
  const total = get_total_norm(gradsOf(list), ...(args as [NormOptions]));
  clip_grads_with_norm_(list, max_norm, total);
  return total;
}

/** Limits each element of the gradients to ±`clip_value`. Source: torch.nn.utils.clip_grad_value_. */
export function clip_grad_value_(parameters: Tensors, clip_value: number): void {
  no_grad(() => {
    for (const grad of gradsOf(asList(parameters))) grad.clamp_(-clip_value, clip_value);
  });
}

/** All elements of all parameters in one vector. Source: torch.nn.utils.parameters_to_vector. */
export function parameters_to_vector(parameters: Iterable<Tensor>): Tensor {
  return torch.cat([...parameters].map((parameter) => parameter.view(-1)));
}

/** Gives the parameters the elements of a vector, in order. Source: torch.nn.utils.vector_to_parameters. */
export function vector_to_parameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  if (!(vec instanceof Tensor)) throw new TypeError(`expected torch.Tensor, but got: ${pythonTypeName(vec)}`);
  let at = 0;
  for (const parameter of parameters) {
    const count = parameter.numel();
    parameter.data = vec.detach().narrow(0, at, count).view_as(parameter);
    at += count;
  }
}
