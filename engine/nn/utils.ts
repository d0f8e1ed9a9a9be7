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
  /** For PyTorch's sake: the tensors are gone through one by one in either case. */
  foreach?: boolean | null;
}

const totalNormArguments = signature(
  "get_total_norm(tensors: any, norm_type: float = 2, error_if_nonfinite = false, foreach: bool? = null)",
);
const withNormArguments = signature(
  "clip_grads_with_norm_(parameters: any, max_norm: float, total_norm: Tensor, foreach: bool? = null)",
);
const clipNormArguments = signature(
  "clip_grad_norm_(parameters: any, max_norm: float, norm_type: float = 2, error_if_nonfinite = false, foreach: bool? = null)",
);
const clipValueArguments = signature(
  "clip_grad_value_(parameters: any, clip_value: float, foreach: bool? = null)",
);
const toVectorArguments = signature("parameters_to_vector(parameters: any)");
const fromVectorArguments = signature("vector_to_parameters(vec: any, parameters: any)");

/** The norm of all elements of all tensors together. Source: torch.nn.utils.get_total_norm. */
export function get_total_norm(tensors: Tensors, options?: NormOptions): Tensor;
export function get_total_norm(tensors: Tensors, norm_type: number, options?: NormOptions): Tensor;
export function get_total_norm(options: { tensors: Tensors } & NormOptions): Tensor;
export function get_total_norm(...args: unknown[]): Tensor {
  const [tensors, norm_type, error_if_nonfinite] = totalNormArguments(args);
  return totalNorm(asList(tensors as Tensors), norm_type, error_if_nonfinite);
}

function totalNorm(list: readonly Tensor[], norm_type: number, error_if_nonfinite: boolean): Tensor {
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
export function clip_grads_with_norm_(
  parameters: Tensors,
  max_norm: number,
  total_norm: Tensor,
  foreach?: boolean | null | { foreach?: boolean | null },
): void;
export function clip_grads_with_norm_(options: {
  parameters: Tensors;
  max_norm: number;
  total_norm: Tensor;
  foreach?: boolean | null;
}): void;
export function clip_grads_with_norm_(...args: unknown[]): void {
  const [parameters, max_norm, total_norm] = withNormArguments(args);
  scaleGrads(gradsOf(asList(parameters as Tensors)), max_norm, total_norm);
}

function scaleGrads(grads: readonly Tensor[], max_norm: number, total_norm: Tensor): void {
  no_grad(() => {
    const factor = total_norm.add(1e-6).reciprocal().mul(max_norm).clamp(null, 1);
    for (const grad of grads) grad.mul_(factor);
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
export function clip_grad_norm_(options: { parameters: Tensors; max_norm: number } & NormOptions): Tensor;
export function clip_grad_norm_(...args: unknown[]): Tensor {
  const [parameters, max_norm, norm_type, error_if_nonfinite] = clipNormArguments(args);
  const grads = gradsOf(asList(parameters as Tensors));
  const total = totalNorm(grads, norm_type, error_if_nonfinite);
  scaleGrads(grads, max_norm, total);
  return total;
}

/** Limits each element of the gradients to ±`clip_value`. Source: torch.nn.utils.clip_grad_value_. */
export function clip_grad_value_(
  parameters: Tensors,
  clip_value: number,
  foreach?: boolean | null | { foreach?: boolean | null },
): void;
export function clip_grad_value_(options: {
  parameters: Tensors;
  clip_value: number;
  foreach?: boolean | null;
}): void;
export function clip_grad_value_(...args: unknown[]): void {
  const [parameters, clip_value] = clipValueArguments(args);
  no_grad(() => {
    for (const grad of gradsOf(asList(parameters as Tensors))) grad.clamp_(-clip_value, clip_value);
  });
}

/** All elements of all parameters in one vector. Source: torch.nn.utils.parameters_to_vector. */
export function parameters_to_vector(parameters: Iterable<Tensor> | { parameters: Iterable<Tensor> }): Tensor;
export function parameters_to_vector(...args: unknown[]): Tensor {
  const [parameters] = toVectorArguments(args);
  return torch.cat([...(parameters as Iterable<Tensor>)].map((parameter) => parameter.view(-1)));
}

/** Gives the parameters the elements of a vector, in order. Source: torch.nn.utils.vector_to_parameters. */
export function vector_to_parameters(vec: Tensor, parameters: Iterable<Tensor>): void;
export function vector_to_parameters(options: { vec: Tensor; parameters: Iterable<Tensor> }): void;
export function vector_to_parameters(...args: unknown[]): void {
  const [vec, parameters] = fromVectorArguments(args);
  if (!(vec instanceof Tensor)) throw new TypeError(`expected torch.Tensor, but got: ${pythonTypeName(vec)}`);
  let at = 0;
  for (const parameter of parameters as Iterable<Tensor>) {
    const count = parameter.numel();
    parameter.data = vec.detach().narrow(0, at, count).view_as(parameter);
    at += count;
  }
}
