import { gradMode, withGradMode } from "../autograd/grad_mode";
import { type DerivativeInWords, type Gradients, gradientEdge, Node } from "../autograd/node";
import { RuntimeError } from "../errors";
import { sameShape, showShape } from "../shape";
import { willWrite } from "../storage";
import { baseOf, elements, scatter, Tensor } from "../tensor";
import { CopySlices } from "./copy_slices";
import { parseSchema, type Schema } from "./schema";

/**
 * The derivative with respect to one tensor parameter: the parameters (or `result`) it uses, which are saved
 * for it and checked for in-place changes (of `input.shape` only the shape is); a function of the gradient and
 * those; and the same as a formula for people. The function is called only if that input needs a gradient, and must be written with tensor
 * operations so that it can itself be differentiated. It need not undo broadcasting.
 */
export type Derivative = readonly [
  uses: readonly string[],
  fn: (...args: never[]) => unknown,
  formula: string,
];

export interface Definition {
  /** The schema as written. */
  text: string;
  forward: (...args: never[]) => unknown;
  grad_fn: string | null;
  backward: Record<string, Derivative | null>;
  view: boolean;
}

/** A differentiable parameter, with its derivative resolved to positions in the argument list. */
interface Slot {
  param: number;
  /**
   * Positions of the arguments the derivative takes after the gradient; the result counts as one past the last,
   * the arguments' shapes follow it.
   */
  uses: readonly number[];
  derivative: (...args: unknown[]) => unknown;
}

/** What a schema and the derivatives come to. */
interface Resolved {
  schema: Schema;
  slots: Slot[];
  /** Whether the result is a list, of which derivatives then receive the gradients as a list too. */
  givesList: boolean;
}

/** One overload of an operator, ready to run on bound arguments. */
export class Operator {
  readonly grad_fn: string | null;
  private readonly definition: Definition;
  private readonly forward: (...args: unknown[]) => unknown;
  private resolved: Resolved | null = null;

  constructor(definition: Definition) {
    this.definition = definition;
    this.grad_fn = definition.grad_fn;
    this.forward = definition.forward as (...args: unknown[]) => unknown;
  }

  get schema(): Schema {
    return (this.resolved ?? this.resolve()).schema;
  }

  get slots(): readonly Slot[] {
    return (this.resolved ?? this.resolve()).slots;
  }

  get givesList(): boolean {
    return (this.resolved ?? this.resolve()).givesList;
  }

  /** Not before the first call: a program starts with an engine of its own and uses few of all operators. */
  private resolve(): Resolved {
    const { text, backward } = this.definition;
    const schema = parseSchema(text);
    const names = schema.params.map((p) => p.name);
    names.push("result", ...names.map((name) => `${name}.shape`));
    const slots: Slot[] = [];
    names.forEach((name, param) => {
      const derivative = backward[name];
      if (derivative == null) return;
      slots.push({
        param,
        uses: derivative[0].map((use) => names.indexOf(use)),
        derivative: derivative[1] as (...args: unknown[]) => unknown,
      });
    });
    const givesList = schema.resultNames !== null || schema.result === "Tensor[]";
    this.resolved = { schema, slots, givesList };
    return this.resolved;
  }

  /** Runs on a complete argument list and records the step where an input asks for gradients. */
  run(args: unknown[]): unknown {
    if (this.grad_fn === null) return this.named(this.forward(...args));
    const recording = gradMode.enabled && this.needsGrad(args);
    const result = recording ? this.forwardUnrecorded(args) : this.forward(...args);
    this.named(result);
    if (this.definition.view) this.markViews(args, result as Tensor | Tensor[]);
    if (recording) {
      const node = new OperatorNode(this);
      node.connectInputs(args);
      node.save(args, result);
      attach(node, result as Tensor | Tensor[]);
    }
    return result;
  }

  /** The derivative by the tensor parameter at `slot`, with what it uses of `saved`. */
  derivativeInWords(slot: number, saved: readonly unknown[] | null): DerivativeInWords | null {
    const { params } = this.schema;
    const resolved = this.slots[slot];
    if (resolved === undefined) return null;
    const parameter = params[resolved.param].name;
    const [names, , formula] = this.definition.backward[parameter]!;
    return { parameter, formula, uses: names.map((name, i) => [name, saved?.[resolved.uses[i]]]) };
  }

