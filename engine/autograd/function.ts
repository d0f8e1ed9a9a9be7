import { NotImplementedError, pythonTypeName, RuntimeError } from "../errors";
import { alreadyFreed, changedInPlace, rebaseHistory, refuseInPlaceOn, savedVersion } from "../op/operator";
import { Tensor } from "../tensor";
import { gradMode, withGradMode } from "./grad_mode";
import { type Gradients, Node } from "./node";
import { packed, savedTensorsHooks, unpacked } from "./saved_tensors";

/** What `forward` and `backward` of a custom function share. Any further property may be set on it. */
export class FunctionCtx {
  /** Whether each argument of `forward` needs a gradient. */
  needs_input_grad: boolean[] = [];
  /** @internal */
  dirty: readonly Tensor[] = [];
  /** @internal */
  nonDifferentiable: readonly Tensor[] = [];
  /** @internal */
  materializeGrads = true;
  private saved: (Tensor | null)[] | null = [];
  private versions: number[] = [];
  /** Whether hooks took what was saved. */
  private isPacked = false;
  private node: Node | null = null;
  private ownResults: ReadonlySet<unknown> = new Set();

  // biome-ignore lint/suspicious/noExplicitAny: what is remembered is up to the function
  [remembered: string]: any;

  /** Keeps arguments or results for `backward`, checked for changes in place. */
  save_for_backward(...tensors: (Tensor | null)[]): void {
    tensors.forEach((tensor, i) => {
      if (tensor !== null && !(tensor instanceof Tensor))
        throw new TypeError(
          `save_for_backward can only save variables, but argument ${i} is of type ${pythonTypeName(tensor)}`,
        );
    });
    this.saved = tensors;
  }

  /** What `save_for_backward` kept. */
  get saved_tensors(): Tensor[] {
    if (this.saved === null) throw alreadyFreed();
    if (this.isPacked) return this.saved.map(unpacked) as Tensor[];
    this.saved.forEach((tensor, i) => {
      if (tensor !== null && this.node !== null && tensor.storage.version !== this.versions[i])
        throw changedInPlace(
          tensor,
          this.versions[i],
          this.ownResults.has(tensor) ? this.node : tensor.grad_fn,
        );
    });
    return this.saved as Tensor[];
  }

  /** Says which arguments `forward` changed in place. Each must be among its results. */
  mark_dirty(...tensors: Tensor[]): void {
    this.dirty = tensors;
  }

  /** Says which results have no gradient. */
  mark_non_differentiable(...tensors: Tensor[]): void {
    this.nonDifferentiable = tensors;
  }

  /** Whether `backward` gets zeros (the default) or null for a result that was not used. */
  set_materialize_grads(value: boolean): void {
    this.materializeGrads = value;
  }

  /** Ties what was saved to the step it was saved for. @internal */
  seal(node: Node, results: readonly unknown[]): void {
    this.node = node;
    this.ownResults = new Set(results);
    this.versions = this.saved!.map((tensor) => (tensor === null ? 0 : savedVersion(tensor)));
    const hooks = savedTensorsHooks.current;
    if (hooks === null) return;
    this.saved = this.saved!.map((tensor) => packed(tensor, hooks)) as Tensor[];
    this.isPacked = true;
  }

  /** @internal */
  free(): void {
    if (this.saved !== null && this.saved.length > 0) this.saved = null;
  }
}

/** What a class that extends `Function` offers. */
interface CustomFunction {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: every function has arguments of its own
  forward(...args: any[]): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  backward(ctx: FunctionCtx, ...grads: any[]): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  setup_context?(ctx: FunctionCtx, inputs: any, output: any): void;
}

/** A step whose derivative a program defines. */
class FunctionNode extends Node {
  constructor(
    private readonly custom: CustomFunction,
    private readonly ctx: FunctionCtx,
    private readonly inputs: readonly boolean[],
  ) {
    super();
  }

  name(): string {
    return `${this.custom.name}Backward`;
  }

  backward(grads: Gradients): Gradients {
    const given = this.ctx.materializeGrads
      ? grads.map((grad, i) => grad ?? zerosFor(this.results[i], grads))
      : grads;
    const sent = this.custom.backward(this.ctx, ...given);
    const list: unknown[] = Array.isArray(sent) ? sent : [sent];
    return this.checked(list);
  }

