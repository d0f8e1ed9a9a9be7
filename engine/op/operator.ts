import { gradMode } from "../autograd/grad_mode";
import { type DerivativeInWords, type Gradients, gradientEdge, Node } from "../autograd/node";
import { packed, savedTensorsHooks, unpacked } from "../autograd/saved_tensors";
import { refuseChangeThrough, stepName, type ViewCreation } from "../autograd/views";
import { type DType, halves } from "../dtype";
import { RuntimeError } from "../errors";
import { NAMED_TUPLE, returnTypeOf } from "../printing/named_tuple";
import { isDense, numel, sameShape, showShape } from "../shape";
import { willWrite } from "../storage";
import { baseOf, elements, scatter, stridesOf, Tensor } from "../tensor";
import { CopySlices } from "./copy_slices";
import { computeInSingle, narrowed, roundedFor, roundResult, widened } from "./half_precision";
import { parseSchema, type Schema } from "./schema";
import { takeLeft } from "./workspace";

/** By this name a derivative uses what `forward` left for it. */
const WORKSPACE = "workspace";

/**
 * The derivative with respect to one tensor parameter: the parameters (or `result`) it uses, which are saved
 * for it and checked for in-place changes (of `input.shape` and `input.strides` only those are; `workspace` is what
 * `forward` left); a function of the gradient and those; and the same as a formula for people. The function is called
 * only if that input needs a gradient, and must be written with tensor operations so that it can itself be
 * differentiated. It need not undo broadcasting.
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
  takesHalves: boolean;
}

/** A differentiable parameter, with its derivative resolved to positions. */
interface Slot {
  param: number;
  /** Which of the saved values the derivative takes after the gradient. */
  uses: readonly number[];
  derivative: (...args: unknown[]) => unknown;
}

/** What a schema and the derivatives come to. */
interface Resolved {
  schema: Schema;
  slots: Slot[];
  /**
   * What derivatives use and a step therefore saves: positions of arguments; the result counts as one past the
   * last, the workspace follows it, the arguments' shapes, then their strides.
   */
  saves: number[];
  /** As many places with nothing in them. */
  nothingSaved: undefined[];
  /** Whether the result is a list, of which derivatives then receive the gradients as a list too. */
  givesList: boolean;
}

/** One overload of an operator, ready to run on bound arguments. */
export class Operator {
  readonly grad_fn: string | null;
  private readonly definition: Definition;
  private readonly forward: (...args: unknown[]) => unknown;
  private known: Resolved | null = null;

  constructor(definition: Definition) {
    this.definition = definition;
    this.grad_fn = definition.grad_fn;
    this.forward = definition.forward as (...args: unknown[]) => unknown;
  }

  get schema(): Schema {
    return this.resolved.schema;
  }

  /** Not before the first call: a program starts with an engine of its own and uses few of all operators. */
  get resolved(): Resolved {
    this.known ??= this.resolve();
    return this.known;
  }

  private resolve(): Resolved {
    const { text, backward } = this.definition;
    const schema = parseSchema(text);
    const names = schema.params.map((p) => p.name);
    const ofEach = (what: string) => schema.params.map(({ name }) => `${name}.${what}`);
    names.push("result", WORKSPACE, ...ofEach("shape"), ...ofEach("strides"));
    const slots: Slot[] = [];
    const saves: number[] = [];
    names.forEach((name, param) => {
      const derivative = backward[name];
      if (derivative == null) return;
      const uses = derivative[0].map((use) => {
        const position = names.indexOf(use);
        if (!saves.includes(position)) saves.push(position);
        return saves.indexOf(position);
      });
      slots.push({ param, uses, derivative: derivative[1] as (...args: unknown[]) => unknown });
    });
    const givesList = schema.resultNames !== null || schema.result === "Tensor[]";
    return { schema, slots, saves, nothingSaved: saves.map(() => undefined), givesList };
  }

