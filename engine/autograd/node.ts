import type { DType } from "../dtype";
import { RuntimeError } from "../errors";
import { giveBack, recycler } from "../recycling";
import { isDense, numel } from "../shape";
import type { Tensor } from "../tensor";
import { anomalyMode, noteForward } from "./anomaly_mode";
import { gradMode } from "./grad_mode";

let created = 0;
/** Below every recorded step, since a leaf's accumulator is only made when its first consumer is. */
let latestLeaf = 0;

/** How many steps the program has recorded: the `sequence` of the next one. */
export function stepsRecorded(): number {
  return created;
}

/** The namespace of the steps that are not an operator's. */
export const CORE = "torch::autograd::";

/** Shape and dtype of a node's result: what the gradient that arrives there must have. */
export interface ResultMeta {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export type Gradients = (Tensor | null)[];

/** A derivative as people read it: `other: grad · input`, with what the names stand for. */
export interface DerivativeInWords {
  /** The parameter whose gradient this is. */
  parameter: string;
  formula: string;
  /** What the formula uses besides the gradient that arrived. */
  uses: (readonly [name: string, value: unknown])[];
}

/**
 * A step of the recorded computation, seen backwards: takes the gradients of its results and gives those
 * of its inputs. Gradients travel in the backward pass, never on nodes.
 * Source: torch.autograd.graph.Node.
 */
export abstract class Node {
  // Declared, and set in the constructor: initializers of fields cost as much again as the object.

  /** Where the gradient of each input goes on; null for an input that needs none. @internal */
  declare readonly next: (Node | null)[];
  /** Which result of `next[i]` the input was. @internal */
  declare readonly nextOutput: number[];
  /** One per result. @internal */
  declare results: ResultMeta[];
  /** What to call when backward comes here; null as long as there is nothing. @internal */
  declare hooks: NodeHooks | null;
  /** What an observer keeps about this step; the engine never looks at it. @internal */
  declare observed: object | null;
  /**
   * Counts up over the program: a node's inputs were recorded before it and have lower numbers. No two nodes
   * have the same.
   */
  declare readonly sequence: number;

  constructor(next: (Node | null)[] = [], nextOutput: number[] = [], sequence: number = created++) {
    this.next = next;
    this.nextOutput = nextOutput;
    this.results = [];
    this.hooks = null;
    this.observed = null;
    this.sequence = sequence;
    if (anomalyMode.enabled) noteForward(this);
  }

  /** `MulBackward0`, PyTorch's name for the step; `torch::autograd::AccumulateGrad` for those of its core. */
  abstract name(): string;

  /** The name without its namespace, as Python shows it: `AccumulateGrad`. @internal */
  get typeName(): string {
    const name = this.name();
    return name.startsWith(CORE) ? name.slice(CORE.length) : name;
  }

  /** @internal */
  abstract backward(grads: Gradients): Gradients;

  /** Whether `backward` runs no code of the program and keeps nothing of what it is given or makes. @internal */
  get runsAlone(): boolean {
    return false;
  }

  /** Lets go of what was saved for backward. @internal */
  release(): void {}

  /** What backward uses; null once released, or where nothing was saved. For `derivativeOf`. @internal */
  get savedValues(): readonly unknown[] | null {
    return null;
  }

  /** The derivative by the input at `index`, in words; null where none is written down. @internal */
  derivativeOf(_index: number, _saved: readonly unknown[] | null): DerivativeInWords | null {
    return null;
  }

  /** The nodes that the gradients go on to, each with the index of its result. */
  get next_functions(): [Node | null, number][] {
    return this.next.map((node, i) => [node, this.nextOutput[i]]);
  }

  /** @internal */
  connect(input: Tensor | null): void {
    const edge = input === null ? null : gradientEdge(input);
    this.next.push(edge);
    this.nextOutput.push(edge === null ? 0 : input!.outputNr);
  }

  /**
   * Calls `hook` with the gradients of the inputs that this step gave and those it got; what it returns takes
   * the place of the former. Source: torch.autograd.graph.Node.register_hook.
   */
  register_hook(hook: NodeHook): RemovableHandle {
    return addHook(this, "post", hook);
  }

  /**
   * Calls `hook` with the gradients that arrive; what it returns takes their place.
   * Source: torch.autograd.graph.Node.register_prehook.
   */
  register_prehook(hook: NodePrehook): RemovableHandle {
    return addHook(this, "pre", (grads) => {
      hook(grads)?.forEach((grad, i) => {
        grads[i] = grad;
      });
    });
  }