  /** One gradient per argument came back; those of the tensors go on. */
  private checked(list: readonly unknown[]): Gradients {
    const { inputs } = this;
    const surplus = list.slice(inputs.length).some((grad) => grad != null);
    if (list.length < inputs.length || surplus)
      throw new RuntimeError(
        `function ${this.name()} returned an incorrect number of gradients (expected ${inputs.length}, got ${list.length})`,
      );
    const grads: Gradients = [];
    inputs.forEach((isTensor, i) => {
      const grad = list[i] ?? null;
      if (grad !== null && !isTensor)
        throw new RuntimeError(
          `function ${this.name()} returned a gradient different than None at position ${i + 1}, but the corresponding forward input was not a Variable`,
        );
      if (grad !== null && !(grad instanceof Tensor))
        throw new RuntimeError(`expected Variable or None (got ${pythonTypeName(grad)})`);
      if (isTensor) grads.push(grad as Tensor | null);
    });
    return grads;
  }

  override release(): void {
    this.ctx.free();
  }
}

function zerosFor(meta: { shape: readonly number[]; dtype: Tensor["dtype"] }, grads: Gradients): Tensor {
  const some = grads.find((grad) => grad !== null)!;
  return some.new_zeros([...meta.shape], { dtype: meta.dtype });
}

/**
 * Base class of functions that bring their own derivative: static methods `forward(ctx, …)` and
 * `backward(ctx, …)`, which gets the gradient of each result and gives one for each argument, null for
 * those that are no tensors. Call it with `apply`. Source: torch.autograd.Function.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: programs extend it
abstract class AutogradFunction {
  /** Computes the result, without being recorded. With a `setup_context` it gets no `ctx`. */
  // biome-ignore lint/suspicious/noExplicitAny: every function has arguments of its own
  static forward(..._args: any[]): any {
    throw new NotImplementedError("You must implement the forward function for custom autograd.Function.");
  }

  // biome-ignore lint/suspicious/noExplicitAny: likewise
  static backward(_ctx: FunctionCtx, ..._grads: any[]): any {
    throw new NotImplementedError(
      "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.",
    );
  }

  /** Runs `forward` and records the step. */
  static apply<A extends unknown[], R>(this: { forward(ctx: FunctionCtx, ...args: A): R }, ...args: A): R;
  // biome-ignore lint/suspicious/noExplicitAny: what `forward` without `ctx` takes
  static apply(...args: any[]): any;
  static apply(...args: unknown[]): unknown {
    // biome-ignore lint/complexity/noThisInStatic: the class that was called decides
    return applyFunction(this as unknown as CustomFunction, args);
  }
}

export { AutogradFunction as Function };

Object.defineProperty(AutogradFunction, "name", { value: "Function" });

function applyFunction(custom: CustomFunction, args: readonly unknown[]): unknown {
  const ctx = new FunctionCtx();
  const needs = args.map((arg) => arg instanceof Tensor && arg.requires_grad);
  ctx.needs_input_grad = needs;
  const recording = gradMode.enabled && needs.includes(true);
  const node = recording
    ? new FunctionNode(
        custom,
        ctx,
        args.map((arg) => arg instanceof Tensor),
      )
    : null;
  if (node !== null) for (const arg of args) if (arg instanceof Tensor) node.connect(arg);
  const result = withGradMode(false, () => {
    if (custom.setup_context === undefined) return custom.forward(ctx, ...args);
    const output = custom.forward(...args);
    custom.setup_context(ctx, args, output);
    return output;
  });
  const several = Array.isArray(result);
  const given: unknown[] = several ? result : [result];
  checkDirty(ctx, given);
  const outputs = given.map((output) => {
    if (!(output instanceof Tensor)) return output;
    // An argument that comes back as it was is a result of its own.
    const isArgument = args.includes(output) && !ctx.dirty.includes(output);
    return isArgument ? withGradMode(false, () => output.view(output.shape)) : output;
  });
  if (recording) refuseDirtyViews(ctx, outputs);
  if (node !== null) {
    const tensors = outputs.filter((output): output is Tensor => output instanceof Tensor);
    const leaves = (given as unknown[]).filter((o): o is Tensor => o instanceof Tensor);
    tensors.forEach((output, i) => {
      recordOutput(node, ctx, output, i, ctx.nonDifferentiable.includes(leaves[i]));
    });
    ctx.seal(node, outputs);
  }
  markViews(ctx, outputs);
  return several ? outputs : outputs[0];
}