  private named(result: unknown): unknown {
    if (this.schema.resultNames !== null) nameResults(result as Tensor[], this.schema.resultNames);
    return result;
  }

  /** As `run`, but writes the result into the first argument and returns that. */
  runInPlace(args: unknown[]): Tensor {
    const target = args[0] as Tensor;
    const recording = gradMode.enabled && this.needsGrad(args);
    if (gradMode.enabled) refuseInPlaceOn(target, recording);
    let node: OperatorNode | null = null;
    let saved = args;
    if (recording) {
      node = new OperatorNode(this);
      node.connectInputs(args);
      // What the derivative needs of the target is about to be overwritten.
      if (node.uses(0)) saved = [target.clone(), ...args.slice(1)];
    }
    overwrite(target, this.forwardUnrecorded(args) as Tensor);
    if (node !== null) {
      node.save(saved, target);
      rebaseHistory(target, node);
    }
    return target;
  }

  private needsGrad(args: unknown[]): boolean {
    for (const { param } of this.slots) {
      const arg = args[param];
      if (arg instanceof Tensor ? arg.requires_grad : Array.isArray(arg) && arg.some((t) => t.requires_grad))
        return true;
    }
    return false;
  }

  private forwardUnrecorded(args: unknown[]): unknown {
    return withGradMode(false, () => this.forward(...args));
  }

  private markViews(args: unknown[], result: Tensor | Tensor[]): void {
    const parent = args[0] as Tensor;
    const baseNode = baseOf(parent).node;
    const several = Array.isArray(result);
    const creation = several ? "multi_output" : gradMode.enabled ? "default" : "no_grad";
    for (const view of several ? result : [result])
      view.viewMeta = { parent, operator: this, args, baseNode, creation };
  }
}

/** A recorded run of an operator. */
export class OperatorNode extends Node {
  /** Arguments and, last, the result, as far as a derivative uses them; null once released. */
  private saved: unknown[] | null = null;
  /** Version of each saved tensor's storage when it was saved. */
  private versions: number[] = [];

  constructor(readonly operator: Operator) {
    super();
  }

  name(): string {
    return this.operator.grad_fn!;
  }

  connectInputs(args: unknown[]): void {
    for (const { param } of this.operator.slots) {
      const arg = args[param];
      if (Array.isArray(arg)) for (const t of arg) this.connect(t);
      else this.connect(arg instanceof Tensor ? arg : null);
    }
  }

  /** Whether a derivative that will be asked for uses the argument at `position`. */
  uses(position: number): boolean {
    return this.operator.slots.some((slot, i) => this.edgeCountsOf(slot, i) && slot.uses.includes(position));
  }

  /** Keeps what the derivatives that will be asked for use. */
  save(args: unknown[], result: unknown): void {
    const { slots, schema } = this.operator;
    const count = schema.params.length;
    const saved = new Array<unknown>(2 * count + 1);
    this.saved = saved;
    for (let i = 0; i < slots.length; i++) {
      if (!this.edgeCountsOf(slots[i], i)) continue;
      for (const use of slots[i].uses) {
        const value =
          use < count ? args[use] : use === count ? result : (args[use - count - 1] as Tensor).shape;
        saved[use] = value;
        if (value instanceof Tensor) this.versions[use] = savedVersion(value);
      }
    }
  }

  // Lists of tensors come alone among an operator's differentiable parameters, so with one slot any edge counts.
  private edgeCountsOf(_slot: Slot, index: number): boolean {
    return this.operator.slots.length === 1 ? this.next.some((n) => n !== null) : this.next[index] !== null;
  }

  backward(grads: Gradients): Gradients {
    const { slots } = this.operator;
    const saved = this.checkedSaved();
    const grad = this.operator.givesList ? grads : grads[0];
    const out: Gradients = [];
    for (let i = 0; i < slots.length; i++) {
      const { uses, derivative } = slots[i];
      if (!this.edgeCountsOf(slots[i], i)) {
        out.push(null);
        continue;
      }
      const given = derivative(grad, ...uses.map((use) => saved[use])) as Tensor | Tensor[] | null;
      if (Array.isArray(given)) out.push(...given);
      else out.push(given);
    }
    return out;
  }

