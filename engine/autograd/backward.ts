import { RuntimeError } from "../errors";
import { observer } from "../observe";
import { sameShape, showShape } from "../shape";
import type { Tensor } from "../tensor";
import { watchedBackward } from "./anomaly";
import { anomalyMode } from "./anomaly_mode";
import { withGradMode } from "./grad_mode";
import {
  AccumulateGrad,
  callPosthooks,
  callPrehooks,
  type Gradients,
  gradientEdge,
  type Node,
  type ResultMeta,
} from "./node";

interface Pass {
  roots: readonly Tensor[];
  /** The gradient each root starts with. */
  rootGrads: readonly Tensor[];
  /** Keep what the nodes saved, so that the graph can be walked again. */
  retainGraph: boolean;
  /** Record the pass itself, for derivatives of derivatives. */
  createGraph: boolean;
  /** Give the gradients of these instead of adding to the leaves' `grad`. */
  inputs: readonly Tensor[] | null;
}

/**
 * Walks the graph from the roots, latest step first, which is the order in which PyTorch runs nodes and adds
 * up gradients. A loop and a map: deep graphs need no stack, nodes stay free of gradients.
 */
export function runBackward(pass: Pass): (Tensor | null)[] {
  observer?.backwardStarted(pass.roots);
  const arrived = new Map<Node, Gradients>();
  const rootNodes = pass.roots.map((root, i) => {
    const node = gradientEdge(root);
    if (node === null)
      throw new RuntimeError(`element ${i} of tensors does not require grad and does not have a grad_fn`);
    add(arrived, node, root.outputNr, pass.rootGrads[i]);
    return node;
  });
  const order = latestFirst(rootNodes);
  const wanted = pass.inputs === null ? null : pass.inputs.map(gradientEdge);
  const needed = wanted === null ? null : leadingTo(wanted, order);
  const captured: (Tensor | null)[] = wanted === null ? [] : wanted.map(() => null);

  withGradMode(pass.createGraph, () => {
    for (const node of order) {
      const grads = arrived.get(node);
      if (grads === undefined) continue;
      arrived.delete(node);
      for (let nr = grads.length; nr < node.results.length; nr++) grads[nr] = null;
      if (node.hooks !== null) callPrehooks(node.hooks, grads);
      wanted?.forEach((want, i) => {
        if (want === node) captured[i] = grads[pass.inputs![i].outputNr];
      });
      if (needed !== null && (!needed.has(node) || node instanceof AccumulateGrad)) {
        observer?.gradientArrived(node, grads);
        continue;
      }
      let sent = anomalyMode.enabled ? watchedBackward(node, grads) : node.backward(grads);
      if (node.hooks !== null) sent = callPosthooks(node.hooks, sent, grads);
      observer?.gradientArrived(node, grads);
      for (let i = 0; i < node.next.length; i++) {
        const next = node.next[i];
        const grad = sent[i];
        if (next === null || grad == null) continue;
        const nr = node.nextOutput[i];
        const share = conform(grad, next.results[nr], node, i);
        observer?.gradientSent(node, i, grad, share);
        add(arrived, next, nr, share);
      }
      if (!pass.retainGraph) node.release();
    }
  });
  return captured;
}

function add(arrived: Map<Node, Gradients>, node: Node, nr: number, grad: Tensor): void {
  let grads = arrived.get(node);
  if (grads === undefined) {
    grads = [];
    for (let i = 0; i < node.results.length; i++) grads.push(null);
    arrived.set(node, grads);
  }
  const before = grads[nr];
  grads[nr] = before === null ? grad : before.add(grad);
}

/** Every node reachable from the roots; later steps first, the leaves' accumulators last. */
function latestFirst(roots: readonly Node[]): Node[] {
  const found = new Set<Node>(roots);
  for (const node of found) for (const next of node.next) if (next !== null) found.add(next);
  return [...found].sort((a, b) => b.sequence - a.sequence);
}

/** The nodes of `order` from which one of `targets` can be reached. */
function leadingTo(targets: readonly (Node | null)[], order: readonly Node[]): Set<Node> {
  const needed = new Set<Node>();
  const ends = new Set(targets);
  for (let i = order.length - 1; i >= 0; i--)
    if (order[i].next.some((next) => next !== null && (needed.has(next) || ends.has(next))))
      needed.add(order[i]);
  return needed;
}

/** Brings a gradient to the shape and dtype of what it belongs to: sums where that was broadcast. */
function conform(grad: Tensor, meta: ResultMeta, from: Node, index: number): Tensor {
  let result = grad;
  if (!sameShape(grad.shape, meta.shape)) {
    if (!expandsTo(meta.shape, grad.shape))
      throw new RuntimeError(
        `Function ${from.name()} returned an invalid gradient at index ${index} - got ${showShape(grad.shape)} but expected shape compatible with ${showShape(meta.shape)}`,
      );
    result = result.sum_to_size([...meta.shape]);
  }
  return result.dtype === meta.dtype ? result : result.to(meta.dtype);
}

function expandsTo(shape: readonly number[], target: readonly number[]): boolean {
  const lead = target.length - shape.length;
  return lead >= 0 && shape.every((size, i) => size === 1 || size === target[lead + i]);
}

/** The gradient a root starts with where none was given: one, for a single element. */
export function rootGradient(root: Tensor, given: Tensor | null | undefined, index: number): Tensor {
  if (given == null) {
    if (root.numel() !== 1) throw new RuntimeError("grad can be implicitly created only for scalar outputs");
    return root.detach().new_ones(root.shape);
  }
  if (!sameShape(given.shape, root.shape))
    throw new RuntimeError(
      `Mismatch in shape: grad_output[${index}] has a shape of torch.Size(${showShape(given.shape)}) and output[${index}] has a shape of torch.Size(${showShape(root.shape)}).`,
    );
  return given;
}
