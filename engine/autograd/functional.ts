import { pythonTypeName, RuntimeError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import { sameShape, showShape } from "../shape";
import { Tensor } from "../tensor";
import { enable_grad } from "./context";
import { grad } from "./functions";

type OneOrMany = Tensor | readonly Tensor[];

export interface FunctionalOptions {
  /** Records the computation of the result, for derivatives of it. */
  create_graph?: boolean;
  /** Refuses inputs and results that do not depend on each other instead of giving zeros. */
  strict?: boolean;
}

export interface JacobianOptions extends FunctionalOptions {
  /** For PyTorch's sake: the rows are computed one by one in either case. */
  vectorize?: boolean;
  /** Likewise: by gradients in either case. */
  strategy?: "reverse-mode" | "forward-mode";
}

export interface HessianOptions extends FunctionalOptions {
  /** For PyTorch's sake: the rows are computed one by one in either case. */
  vectorize?: boolean;
  /** Likewise: by gradients in either case. */
  outer_jacobian_strategy?: "reverse-mode" | "forward-mode";
}

interface ProductOptions extends FunctionalOptions {
  /** What the derivative is multiplied with; null where that is one number. */
  v?: OneOrMany | null;
}

// biome-ignore lint/suspicious/noExplicitAny: a function of as many tensors as there are inputs
type TensorFunction<R> = (...inputs: any[]) => R;

/** Whether a list was given, and the list. */
interface Listed {
  many: boolean;
  list: Tensor[];
}

/** Calls `func` and keeps the graph to its inputs. */
class Evaluation {
  readonly inputs: Listed;
  readonly outputs: Listed;

  constructor(
    readonly name: string,
    func: TensorFunction<OneOrMany>,
    inputs: OneOrMany,
    readonly options: Settings,
  ) {
    const given = listed(inputs, "inputs", name);
    this.inputs = { ...given, list: given.list.map((input) => connected(input, options.create_graph)) };
    this.outputs = listed(func(...this.inputs.list), "outputs of the user-provided function", name);
    if (options.strict)
      this.outputs.list.forEach((output, i) => {
        if (!output.requires_grad)
          throw new RuntimeError(
            `Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.`,
          );
      });
  }

  /** Gradients of the outputs; null where an input plays no part. */
  gradients(starts: readonly (Tensor | null)[], create_graph: boolean): (Tensor | null)[] {
    return gradientsOf(this.outputs.list, this.inputs.list, starts, create_graph);
  }

  /** As it was given: one tensor or a list, without history unless that was asked for. */
  unlisted(values: readonly Tensor[], like: Listed): OneOrMany {
    const result = this.options.create_graph ? values : values.map((value) => value.detach());
    return like.many ? result : result[0];
  }
}

function listed(value: unknown, what: string, name: string): Listed {
  const many = Array.isArray(value);
  const list: readonly unknown[] = many ? value : [value];
  list.forEach((element, i) => {
    if (element instanceof Tensor) return;
    const which = many ? `the value at index ${i}` : `the given ${what}`;
    throw new TypeError(
      `The ${what} given to ${name} must be either a Tensor or a tuple of Tensors but ${which} has type <class '${pythonTypeName(element)}'>.`,
    );
  });
  return { many, list: list as Tensor[] };
}

/** The same values in a tensor of its own, so that what the function holds of them besides does not count. */
function connected(input: Tensor, create_graph: boolean): Tensor {
  return create_graph && input.requires_grad ? input.view_as(input) : input.detach().requires_grad_();
}

function gradientsOf(
  outputs: readonly (Tensor | null)[],
  inputs: readonly Tensor[],
  starts: readonly (Tensor | null)[],
  create_graph: boolean,
): (Tensor | null)[] {
  const counted = outputs.flatMap((output, i) => (output?.requires_grad ? [i] : []));
  if (counted.length === 0) return inputs.map(() => null);
  return grad(
    counted.map((i) => outputs[i]!),
    inputs,
    counted.map((i) => starts[i] ?? null),
    { allow_unused: true, create_graph, retain_graph: true },
  );
}

/** The vector that was given, checked against what it is multiplied with. */
function vectorFor(v: OneOrMany | null, other: Listed, name: string, missing: string): (Tensor | null)[] {
  if (v === null) {
    if (other.list.length !== 1 || other.list[0].numel() !== 1)
      throw new RuntimeError(`The vector v can only be None if ${missing}.`);
    return [null];
  }
  const { list } = listed(v, "v", name);
  if (list.length !== other.list.length)
    throw new RuntimeError(
      other.many
        ? `v is a tuple of invalid length: should be ${other.list.length} but got ${list.length}.`
        : "The given v should contain a single Tensor.",
    );
  list.forEach((element, i) => {
    const { shape } = other.list[i];
    if (sameShape(element.shape, shape)) return;
    const entry = other.many ? `Entry ${i} in ` : "";
    throw new RuntimeError(
      `${entry}v has invalid size: should be torch.Size(${showShape(shape)}) but got torch.Size(${showShape(element.shape)}).`,
    );
  });
  return list;
}

/** Zeros for what has no gradient, which strict mode refuses in the words of `refusal`. */
function filled(
  grads: readonly (Tensor | null)[],
  like: readonly Tensor[],
  strict: boolean,
  refusal: (i: number) => string,
): Tensor[] {
  return grads.map((grad, i) => {
    if (grad !== null) return grad;
    if (strict) throw new RuntimeError(refusal(i));
    return torch.zeros_like(like[i]);
  });
}

const ONE_RESULT = "the user-provided function returns a single Tensor with a single element";
const ONE_INPUT = "the input to the user-provided function is a single Tensor with a single element";
const independent = (i: number) =>
  `The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`;
const jacobianIndependent = (i: number) =>
  `The jacobian of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`;
const trickIndependent = (i: number) =>
  `The gradient with respect to the input is independent of entry ${i} in the grad_outputs when using the double backward trick to compute forward mode gradients. This is not allowed in strict mode.`;

function refuseVectorized(strict: boolean, vectorize: boolean): void {
  if (strict && vectorize)
    throw new RuntimeError(
      "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported together. Please either set `strict=False` or `vectorize=False`.",
    );
}

const jacobianArguments = signature(
  "jacobian(func: any, inputs: any, create_graph = false, strict = false, vectorize = false, strategy: str = 'reverse-mode')",
);
const hessianArguments = signature(
  "hessian(func: any, inputs: any, create_graph = false, strict = false, vectorize = false, outer_jacobian_strategy: str = 'reverse-mode')",
);
const productArguments = signature(
  "vjp(func: any, inputs: any, v: any = null, create_graph = false, strict = false)",
);

type Settings = Pick<Required<FunctionalOptions>, "create_graph" | "strict">;

/** What the products of a derivative and a vector are given. */
interface Product {
  func: TensorFunction<OneOrMany>;
  inputs: OneOrMany;
  vector: OneOrMany | null;
  settings: Settings;
}

function productOf(name: string, args: readonly unknown[]): Product {
  const [func, inputs, v, create_graph, strict] = productArguments(args, name);
  return {
    func: func as TensorFunction<OneOrMany>,
    inputs: inputs as OneOrMany,
    vector: v as OneOrMany | null,
    settings: { create_graph, strict },
  };
}

/** What a result is for one input or several: itself, or a list. */
type PerInput<I extends OneOrMany> = I extends Tensor ? Tensor : Tensor[];

/**
 * All derivatives of all results of `func`: shape of the result, then of the input. One per input, and a
 * list of those per result, where there are several. Source: torch.autograd.functional.jacobian.
 */
export function jacobian<I extends OneOrMany>(
  func: TensorFunction<Tensor>,
  inputs: I,
  options?: JacobianOptions,
): PerInput<I>;
export function jacobian(
  func: TensorFunction<readonly Tensor[]>,
  inputs: OneOrMany,
  options?: JacobianOptions,
): (Tensor | Tensor[])[];
export function jacobian<I extends OneOrMany>(
  options: { func: TensorFunction<Tensor>; inputs: I } & JacobianOptions,
): PerInput<I>;
export function jacobian(...args: unknown[]): unknown {
  const [func, inputs, create_graph, strict, vectorize] = jacobianArguments(args);
  refuseVectorized(strict, vectorize);
  return allDerivatives(func as TensorFunction<OneOrMany>, inputs as OneOrMany, { create_graph, strict });
}

function allDerivatives(func: TensorFunction<OneOrMany>, inputs: OneOrMany, settings: Settings): unknown {
  return enable_grad(() => {
    const call = new Evaluation("jacobian", func, inputs, settings);
    const rows = call.outputs.list.map((output, i) =>
      call.unlisted(jacobianOf(output, i, call), call.inputs),
    );
    return call.outputs.many ? rows : rows[0];
  });
}

function jacobianOf(output: Tensor, nr: number, call: Evaluation): Tensor[] {
  const { strict, create_graph } = call.options;
  const inputs = call.inputs.list;
  const flat = output.reshape(-1);
  const rows: Tensor[][] = inputs.map(() => []);
  for (let j = 0; j < output.numel(); j++) {
    const grads = gradientsOf([flat.select(0, j)], inputs, [null], create_graph);
    filled(
      grads,
      inputs,
      strict,
      (i) =>
        `Output ${nr} of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
    ).forEach((row, i) => {
      if (strict && create_graph && !row.requires_grad)
        throw new RuntimeError(
          `The jacobian of the user-provided function is independent of input ${nr}. This is not allowed in strict mode when create_graph=True.`,
        );
      rows[i].push(row);
    });
  }
  return rows.map((list, i) => torch.stack(list).reshape([...output.shape, ...inputs[i].shape]));
}

/**
 * All second derivatives of `func`, whose result is one number: the shape of the input twice. A list of
 * lists where there are several inputs. Source: torch.autograd.functional.hessian.
 */
export function hessian(func: TensorFunction<Tensor>, inputs: Tensor, options?: HessianOptions): Tensor;
export function hessian(
  func: TensorFunction<Tensor>,
  inputs: readonly Tensor[],
  options?: HessianOptions,
): Tensor[][];
export function hessian(options: { func: TensorFunction<Tensor>; inputs: Tensor } & HessianOptions): Tensor;
export function hessian(...args: unknown[]): unknown {
  const [func, inputs, create_graph, strict, vectorize] = hessianArguments(args);
  const { many, list } = listed(inputs, "inputs", "hessian");
  const scalar = (...given: Tensor[]) =>
    checkScalar((func as TensorFunction<OneOrMany>)(...given), "hessian");
  refuseVectorized(strict, vectorize);
  const gradient = (...given: Tensor[]) => {
    const rows = allDerivatives(scalar, given, { create_graph: true, strict: false }) as Tensor[];
    if (strict) checkCurved(rows);
    return rows;
  };
  const rows = allDerivatives(gradient, list, { create_graph, strict }) as Tensor[][];
  return many ? rows : rows[0][0];
}

/** Refuses first derivatives that do not depend on their inputs. */
function checkCurved(first: readonly (Tensor | null)[]): void {
  first.forEach((grad, i) => {
    if (grad === null) throw new RuntimeError(independent(i));
    if (!grad.requires_grad)
      throw new RuntimeError(
        `While computing the hessian, found that the jacobian of the user-provided function with respect to input ${i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is twice differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for example).`,
      );
  });
}

function checkScalar(output: unknown, name: string): Tensor {
  const { many, list } = listed(output, "outputs of the user-provided function", name);
  if (many) throw new RuntimeError(`The function given to ${name} should return a single Tensor`);
  if (list[0].numel() !== 1)
    throw new RuntimeError(
      `The Tensor returned by the function given to ${name} should contain a single element`,
    );
  return list[0].reshape([]);
}

/**
 * The results of `func`, and `v` times its Jacobian: gradients that start from `v`, of the results' shape.
 * Source: torch.autograd.functional.vjp.
 */
export function vjp<R extends OneOrMany, I extends OneOrMany>(
  func: TensorFunction<R>,
  inputs: I,
  v?: OneOrMany | null | ProductOptions,
  options?: FunctionalOptions,
): [R, PerInput<I>];
export function vjp<R extends OneOrMany, I extends OneOrMany>(
  options: { func: TensorFunction<R>; inputs: I } & ProductOptions,
): [R, PerInput<I>];
export function vjp(...args: unknown[]): unknown {
  const { func, inputs, vector, settings } = productOf("vjp", args);
  return enable_grad(() => {
    const call = new Evaluation("vjp", func, inputs, settings);
    const starts = vectorFor(vector, call.outputs, "vjp", ONE_RESULT);
    const grads = call.gradients(starts, settings.create_graph);
    const product = filled(grads, call.inputs.list, settings.strict, independent);
    return [call.unlisted(call.outputs.list, call.outputs), call.unlisted(product, call.inputs)];
  });
}

/**
 * The results of `func`, and its Jacobian times `v`: how they change as the inputs move along `v`, of the
 * inputs' shape. Source: torch.autograd.functional.jvp.
 */
export function jvp<R extends OneOrMany>(
  func: TensorFunction<R>,
  inputs: OneOrMany,
  v?: OneOrMany | null | ProductOptions,
  options?: FunctionalOptions,
): [R, R];
export function jvp<R extends OneOrMany>(
  options: { func: TensorFunction<R>; inputs: OneOrMany } & ProductOptions,
): [R, R];
export function jvp(...args: unknown[]): unknown {
  const { func, inputs, vector, settings } = productOf("jvp", args);
  return enable_grad(() => {
    const given = listed(inputs, "inputs", "jvp");
    const direction = vectorFor(vector, given, "jvp", ONE_INPUT);
    const call = new Evaluation("jvp", func, inputs, settings);
    // The derivative by `starts` of the gradients that begin with them: linear, so their value is of no account.
    const starts = call.outputs.list.map((output) => torch.zeros_like(output).requires_grad_());
    const grads = call.gradients(starts, true);
    const changes = gradientsOf(grads, starts, direction, settings.create_graph);
    const product = filled(changes, call.outputs.list, settings.strict, trickIndependent);
    return [call.unlisted(call.outputs.list, call.outputs), call.unlisted(product, call.outputs)];
  });
}

/** The result of `func`, one number, and `v` times its Hessian. Source: torch.autograd.functional.vhp. */
export function vhp<I extends OneOrMany>(
  func: TensorFunction<Tensor>,
  inputs: I,
  v?: OneOrMany | null | ProductOptions,
  options?: FunctionalOptions,
): [Tensor, PerInput<I>];
export function vhp<I extends OneOrMany>(
  options: { func: TensorFunction<Tensor>; inputs: I } & ProductOptions,
): [Tensor, PerInput<I>];
export function vhp(...args: unknown[]): unknown {
  const { func, inputs, vector, settings } = productOf("vhp", args);
  return enable_grad(() => {
    const given = listed(inputs, "inputs", "vhp");
    const starts = vectorFor(vector, given, "vhp", ONE_INPUT);
    const call = new Evaluation("vhp", func, inputs, settings);
    checkScalar(call.outputs.many ? call.outputs.list : call.outputs.list[0], "vhp");
    const first = call.gradients([null], true);
    if (settings.strict) checkCurved(first);
    const second = gradientsOf(first, call.inputs.list, starts, settings.create_graph);
    const product = filled(second, call.inputs.list, settings.strict, jacobianIndependent);
    return [call.unlisted(call.outputs.list, call.outputs), call.unlisted(product, call.inputs)];
  });
}

/** The result of `func`, one number, and its Hessian times `v`. Source: torch.autograd.functional.hvp. */
export function hvp<I extends OneOrMany>(
  func: TensorFunction<Tensor>,
  inputs: I,
  v?: OneOrMany | null | ProductOptions,
  options?: FunctionalOptions,
): [Tensor, PerInput<I>];
export function hvp<I extends OneOrMany>(
  options: { func: TensorFunction<Tensor>; inputs: I } & ProductOptions,
): [Tensor, PerInput<I>];
export function hvp(...args: unknown[]): unknown {
  const { func, inputs, vector, settings } = productOf("hvp", args);
  return enable_grad(() => {
    const given = listed(inputs, "inputs", "hvp");
    const direction = vectorFor(vector, given, "hvp", ONE_INPUT);
    const call = new Evaluation("hvp", func, inputs, settings);
    checkScalar(call.outputs.many ? call.outputs.list : call.outputs.list[0], "hvp");
    const first = call.gradients([null], true);
    if (settings.strict) checkCurved(first);
    const starts = call.inputs.list.map((input) => torch.zeros_like(input).requires_grad_());
    const back = gradientsOf(first, call.inputs.list, starts, true);
    const changes = gradientsOf(back, starts, direction, settings.create_graph);
    const product = filled(changes, call.inputs.list, settings.strict, jacobianIndependent);
    return [call.unlisted(call.outputs.list, call.outputs), call.unlisted(product, call.inputs)];
  });
}