  override release(): void {
    if (this.versions.length > 0) this.saved = null;
  }

  override get savedValues(): readonly unknown[] | null {
    return this.saved;
  }

  override derivativeOf(index: number, saved: readonly unknown[] | null): DerivativeInWords | null {
    return this.operator.derivativeInWords(this.operator.slots.length === 1 ? 0 : index, saved);
  }

  private checkedSaved(): unknown[] {
    if (this.saved === null) throw alreadyFreed();
    const result = this.operator.schema.params.length;
    this.saved.forEach((value, i) => {
      if (value instanceof Tensor && value.storage.version !== this.versions[i])
        throw changedInPlace(value, this.versions[i], i === result ? this : value.grad_fn);
    });
    return this.saved;
  }
}

export function alreadyFreed(): RuntimeError {
  return new RuntimeError(
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.",
  );
}

/** @param by The step that computed it; the leaf's are null. */
export function changedInPlace(saved: Tensor, expected: number, by: Node | null): RuntimeError {
  const from =
    by === null ? "" : `, which is output ${saved.outputNr} of ${by.name().replace(/Backward.*$/, "")},`;
  return new RuntimeError(
    `one of the variables needed for gradient computation has been modified by an inplace operation: [torch.${saved.dtype.tensorTypeName} ${showShape(saved.shape)}]${from} is at version ${saved.storage.version}; expected version ${expected} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).`,
  );
}

/** The version of a tensor that is being saved. Throws for inference tensors, which cannot be. */
export function savedVersion(saved: Tensor): number {
  const { storage } = saved;
  if (storage.isInference)
    throw new RuntimeError(
      "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`.",
    );
  return storage.version;
}

/** Makes an array readable by names too, as PyTorch's named tuples are. */
function nameResults(result: Tensor[], names: readonly string[]): void {
  names.forEach((name, i) => {
    Object.defineProperty(result, name, { value: result[i], enumerable: false });
  });
}

function attach(node: Node, result: Tensor | Tensor[]): void {
  const several = Array.isArray(result);
  const outputs = several ? result : [result];
  outputs.forEach((output, i) => {
    node.results.push({ shape: output.shape, dtype: output.dtype });
    if (output.dtype.category !== "float") return;
    output.node = node;
    output.outputNr = i;
  });
}

/** Copies `values` over `target`'s elements, cast to its dtype. */
export function overwrite(target: Tensor, values: Tensor): void {
  if (!sameShape(target.shape, values.shape))
    throw new RuntimeError(
      `output with shape ${showShape(target.shape)} doesn't match the broadcast shape ${showShape(values.shape)}`,
    );
  if (CATEGORY_RANK[values.dtype.category] > CATEGORY_RANK[target.dtype.category])
    throw new RuntimeError(
      `result type ${values.dtype.scalarTypeName} can't be cast to the desired output type ${target.dtype.scalarTypeName}`,
    );
  willWrite(target.storage);
  scatter(target, elements(values));
}

const CATEGORY_RANK = { bool: 0, int: 1, float: 2 };

/** Throws PyTorch's refusal where changing `target` in place would lose history. */
export function refuseInPlaceOn(target: Tensor, recording: boolean): void {
  const meta = target.viewMeta;
  if (meta === null) {
    if (target.leafRequiresGrad)
      throw new RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.");
    return;
  }
  if (baseOf(target).leafRequiresGrad)
    throw new RuntimeError(
      "a view of a leaf Variable that requires grad is being used in an in-place operation.",
    );
  if (meta.creation === "default" || !(recording || baseOf(target).requires_grad)) return;
  if (meta.creation === "multi_output")
    throw new RuntimeError(
      `Output ${target.outputNr} of ${target.grad_fn?.name() ?? "a view"} is a view and is being modified inplace. This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.`,
    );
  throw new RuntimeError(
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked).",
  );
}

/** Makes `node` the history of a tensor that was changed in place, and of the memory it is a view of. */
export function rebaseHistory(target: Tensor, node: Node): void {
  node.results.push({ shape: target.shape, dtype: target.dtype });
  if (target.viewMeta === null) {
    target.node = node;
    target.outputNr = 0;
    return;
  }
  const base = baseOf(target);
  base.node = new CopySlices(base, gradientEdge(base), target, node);
  base.outputNr = 0;
}
