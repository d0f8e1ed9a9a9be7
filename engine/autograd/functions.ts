import { RuntimeError, ValueError } from "../errors";
import { isKeywords, single } from "../op/keywords";
import { sameShape, showShape } from "../shape";
import type { Tensor } from "../tensor";
import { rootGradient, runBackward } from "./backward";
import { accumulate } from "./node";

export interface BackwardOptions {
  retain_graph?: boolean | null;
  create_graph?: boolean;
  /** Adds to the gradients of these only. */
  inputs?: Tensor | readonly Tensor[] | null;
}

export interface GradOptions {
  grad_outputs?: Tensor | readonly (Tensor | null)[] | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  allow_unused?: boolean | null;
  /** `grad_outputs` hold several gradients, one in each row, and so do the results. */
  is_grads_batched?: boolean;
  /** Zeros instead of null for an input that was not used. */
  materialize_grads?: boolean;
}

interface Outputs {
  outputs: Tensor | readonly Tensor[];
}

interface Inputs {
  inputs: Tensor | readonly Tensor[];
}

/**
 * The gradients of `outputs` with respect to `inputs`, without touching any `.grad`. One per input, of its
 * shape; null for an input that was not used, if `allow_unused`. Source: torch.autograd.grad.
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  grad_outputs?: GradOptions["grad_outputs"] | GradOptions,
  options?: GradOptions,
): (Tensor | null)[];
export function grad(outputs: Tensor | readonly Tensor[], options: Inputs & GradOptions): (Tensor | null)[];
export function grad(options: Outputs & Inputs & GradOptions): (Tensor | null)[];
export function grad(
  outputs: unknown,
  inputs?: unknown,
  grad_outputs?: GradOptions["grad_outputs"] | GradOptions,
  options?: GradOptions,
): (Tensor | null)[] {
  const [keywords] = [outputs, inputs].filter(isKeywords) as (GradOptions | undefined)[];
  const roots = single<Tensor | Tensor[] | null>(outputs, "outputs", null);
  const wanted = single<Tensor | Tensor[] | null>(inputs ?? keywords, "inputs", null);
  if (roots === null || wanted === null)
    throw new TypeError(
      `grad() missing 1 required positional argument: '${roots === null ? "outputs" : "inputs"}'`,
    );
  return gradients(roots, wanted, keywords ?? grad_outputs, options);
}

function gradients(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  grad_outputs?: GradOptions["grad_outputs"] | GradOptions,
  options: GradOptions = {},
): (Tensor | null)[] {
  const keywords = isOptions(grad_outputs) ? grad_outputs : options;
  const roots = asList(outputs);
  const wanted = asList(inputs);
  const starts = asList((isOptions(grad_outputs) ? grad_outputs.grad_outputs : grad_outputs) ?? []);
  const { create_graph = false, retain_graph = create_graph, materialize_grads = false } = keywords;
  if (keywords.is_grads_batched === true) return batchedGrad(roots, wanted, starts, keywords);
  if (materialize_grads && keywords.allow_unused === false)
    throw new ValueError(
      "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.",
    );
  if (wanted.length === 0) throw new RuntimeError("`inputs` argument to `grad()` cannot be empty.");
  const rootGrads = rootGradients(roots, starts);
  for (const input of wanted)
    if (!input.requires_grad)
      throw new RuntimeError("One of the differentiated Tensors does not require grad");
  const grads = runBackward({
    roots,
    rootGrads,
    retainGraph: retain_graph ?? create_graph,
    createGraph: create_graph,
    inputs: wanted,
  });
  if (materialize_grads) return grads.map((grad, i) => grad ?? wanted[i].new_zeros(wanted[i].shape));
  const unused = grads.indexOf(null);
  if (unused >= 0 && keywords.allow_unused !== true)
    throw new RuntimeError(
      `The differentiated Tensor at index ${unused} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.`,
    );
  return grads;
}

/** The gradients for each row of `starts`, stacked. */
function batchedGrad(
  roots: readonly Tensor[],
  inputs: readonly Tensor[],
  starts: readonly (Tensor | null)[],
  { is_grads_batched, grad_outputs, ...options }: GradOptions,
): (Tensor | null)[] {
  starts.forEach((start, i) => {
    if (start !== null && !sameShape(start.shape.slice(1), roots[i].shape))
      throw new RuntimeError(
        `If \`is_grads_batched=True\`, we interpret the first dimension of each grad_output as the batch dimension. The sizes of the remaining dimensions are expected to match the shape of corresponding output, but a mismatch was detected: grad_output[${i}] has a shape of torch.Size(${showShape(start.shape)}) and output[${i}] has a shape of torch.Size(${showShape(roots[i].shape)}).`,
      );
  });
  const count = starts[0]?.shape[0] ?? 0;
  const retain_graph = options.retain_graph ?? options.create_graph ?? false;
  const rows = Array.from({ length: count }, (_, i) => {
    const row = starts.map((start) => start && start.select(0, i));
    return grad(roots, inputs, row, { ...options, retain_graph: retain_graph || i < count - 1 });
  });
  return inputs.map((_, k) => {
    const column = rows.map((row) => row[k]);
    const [first] = column;
    if (first == null) return null;
    const stacked = first.new_zeros([count, ...first.shape]);
    column.forEach((each, i) => {
      if (each !== null) stacked.select(0, i).copy_(each);
    });
    return stacked;
  });
}