  /** Runs on a complete argument list and records the step where an input asks for gradients. */
  run(args: unknown[]): unknown {
    if (this.grad_fn === null) return this.named(roundResult(call(this.forward, args)));
    const recording = gradMode.enabled && this.needsGrad(args);
    const result = this.named(recording ? this.forwardUnrecorded(args) : this.compute(args));
    if (this.definition.view) this.markViews(args, result as Tensor | Tensor[]);
    if (recording) {
      const node = stepOf(this, args);
      attach(node, result as Tensor | Tensor[]);
      node.save(args, result);
    }
    return result;
  }

  /** The derivative by the tensor parameter at `slot`, with what it uses of `saved`. */
  derivativeInWords(slot: number, saved: readonly unknown[] | null): DerivativeInWords | null {
    const { schema, slots } = this.resolved;
    const found = slots[slot];
    if (found === undefined) return null;
    const parameter = schema.params[found.param].name;
    const [names, , formula] = this.definition.backward[parameter]!;
    const uses = names.map((name, i): [string, unknown] => [name, saved?.[found.uses[i]]]);
    return { parameter, formula, uses: uses.filter(([name]) => name !== WORKSPACE) };
  }

  /** The result, whose parts can be read by name too where there are several. */
  named(result: unknown): unknown {
    const { resultNames, name } = this.resolved.schema;
    if (resultNames !== null) nameResults(result as Tensor[], resultNames, name);
    return result;
  }

