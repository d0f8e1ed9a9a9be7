import { RuntimeError } from "../errors";
import { observer } from "../observe";
import { recycler } from "../recycling";
import { sameShape, showShape } from "../shape";
import type { Tensor } from "../tensor";
import { watchedBackward } from "./anomaly";
import { anomalyMode } from "./anomaly_mode";
import { gradMode } from "./grad_mode";
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
 * up gradients. A loop and a queue: deep graphs need no stack, nodes stay free of gradients.
 */
export function runBackward(pass: Pass): (Tensor | null)[] {
  observer?.backwardStarted(pass.roots);
  const outer = { ...graphTask };
  const waiting = new WaitingSteps();
  const rootNodes = pass.roots.map((root, i) => {
    const node = gradientEdge(root);
    if (node === null)
      throw new RuntimeError(`element ${i} of tensors does not require grad and does not have a grad_fn`);
    waiting.add(node, root.outputNr, pass.rootGrads[i]);
    return node;
  });
  const before = gradMode.enabled;
  gradMode.enabled = pass.createGraph && !gradMode.inference;
  graphTask.id = ++tasks;
  graphTask.takesCheckpoints = outer.takesCheckpoints && pass.inputs === null;
  try {
    if (pass.inputs !== null) return capture(pass, pass.inputs, rootNodes, waiting);
    if (!gradMode.enabled && !anomalyMode.enabled && !recycler.isBusy) {
      recycleThrough(pass, waiting);
      return [];
    }
    for (let node = waiting.next(); node !== null; node = waiting.next()) {
      const { grads } = waiting;
      if (node.hooks !== null) callPrehooks(node.hooks, grads);
      runStep(node, grads, waiting, pass.retainGraph);
    }
    return [];
  } finally {
    gradMode.enabled = before;
    Object.assign(graphTask, outer);
  }
}

let tasks = 0;
/** The backward pass under way, by number; 0 for none. */
export const graphTask = {
  id: 0,
  /** Whether it, and those it runs in, add to the `grad` of all leaves, as reentrant checkpoints need it. */
  takesCheckpoints: true,
};

/** As the loop of `runBackward`, with memory given back as soon as the pass, or who watches it, has gone on. */
function recycleThrough({ roots, retainGraph }: Pass, waiting: WaitingSteps): void {
  recycler.isBusy = true;
  recycler.isWatched = observer !== null;
  try {
    for (let node = waiting.next(); node !== null; node = waiting.next()) {
      const { grads } = waiting;
      if (node.hooks === null && node.runsAlone) {
        recycler.isFollowing = true;
        runStep(node, grads, waiting, retainGraph);
      } else {
        recycler.isFollowing = false;
        runUnfollowed(node, grads, waiting, retainGraph);
      }
      if (!recycler.hasTaken) continue;
      for (const grad of grads) if (grad !== null) recycler.release(grad.storage.data);
      recycler.stepEnds();
    }
    observer?.backwardEnded(roots, recycler.watchedMemory());
  } finally {
    recycler.passEnds();
  }
}

/** A step that hands gradients to the program, which may keep them, or to a leaf, which copies them. */
function runUnfollowed(node: Node, grads: Gradients, waiting: WaitingSteps, retainGraph: boolean): void {
  const { hooks } = node;
  if (recycler.hasTaken && (hooks !== null || !(node instanceof AccumulateGrad)))
    for (const grad of grads) if (grad !== null) recycler.lose(grad.storage.data);
  if (hooks !== null) callPrehooks(hooks, grads);
  runStep(node, grads, waiting, retainGraph);
}

/** As the loop of `runBackward`, for the gradients that arrive at some inputs. */
function capture(
  pass: Pass,
  inputs: readonly Tensor[],
  rootNodes: readonly Node[],
  waiting: WaitingSteps,
): (Tensor | null)[] {
  const wanted = inputs.map(gradientEdge);
  const needed = leadingTo(wanted, latestFirst(rootNodes));
  const captured: (Tensor | null)[] = inputs.map(() => null);
  for (let node = waiting.next(); node !== null; node = waiting.next()) {
    const { grads } = waiting;
    if (node.hooks !== null) callPrehooks(node.hooks, grads);
    wanted.forEach((want, i) => {
      if (want === node) captured[i] = grads[inputs[i].outputNr];
    });
    if (needed.has(node) && !(node instanceof AccumulateGrad))
      runStep(node, grads, waiting, pass.retainGraph);
    else observer?.gradientArrived(node, grads);
  }
  return captured;
}