  toString(): string {
    return `<${this.typeName} object>`;
  }
}

/** Ends what it was returned for. */
export interface RemovableHandle {
  remove(): void;
}

export type NodeHook = (
  grad_inputs: readonly (Tensor | null)[],
  grad_outputs: readonly (Tensor | null)[],
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing may be any function
) => readonly (Tensor | null)[] | null | undefined | void;

export type NodePrehook = (
  grad_outputs: readonly (Tensor | null)[],
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing may be any function
) => readonly (Tensor | null)[] | null | undefined | void;

/** Hooks of a node, in the order in which backward calls them. */
export interface NodeHooks {
  /** Those of the tensor it computed; they may replace what arrived. */
  tensor: ((grads: Gradients) => void)[];
  /** Keep the gradient of a non-leaf, as the other hooks left it. */
  retain: ((grads: Gradients) => void)[];
  pre: ((grads: Gradients) => void)[];
  post: NodeHook[];
}

/** Adds a hook of that kind to the node; the handle's `remove()` takes it away. */
export function addHook<K extends keyof NodeHooks>(
  node: Node,
  kind: K,
  hook: NodeHooks[K][number],
): RemovableHandle {
  node.hooks ??= { tensor: [], retain: [], pre: [], post: [] };
  const { hooks } = node;
  const list = hooks[kind] as unknown[];
  list.push(hook);
  return {
    remove() {
      const at = list.indexOf(hook);
      if (at >= 0) list.splice(at, 1);
    },
  };
}

/** Calls what comes before the step itself. */
export function callPrehooks(hooks: NodeHooks, grads: Gradients): void {
  for (const kind of ["tensor", "retain", "pre"] as const) for (const hook of [...hooks[kind]]) hook(grads);
}

/** Calls what comes after the step; gives the gradients to send on. */
export function callPosthooks(hooks: NodeHooks, sent: Gradients, grads: Gradients): Gradients {
  let result = sent;
  for (const hook of [...hooks.post]) {
    const replaced = hook(result, grads);
    if (replaced == null) continue;
    if (replaced.length !== result.length)
      throw new RuntimeError(
        `hook '${hook.name || "<lambda>"}' has returned an incorrect number of values (got ${replaced.length}, but expected ${result.length})`,
      );
    result = [...replaced];
  }
  return result;
}

/** Where a backward pass ends: adds what arrives to the leaf's `grad`. */
export class AccumulateGrad extends Node {
  /** Called with the leaf whenever its `grad` was updated. @internal */
  posthooks: ((leaf: Tensor) => void)[] | null = null;
  /** Memory of the leaf's gradient that nothing else looks into, as long as nobody has asked for it. @internal */
  unseen: ArrayBuffer | null = null;
  readonly variable: Tensor;

  constructor(variable: Tensor) {
    super([], [], --latestLeaf);
    this.variable = variable;
    this.results.push(variable);
  }

  name(): string {
    return `${CORE}AccumulateGrad`;
  }

  backward(grads: Gradients): Gradients {
    const grad = grads[0];
    if (grad !== null) {
      const { variable } = this;
      if (!recycler.hasTaken || variable.gradTensor !== null || !this.takes(grad)) accumulate(variable, grad);
      if (this.posthooks !== null) for (const hook of [...this.posthooks]) hook(variable);
    }
    return [];
  }

  /** Makes what arrives the leaf's first gradient without copying it, where nothing else can have kept it. */
  private takes(grad: Tensor): boolean {
    const { variable } = this;
    const { data } = grad.storage;
    if (grad.strides !== null || data.length !== numel(grad.shape) || laidOutAs(variable) !== null)
      return false;
    const memory = recycler.take(data);
    if (memory === null) return false;
    variable.grad = grad.detach();
    this.unseen = memory;
    return true;
  }

  /** `leaf.grad` is another one now than that which was `unseen`. @internal */
  replaced(leaf: Tensor): void {
    // What a hook unpacks goes by the same node, but has a gradient of its own.
    if (leaf !== this.variable) return;
    giveBack(this.unseen!);
    this.unseen = null;
  }
}

/** Adds to the gradient of a tensor. */
export function accumulate(variable: Tensor, grad: Tensor): void {
  const before = gradMode.enabled ? variable.grad : variable.gradTensor;
  // A leaf owns its gradient: it may be zeroed in place while others still hold what arrived.
  if (before === null)
    variable.grad = gradMode.enabled ? grad.clone() : grad.detachedCopy(laidOutAs(variable));
  else if (gradMode.enabled) variable.grad = before.add(grad);
  else before.add_(grad);
}

/** The strides of a tensor that lies without gaps in another order than row-major: its gradient lies likewise. */
function laidOutAs({ shape, strides }: Tensor): readonly number[] | null {
  return strides !== null && isDense(shape, strides) ? strides : null;
}

/** The node that a gradient for `t` is sent to; null where `t` needs none. */
export function gradientEdge(t: Tensor): Node | null {
  const { grad_fn } = t;
  if (grad_fn !== null) return grad_fn;
  if (!t.leafRequiresGrad) return null;
  t.accumulator ??= new AccumulateGrad(t);
  return t.accumulator;
}
