import { RuntimeError } from "../errors";
import type { Tensor } from "../tensor";
import { rootGradient, runBackward } from "./backward";

export interface GradOptions {
  grad_outputs?: Tensor | readonly (Tensor | null)[] | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  allow_unused?: boolean;
}

/**
 * The gradients of `outputs` with respect to `inputs`, without touching any `.grad`. One per input, of its
 * shape; null for an input that was not used, if `allow_unused`. Source: torch.autograd.grad.
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  grad_outputs?: GradOptions["grad_outputs"] | GradOptions,
  options: GradOptions = {},
): (Tensor | null)[] {
  const keywords = isOptions(grad_outputs) ? grad_outputs : options;
  const roots = asList(outputs);
  const wanted = asList(inputs);
  const starts = asList((isOptions(grad_outputs) ? grad_outputs.grad_outputs : grad_outputs) ?? []);
  const { create_graph = false, retain_graph = create_graph, allow_unused = false } = keywords;
  for (const input of wanted)
    if (!input.requires_grad)
      throw new RuntimeError("One of the differentiated Tensors does not require grad");
  const grads = runBackward({
    roots,
    rootGrads: roots.map((root, i) => rootGradient(root, starts[i], i)),
    retainGraph: retain_graph ?? create_graph,
    createGraph: create_graph,
    inputs: wanted,
  });
  if (!allow_unused && grads.includes(null))
    throw new RuntimeError(
      "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.",
    );
  return grads;
}

/** Adds the gradients of `tensors` to the leaves they were computed from. Source: torch.autograd.backward. */
export function backward(
  tensors: Tensor | readonly Tensor[],
  grad_tensors: Tensor | readonly (Tensor | null)[] | null = null,
  options: { retain_graph?: boolean | null; create_graph?: boolean } = {},
): void {
  const roots = asList(tensors);
  const starts = asList(grad_tensors ?? []);
  const { create_graph = false, retain_graph = create_graph } = options;
  runBackward({
    roots,
    rootGrads: roots.map((root, i) => rootGradient(root, starts[i], i)),
    retainGraph: retain_graph ?? create_graph,
    createGraph: create_graph,
    inputs: null,
  });
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function isOptions(value: unknown): value is GradOptions {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