/** Runs a step and sends on what it gives. */
function runStep(node: Node, grads: Gradients, waiting: WaitingSteps, retainGraph: boolean): void {
  let sent = anomalyMode.enabled ? watchedBackward(node, grads) : node.backward(grads);
  if (node.hooks !== null) sent = callPosthooks(node.hooks, sent, grads);
  observer?.gradientArrived(node, grads);
  const edges = node.next;
  for (let i = 0; i < edges.length; i++) {
    const next = edges[i];
    const grad = sent[i];
    if (next === null || grad == null) continue;
    const nr = node.nextOutput[i];
    const share = conform(grad, next.results[nr], node, i);
    if (observer !== null) {
      observer.gradientSent(node, i, grad, share);
      if (recycler.hasTaken) recycler.hold(grad.storage.data);
    }
    waiting.add(next, nr, share);
  }
  if (!retainGraph) node.release();
}

/**
 * The steps that gradients have arrived at, by when they were recorded. A step's inputs were recorded before it,
 * so that the latest one here has all its gradients. Most networks keep but a few waiting.
 */
class WaitingSteps {
  /** The gradients of the step that `next` gave. */
  grads: Gradients = [];
  private readonly steps: Node[] = [];
  private readonly gradients: Gradients[] = [];

  /** Adds to the gradient of a step's result `nr`. */
  add(node: Node, nr: number, grad: Tensor): void {
    const at = this.placeOf(node.sequence);
    if (this.steps[at] === node) {
      const grads = this.gradients[at];
      const before = grads[nr];
      const sum = before === null ? grad : before.add(grad);
      grads[nr] = sum;
      if (!recycler.hasTaken) return;
      recycler.hold(sum.storage.data);
      if (before !== null) recycler.release(before.storage.data);
      return;
    }
    const grads: Gradients = node.results.length > 1 ? node.results.map(() => null) : [null];
    grads[nr] = grad;
    if (recycler.hasTaken) recycler.hold(grad.storage.data);
    insert(this.steps, at, node);
    insert(this.gradients, at, grads);
  }

  /** Takes the latest step out; null at the end. */
  next(): Node | null {
    if (this.steps.length === 0) return null;
    this.grads = this.gradients.pop()!;
    return this.steps.pop()!;
  }

  /** Where a step with that number is or belongs. */
  private placeOf(sequence: number): number {
    const { steps } = this;
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (steps[middle].sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function insert<T>(list: T[], at: number, value: T): void {
  if (list.length - at > MANY) {
    list.splice(at, 0, value);
    return;
  }
  list.push(value);
  for (let i = list.length - 1; i > at; i--) list[i] = list[i - 1];
  list[at] = value;
}

/** From here on moving memory in one call is faster than a loop. */
const MANY = 32;

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
function conform(grad: Tensor, { shape, dtype }: ResultMeta, from: Node, index: number): Tensor {
  const result = sameShape(grad.shape, shape) ? grad : summedTo(grad, shape, from, index);
  return result.dtype === dtype ? result : result.to(dtype);
}

function summedTo(grad: Tensor, shape: readonly number[], from: Node, index: number): Tensor {
  if (!expandsTo(shape, grad.shape))
    throw new RuntimeError(
      `Function ${from.name()} returned an invalid gradient at index ${index} - got ${showShape(grad.shape)} but expected shape compatible with ${showShape(shape)}`,
    );
  const lead = grad.shape.length - shape.length;
  const added: number[] = [];
  for (let d = 0; d < grad.shape.length; d++)
    if (d < lead || (shape[d - lead] === 1 && grad.shape[d] !== 1)) added.push(d);
  // One sum where only leading dimensions were added, as for a bias.
  return added.length === lead ? grad.sum(added) : grad.sum_to_size([...shape]);
}

function expandsTo(shape: readonly number[], target: readonly number[]): boolean {
  const lead = target.length - shape.length;
  return lead >= 0 && shape.every((size, i) => size === 1 || size === target[lead + i]);
}

/** The gradient a root starts with where none was given: one, for a single element. */
export function rootGradient(root: Tensor, given: Tensor | null | undefined, index: number): Tensor {
  if (given == null) {
    if (root.numel() !== 1) throw new RuntimeError("grad can be implicitly created only for scalar outputs");
    const one = root.detachedCopy();
    one.storage.data[0] = 1;
    return one;
  }
  if (!sameShape(given.shape, root.shape))
    throw new RuntimeError(
      `Mismatch in shape: grad_output[${index}] has a shape of torch.Size(${showShape(given.shape)}) and output[${index}] has a shape of torch.Size(${showShape(root.shape)}).`,
    );
  return given;
}