function checkDirty(ctx: FunctionCtx, outputs: readonly unknown[]): void {
  for (const tensor of ctx.dirty) {
    if (tensor.leafRequiresGrad && gradMode.enabled)
      throw new RuntimeError("a leaf Variable that requires grad has been used in an in-place operation.");
    if (!outputs.includes(tensor))
      throw new RuntimeError(
        "Some elements marked as dirty during the forward method were not returned as output. The inputs that are modified inplace must all be outputs of the Function.",
      );
  }
}

/** The rules of changes in place hold for views that `forward` changed, too. */
function refuseDirtyViews(ctx: FunctionCtx, outputs: readonly unknown[]): void {
  for (const tensor of ctx.dirty) {
    if (tensor.viewMeta === null) continue;
    refuseInPlaceOn(tensor);
    if (outputs.filter((output) => output instanceof Tensor).length > 1)
      throw new RuntimeError(
        "If your Function modifies inplace an input that is a view of another Tensor, your Function cannot return more than one Tensor. This is not supported by the current autograd engine. You should either make sure the input is not a view (using .clone() for example) or make your Function only return one Tensor (potentially splitting it into two Functions: one doing the inplace that returns a single Tensor and a second one that does the other operations). You can ask on the forum https://discuss.pytorch.org/ if you need help to do this change.",
      );
  }
}

/** A view that `forward` made may not be changed in place: that would go around `backward`. */
function markViews(ctx: FunctionCtx, outputs: readonly unknown[]): void {
  const isDifferentiable = (output: unknown) =>
    output instanceof Tensor && output.dtype.category === "float" && !ctx.nonDifferentiable.includes(output);
  const creation = outputs.filter(isDifferentiable).length > 1 ? "multi_output" : "custom_function";
  for (const output of outputs) {
    if (!(output instanceof Tensor) || output.viewMeta === null || ctx.dirty.includes(output)) continue;
    output.viewMeta = { ...output.viewMeta, creation, version: output.storage.version };
  }
}

function recordOutput(node: Node, ctx: FunctionCtx, output: Tensor, nr: number, plain: boolean): void {
  if (ctx.dirty.includes(output) && !plain) {
    rebaseHistory(output, node);
    return;
  }
  node.results.push({ shape: output.shape, dtype: output.dtype });
  if (plain || output.dtype.category !== "float") return;
  output.node = node;
  output.outputNr = nr;
}

/** Stands where a gradient's own gradient would be asked for, which its function does not give. */
class DelayedError extends Node {
  constructor(readonly message: string) {
    super();
  }

  name(): string {
    return "Error";
  }

  backward(): Gradients {
    throw new RuntimeError(this.message);
  }
}

/**
 * Marks a `backward` that is not written with tensor operations: gradients of its gradients are refused.
 * Source: torch.autograd.function.once_differentiable.
 */
export function once_differentiable<A extends unknown[], R>(
  backward: (ctx: FunctionCtx, ...grads: A) => R,
): (ctx: FunctionCtx, ...grads: A) => R {
  return function (this: unknown, ctx, ...grads) {
    const result = withGradMode(false, () => backward.call(this, ctx, ...grads));
    const asked = grads.some((grad) => grad instanceof Tensor && grad.requires_grad);
    if (!gradMode.enabled || !asked) return result;
    const refuse = (output: unknown) => (output instanceof Tensor ? refuseGradient(output) : output);
    return (Array.isArray(result) ? result.map(refuse) : refuse(result)) as R;
  };
}

function refuseGradient(output: Tensor): Tensor {
  const result = output.detach();
  const node = new DelayedError(
    "trying to differentiate twice a function that was marked with @once_differentiable",
  );
  node.results.push({ shape: result.shape, dtype: result.dtype });
  result.node = node;
  return result;
}