  /** As `run`, but writes the result into the first argument and returns that. */
  runInPlace(args: unknown[]): Tensor {
    const target = args[0] as Tensor;
    const recording = gradMode.enabled && this.needsGrad(args);
    if (recording) refuseInPlaceOn(target);
    if (target.strides !== null) this.refuseSharedPlaces(target, target.strides);
    for (let i = 1; i < args.length; i++) refusePartialOverlap(target, args[i]);
    let node: OperatorNode | null = null;
    let saved = args;
    if (recording) {
      node = stepOf(this, args);
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

  /** Elements that share memory can only be written by what writes the same to all. */
  private refuseSharedPlaces({ shape }: Tensor, strides: readonly number[]): void {
    if (!strides.some((stride, d) => stride === 0 && shape[d] > 1)) return;
    if (!WRITES_SHARED.has(this.schema.name.replace(/^.*\./, "")))
      throw new RuntimeError(
        "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.",
      );
  }

  private needsGrad(args: unknown[]): boolean {
    const { slots } = this.resolved;
    for (let i = 0; i < slots.length; i++) {
      const arg = args[slots[i].param];
      if (arg instanceof Tensor) {
        if (arg.requires_grad) return true;
      } else if (Array.isArray(arg) && arg.some((t) => t.requires_grad)) return true;
    }
    return false;
  }

  private forwardUnrecorded(args: unknown[]): unknown {
    const before = gradMode.enabled;
    gradMode.enabled = false;
    try {
      return this.compute(args);
    } finally {
      gradMode.enabled = before;
    }
  }

  private compute(args: readonly unknown[]): unknown {
    const { view, takesHalves } = this.definition;
    if (!halves.used || view) return call(this.forward, args);
    return takesHalves ? roundResult(call(this.forward, args)) : computeInSingle(call, this.forward, args);
  }

  private markViews(args: unknown[], result: Tensor | Tensor[]): void {
    const parent = args[0] as Tensor;
    const { version } = parent.storage;
    const several = Array.isArray(result);
    const inherited = parent.viewMeta === null ? "default" : parent.viewMeta.creation;
    const creation = several ? "multi_output" : gradMode.enabled ? inherited : creationWithoutRecording();
    for (const view of several ? result : [result])
      view.viewMeta = { parent, operator: this, args, version, creation };
  }
}

/** Throws where what is read and what is written lie in the same memory, but not at the same places. */
function refusePartialOverlap(target: Tensor, other: unknown): void {
  if (!(other instanceof Tensor) || other.storage !== target.storage || other === target) return;
  const [from, to] = [target, other].map(({ shape, strides, offset }) =>
    strides === null || isDense(shape, strides) ? [offset, offset + numel(shape)] : null,
  );
  if (from === null || to === null || from[1] <= to[0] || to[1] <= from[0]) return;
  const isSame = from[0] === to[0] && from[1] === to[1] && sameShape(stridesOf(target), stridesOf(other));
  if (!isSame)
    throw new RuntimeError(
      "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory location. Please clone() the tensor before performing the operation.",
    );
}

/** What PyTorch lets write into expanded tensors. */
const WRITES_SHARED = new Set([
  "fill",
  "zero",
  "masked_fill",
  "index_fill",
  "index_put",
  "_index_put",
  "tril",
  "triu",
  "threshold",
]);

/** Calls `f`; most operators have few arguments, which then need not be spread from the list. */
function call(f: (...args: unknown[]) => unknown, args: readonly unknown[]): unknown {
  switch (args.length) {
    case 1:
      return f(args[0]);
    case 2:
      return f(args[0], args[1]);
    case 3:
      return f(args[0], args[1], args[2]);
    default:
      return f(...args);
  }
}

/** The step of an operator's run on `args`, connected to the steps that those came from. */
function stepOf(operator: Operator, args: readonly unknown[]): OperatorNode {
  const { slots } = operator.resolved;
  const first = args[slots[0].param];
  if (slots.length === 1 && first instanceof Tensor)
    return new OperatorNode(operator, [gradientEdge(first)], [first.outputNr]);
  const node = new OperatorNode(operator, [], []);
  for (let i = 0; i < slots.length; i++) {
    const arg = args[slots[i].param];
    if (Array.isArray(arg)) for (const t of arg) node.connect(t);
    else node.connect(arg instanceof Tensor ? arg : null);
  }
  return node;
}

const NO_VERSIONS: number[] = [];
/** Stands where hooks took the saved tensors, whose versions are then the hooks' affair. */
const PACKED: number[] = [];

/** A recorded run of an operator. */
export class OperatorNode extends Node {
  /** What the operator `saves`, as far as a derivative that may be asked for uses it; null once released. */
  private saved: unknown[] | null = null;
  /** Version of each saved tensor's storage when it was saved; a list of them for a list of tensors. */
  private versions: (number | number[])[] = NO_VERSIONS;
  private readonly operator: Operator;

  constructor(operator: Operator, next: (Node | null)[], nextOutput: number[]) {
    super(next, nextOutput);
    this.operator = operator;
  }

  name(): string {
    return this.operator.grad_fn!;
  }

  /** Whether a derivative that will be asked for uses the argument at `position`. */
  uses(position: number): boolean {
    const { slots, saves } = this.operator.resolved;
    const place = saves.indexOf(position);
    return place >= 0 && slots.some((slot, i) => this.asksFor(i, slots) && slot.uses.includes(place));
  }

  /** Keeps what the derivatives that will be asked for use. */
  save(args: readonly unknown[], result: unknown): void {
    const { slots, saves, schema, nothingSaved } = this.operator.resolved;
    if (saves.length === 0) {
      this.saved = nothingSaved;
      return;
    }
    const count = schema.params.length;
    const hooks = savedTensorsHooks.current;
    const left = takeLeft();
    // What hooks give back may be something else, and nothing is to be kept beside what they keep.
    const workspace = hooks === null ? left : undefined;
    const saved: unknown[] = nothingSaved.slice();
    const versions: (number | number[])[] = saves.slice();
    for (let i = 0; i < slots.length; i++) {
      if (!this.asksFor(i, slots)) continue;
      const { uses } = slots[i];
      for (let j = 0; j < uses.length; j++) {
        const use = saves[uses[j]];
        const value =
          use < count ? args[use] : use === count ? result : besides(args, use - count - 1, workspace);
        saved[uses[j]] = value;
        if (value instanceof Tensor) versions[uses[j]] = savedVersion(value);
        else if (Array.isArray(value) && value[0] instanceof Tensor)
          versions[uses[j]] = value.map(savedVersion);
      }
    }
    this.saved = hooks === null ? saved : saved.map((value) => packed(value, hooks));
    this.versions = hooks === null ? versions : PACKED;
  }

  // Lists of tensors come alone among an operator's differentiable parameters, so with one slot any edge counts.
  private asksFor(slot: number, slots: readonly Slot[]): boolean {
    return slots.length > 1 ? this.next[slot] !== null : this.next.some((n) => n !== null);
  }

  backward(grads: Gradients): Gradients {
    const { slots, givesList } = this.operator.resolved;
    const saved = this.checkedSaved();
    const grad = givesList ? grads : grads[0];
    if (halves.used && !gradMode.enabled) return this.backwardInSingle(slots, grad, saved);
    return this.derivatives(slots, grad, saved);
  }

  /** Halves are differentiated in float32 like they are computed. */
  private backwardInSingle(
    slots: readonly Slot[],
    grad: Gradients | Tensor | null,
    saved: unknown[],
  ): Gradients {
    const half = this.results.find(({ dtype }) => dtype.round !== null)?.dtype;
    if (half === undefined) return this.derivatives(slots, grad, saved);
    const given = this.derivatives(slots, widened(grad) as typeof grad, saved.map(widened));
    return narrowed(given, half) as Gradients;
  }

  private derivatives(
    slots: readonly Slot[],
    grad: Gradients | Tensor | null,
    saved: readonly unknown[],
  ): Gradients {
    if (slots.length === 1) {
      const given = derive(slots[0], grad, saved);
      return Array.isArray(given) ? given : [given];
    }
    const out: Gradients = [];
    for (let i = 0; i < slots.length; i++) {
      const given = this.asksFor(i, slots) ? derive(slots[i], grad, saved) : null;
      if (Array.isArray(given)) out.push(...given);
      else out.push(given);
    }
    return out;
  }

  /** Hooks of the program give what they took back. */
  override get runsAlone(): boolean {
    return this.versions !== PACKED;
  }

  override release(): void {
    if (this.versions === PACKED || this.saved?.some((value) => value instanceof Tensor)) this.saved = null;
  }

  override get savedValues(): readonly unknown[] | null {
    return this.versions === PACKED ? null : this.saved;
  }

  override derivativeOf(index: number, saved: readonly unknown[] | null): DerivativeInWords | null {
    return this.operator.derivativeInWords(this.operator.resolved.slots.length === 1 ? 0 : index, saved);
  }

  private checkedSaved(): unknown[] {
    const { saved, versions } = this;
    if (saved === null) throw alreadyFreed();
    if (versions === PACKED) return saved.map(unpacked);
    for (let i = 0; i < saved.length; i++) {
      const value = saved[i];
      const expected = versions[i];
      if (typeof expected === "object") checkEach(value as Tensor[], expected);
      if (!(value instanceof Tensor) || value.storage.version === expected) continue;
      const { saves, schema } = this.operator.resolved;
      const by = saves[i] === schema.params.length ? this : value.grad_fn;
      throw changedInPlace(value, expected as number, by);
    }
    return saved;
  }
}

function checkEach(saved: readonly Tensor[], versions: readonly number[]): void {
  saved.forEach((each, i) => {
    if (each.storage.version !== versions[i]) throw changedInPlace(each, versions[i], each.grad_fn);
  });
}

/** The workspace, the shapes of all arguments, then the strides of all. */
function besides(args: readonly unknown[], place: number, workspace: object | undefined): unknown {
  if (place === 0) return workspace;
  const { length } = args;
  return place <= length ? (args[place - 1] as Tensor).shape : (args[place - 1 - length] as Tensor).strides;
}

/** The gradient of one input, or those of a list. */
function derive(
  { uses, derivative }: Slot,
  grad: unknown,
  saved: readonly unknown[],
): Tensor | (Tensor | null)[] | null {
  switch (uses.length) {
    case 0:
      return derivative(grad) as Tensor;
    case 1:
      return derivative(grad, saved[uses[0]]) as Tensor;
    case 2:
      return derivative(grad, saved[uses[0]], saved[uses[1]]) as Tensor;
    default:
      return derivative(grad, ...uses.map((use) => saved[use])) as Tensor;
  }
}

export function alreadyFreed(): RuntimeError {
  return new RuntimeError(
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.",
  );
}

/** @param by The step that computed it; the leaf's are null. */
export function changedInPlace(saved: Tensor, expected: number, by: Node | null): RuntimeError {
  const from = by === null ? "" : `, which is output ${saved.outputNr} of ${stepName(by)},`;
  return new RuntimeError(
    `one of the variables needed for gradient computation has been modified by an inplace operation: [${typeInMessage(saved)} ${showShape(saved.shape)}]${from} is at version ${saved.storage.version}; expected version ${expected} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).`,
  );
}

/** Types younger than the names of PyTorch's first ones are told in other words. */
function typeInMessage({ dtype }: Tensor): string {
  const isYoung = dtype.name === "bool" || dtype.name === "bfloat16";
  return isYoung ? `CPU${dtype.scalarTypeName}Type` : `torch.${dtype.tensorTypeName}`;
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

/** Makes an array readable by names too, as PyTorch's named tuples are, and tells what to print it as. */
function nameResults(result: Tensor[], names: readonly string[], operator: string): void {
  names.forEach((name, i) => {
    Object.defineProperty(result, name, { value: result[i], enumerable: false });
  });
  const type = returnTypeOf(operator);
  // The operator that was asked for has the last word, where it hands on what another gave.
  if (type !== null) Object.defineProperty(result, NAMED_TUPLE, { value: [type, names], configurable: true });
}

function attach(node: Node, result: Tensor | Tensor[]): void {
  if (Array.isArray(result)) for (let i = 0; i < result.length; i++) attachOutput(node, result[i], i);
  else attachOutput(node, result, 0);
}

function attachOutput(node: Node, output: Tensor, nr: number): void {
  const { shape, dtype } = output;
  if (nr === 0) node.results = [{ shape, dtype }];
  else node.results.push({ shape, dtype });
  if (dtype.category !== "float") return;
  output.node = node;
  output.outputNr = nr;
}

/** Copies `values` over `target`'s elements, cast to its dtype. */
export function overwrite(target: Tensor, values: Tensor): void {
  if (!sameShape(target.shape, values.shape))
    throw new RuntimeError(
      `output with shape ${showShape(target.shape)} doesn't match the broadcast shape ${showShape(values.shape)}`,
    );
  refuseCast(values.dtype, target.dtype);
  willWrite(target.storage);
  scatter(target, roundedFor(target, elements(values)));
}

/** Throws PyTorch's refusal to write a result into memory of a lower kind. */
export function refuseCast(from: DType, to: DType): void {
  if (CATEGORY_RANK[from.category] > CATEGORY_RANK[to.category])
    throw new RuntimeError(
      `result type ${from.scalarTypeName} can't be cast to the desired output type ${to.scalarTypeName}`,
    );
}

const CATEGORY_RANK = { bool: 0, int: 1, float: 2 };

function creationWithoutRecording(): ViewCreation {
  return gradMode.inference ? "inference" : "no_grad";
}

/** Throws PyTorch's refusal where a recorded change of `target` in place would lose history. */
export function refuseInPlaceOn(target: Tensor): void {
  const meta = target.viewMeta;
  if (meta !== null) {
    refuseChangeThrough(target, meta.creation, "is being");
    if (target.requires_grad && baseOf(target).is_leaf)
      throw new RuntimeError(
        "a view of a leaf Variable that requires grad is being used in an in-place operation.",
      );
  }
  if (target.leafRequiresGrad)
    throw new RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.");
}

/** Makes `node` the history of a tensor that was changed in place, and of the memory it is a view of. */
export function rebaseHistory(target: Tensor, node: Node): void {
  node.results.push({ shape: target.shape, dtype: target.dtype });
  if (target.viewMeta === null) {
    target.node = node;
    target.outputNr = 0;
    if (target.retainsGrad) target.retainAt(node);
    return;
  }
  const base = baseOf(target);
  base.node = new CopySlices(base, gradientEdge(base), target, node);
  base.outputNr = 0;
  if (base.retainsGrad) base.retainAt(base.node);
}