/** Adds the gradients of `tensors` to the leaves they were computed from. Source: torch.autograd.backward. */
export function backward(
  given: Tensor | readonly Tensor[] | (Keywords & { tensors: Tensor | readonly Tensor[] }),
  grad_tensors?: Tensor | readonly (Tensor | null)[] | null | Keywords,
  retain_graph?: boolean | null | BackwardOptions,
  create_graph?: boolean | BackwardOptions,
  inputs?: BackwardOptions["inputs"] | BackwardOptions,
): void {
  if (isKeywords(given)) {
    const { tensors, ...options } = given as Keywords & { tensors: Tensor | readonly Tensor[] };
    backward(tensors, options);
    return;
  }
  const tensors = given as Tensor | readonly Tensor[];
  const keywords = [grad_tensors, retain_graph, create_graph, inputs].find(isOptions) as Keywords | undefined;
  const roots = asList(tensors);
  const starts = asList(orKeyword<Keywords["grad_tensors"]>(grad_tensors, keywords?.grad_tensors) ?? []);
  const createGraph = orKeyword<boolean>(create_graph, keywords?.create_graph) ?? false;
  const targets = orKeyword<Keywords["inputs"]>(inputs, keywords?.inputs) ?? null;
  const retainGraph = orKeyword<boolean | null>(retain_graph, keywords?.retain_graph) ?? createGraph;
  const wanted = targets === null ? null : asList(targets);
  if (wanted?.length === 0) throw new RuntimeError("`inputs` argument to `backward()` cannot be empty.");
  const rootGrads = rootGradients(roots, starts);
  // From here on these keep their gradients in every backward, as in PyTorch.
  for (const input of wanted ?? []) input.retain_grad();
  const grads = runBackward({ roots, rootGrads, retainGraph, createGraph, inputs: wanted });
  wanted?.forEach((input, i) => {
    const grad = grads[i];
    if (grad !== null && input.is_leaf) accumulate(input, grad);
  });
}

type Keywords = BackwardOptions & GradTensors;

interface GradTensors {
  grad_tensors?: Tensor | readonly (Tensor | null)[] | null;
}

/** What was given by place, if anything was. */
function orKeyword<T>(given: T | Keywords | undefined, keyword: T | undefined): T | undefined {
  return given === undefined || isOptions(given) ? keyword : (given as T);
}

/** The gradient each root starts with. What was given is checked first, then whether there is a graph. */
function rootGradients(roots: readonly Tensor[], given: readonly (Tensor | null)[]): Tensor[] {
  const count = given.length === 0 ? roots.length : given.length;
  const grads = roots
    .slice(0, count)
    .map((root, i) => (given[i] == null && !root.requires_grad ? null : rootGradient(root, given[i], i)));
  if (count !== roots.length) throw new RuntimeError(`got ${roots.length} tensors and ${count} gradients`);
  return grads.map((grad, i) => {
    if (grad === null || !roots[i].requires_grad)
      throw new RuntimeError(`element ${i} of tensors does not require grad and does not have a grad_fn`);
    return grad;
  });
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function isOptions(value: unknown): value is GradOptions {
  return isKeywords(value);
}
