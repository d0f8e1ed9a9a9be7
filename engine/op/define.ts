import { pythonTypeName } from "../errors";
import type {
  FunctionalFunctions,
  LinalgFunctions,
  MaskedFunctions,
  SpecialFunctions,
  TorchFunctions,
} from "../generated/operators";
import { Tensor } from "../tensor";
import { bindArguments, showSignature } from "./arguments";
import { isKeywords } from "./keywords";
import { type Derivative, Operator, refuseCast } from "./operator";
import { type CallWithOut, runInto, takeOut } from "./out";
import { takesOut } from "./out_names";
import { bindPlainly, SURELY_NOT } from "./plain_arguments";
import {
  type Arguments,
  type Grad,
  type Named,
  parseName,
  type Result,
  type Schema,
  type TensorParams,
  takesInput,
} from "./schema";
import { doesNotFit } from "./signature";

/** What an entry says about an operator that has a derivative of its own. */
interface Differentiable<S extends string, N> {
  /** PyTorch's name for its backward step: `MulBackward0`. */
  grad_fn: string;
  /** Computes the result from data. Nothing it calls is recorded. */
  forward: (...args: Arguments<S>) => Result<S>;
  /** One derivative per tensor parameter; null where there is none. */
  backward: {
    [K in keyof N]:
      | readonly [
          uses: N[K],
          fn: (grad: Grad<S>, ...saved: Saved<Named<S>, N[K]>) => Tensor | (Tensor | null)[] | null,
          formula: string,
        ]
      | null;
  } & Record<TensorParams<S>, unknown>;
  /** The result shows the first argument's memory. */
  view?: true;
  /** `forward` takes half precision as it is; else it gets float32 and what it gives is rounded. */
  takesHalves?: true;
}

/** A definition whose types the public overloads have checked. */
interface UncheckedDefinition extends Options {
  grad_fn: string;
  forward: (...args: never[]) => unknown;
  backward: object;
  view?: true;
  takesHalves?: true;
}

interface Options {
  /** Also offer the method `name_`, which writes the result into the first argument; or offer only that. */
  inplace?: true | "only" | InPlaceSteps;
  /** Offered as a function only, though its first parameter is `input`. */
  method?: false;
  /** Further public names: `["nn.functional.relu"]`; one that ends in `_` writes into the first argument. */
  alias?: readonly string[];
}

/** Names of the steps that the in-place form records, by what the other operand is. */
interface InPlaceSteps {
  number: string;
  tensor: string;
}

type Saved<M, U> = U extends readonly string[]
  ? {
      -readonly [I in keyof U]: U[I] extends keyof M
        ? M[U[I]]
        : U[I] extends "workspace"
          ? object | undefined
          : U[I] extends `${infer P}.shape`
            ? P extends keyof M
              ? number[]
              : never
            : U[I] extends `${infer P}.strides`
              ? P extends keyof M
                ? Tensor["strides"]
                : never
              : never;
    }
  : never;

export type Callable = (...args: unknown[]) => unknown;

/** Every overload by public name (`torch.add`, `Tensor.add`, `nn.functional.relu`), in order of definition. */
export const registry = new Map<string, Operator[]>();
const inPlaceNames = new Set<string>();

// The functions of each namespace, filled as entries are defined. Derivatives and composed operators call
// through these, so that entries in different files can use each other.
export const torch = {} as TorchFunctions;
export const F = {} as FunctionalFunctions;
export const linalg = {} as LinalgFunctions;
export const special = {} as SpecialFunctions;
export const masked = {} as MaskedFunctions;

/**
 * Adds an operator: the one place where its signature, its computation, its derivative and the derivative's
 * formula stand. With a plain function instead of a definition nothing is recorded for the call itself: for
 * operators without derivative and for those composed of others, as PyTorch composes them.
 * The comment above the call is its public documentation.
 */
export function op<const S extends string, const N extends Record<string, unknown>>(
  schema: S,
  definition: Differentiable<S, N> & Options,
): void;
export function op<const S extends string>(
  schema: S,
  compose: (...args: Arguments<S>) => unknown,
  options?: Options,
): void;
export function op(
  text: string,
  given: UncheckedDefinition | ((...args: never[]) => unknown),
  options: Options = {},
): void {
  const { name } = parseName(text);
  const composed = typeof given === "function";
  const operator = new Operator({
    text,
    forward: composed ? given : given.forward,
    grad_fn: composed ? null : given.grad_fn,
    backward: composed ? {} : (given.backward as Record<string, Derivative | null>),
    view: !composed && given.view === true,
    takesHalves: !composed && given.takesHalves === true,
  });
  const { inplace, method, alias = [] } = composed ? options : given;
  const isMethod = method !== false && takesInput(text);
  const paths = [...(inplace === "only" ? [] : publicNames(name, isMethod)), ...alias];
  if (inplace !== undefined) for (const path of alias) if (path.endsWith("_")) inPlaceNames.add(path);
  for (const path of paths) register(path, operator);
  if (inplace === undefined) return;
  const written = typeof inplace === "object" ? flatForms(text, operator, inplace) : [operator];
  for (const path of inPlaceNamesOf(name, alias)) {
    inPlaceNames.add(path);
    for (const form of written) register(path, form);
  }
}

/** The in-place forms of an operator without derivative, which are steps whose derivative is 0. */
function flatForms(text: string, operator: Operator, { number, tensor }: InPlaceSteps): Operator[] {
  const zero: Derivative = [[], (grad: Tensor) => grad.new_zeros(grad.shape), "0"];
  const form = (type: string, grad_fn: string, backward: Record<string, Derivative>) =>
    new Operator({
      text: text.replace("Tensor | Number", type),
      forward: (...args: unknown[]) => operator.run(args),
      grad_fn,
      backward,
      view: false,
      takesHalves: false,
    });
  return [form("Tensor", tensor, { input: zero, other: zero }), form("Number", number, { input: zero })];
}

/** `add_` for `add`; a method's alias has its own: `clip_`. */
function inPlaceNamesOf(name: string, alias: readonly string[]): string[] {
  const aliases = alias.filter((other) => other.startsWith("Tensor."));
  return [`Tensor.${name.replace("Tensor.", "")}_`, ...aliases.map((other) => `${other}_`)];
}

/** Where an operator is found: functions by namespace, and as a method if its first parameter is `input`. */
function publicNames(name: string, isMethod: boolean): string[] {
  if (name.includes(".")) return [name];
  return isMethod ? [`torch.${name}`, `Tensor.${name}`] : [`torch.${name}`];
}

function register(name: string, operator: Operator): void {
  const overloads = registry.get(name);
  if (overloads !== undefined) {
    overloads.push(operator);
    return;
  }
  registry.set(name, [operator]);
  const dot = name.lastIndexOf(".");
  const namespace = NAMESPACE_OBJECTS[name.slice(0, dot)];
  if (namespace !== undefined) namespace[name.slice(dot + 1)] = functionOf(name);
}

const NAMESPACE_OBJECTS: Record<string, Record<string, unknown>> = {
  torch: torch as unknown as Record<string, unknown>,
  "nn.functional": F as unknown as Record<string, unknown>,
  linalg: linalg as unknown as Record<string, unknown>,
  special: special as unknown as Record<string, unknown>,
  masked: masked as unknown as Record<string, unknown>,
};

/** The function behind a public name, which picks the first overload that the arguments fit. */
function functionOf(name: string): Callable {
  const overloads = registry.get(name)!;
  const invoke = inPlaceNames.has(name) ? runInPlace : run;
  return named(name, (...args) => invoke(overloads, args, false, name));
}

/** Adds every registered method to the Tensor class. */
export function installMethods(): void {
  for (const [name, overloads] of registry) {
    if (!name.startsWith("Tensor.")) continue;
    const invoke = inPlaceNames.has(name) ? runInPlace : run;
    const method = named(name, function (this: Tensor, ...args) {
      return invoke(overloads, withSelf(this, args), true, name);
    });
    Object.defineProperty(Tensor.prototype, name.slice("Tensor.".length), {
      value: method,
      writable: true,
      configurable: true,
    });
  }
}

function withSelf(self: Tensor, args: readonly unknown[]): unknown[] {
  // Spreading what is next to nothing costs more than a short operator does.
  if (args.length === 0) return [self];
  return args.length === 1 ? [self, args[0]] : [self, ...args];
}

function named<T extends Callable>(path: string, f: T): T {
  Object.defineProperty(f, "name", { value: path.slice(path.lastIndexOf(".") + 1) });
  return f;
}

function run(overloads: readonly Operator[], args: unknown[], self: boolean, name: string): unknown {
  for (let i = 0; i < overloads.length; i++) {
    const bound = bind(overloads[i], args, self);
    if (bound !== null) return overloads[i].run(bound);
  }
  const call = self || !takesOut(name) ? null : takeOut(args);
  if (call !== null) return runWithOut(overloads, call, name);
  throw noOverload(overloads, args, self, name);
}

function runInPlace(overloads: readonly Operator[], args: unknown[], self: boolean, name: string): unknown {
  for (let i = 0; i < overloads.length; i++) {
    const operator = overloads[i];
    const bound = bind(operator, args, self);
    if (bound === null) continue;
    if (operator.grad_fn !== null) return operator.runInPlace(bound);
    const target = bound[0] as Tensor;
    const result = operator.run(bound) as Tensor;
    if (target.dtype.category === "bool") refuseCast(result.dtype, target.dtype);
    return target.copy_(result);
  }
  throw noOverload(overloads, args, self, name);
}

function runWithOut(overloads: readonly Operator[], { args, out }: CallWithOut, name: string): unknown {
  if (out === null || out === undefined) return run(overloads, args, false, name);
  for (const operator of overloads) {
    const bound = bind(operator, args, false);
    if (bound !== null) return runInto(operator, bound, out, calleeOf(name));
  }
  throw noOverload(overloads, args, false, name);
}

/** The complete argument list; null if the call does not fit. */
function bind({ schema }: Operator, args: unknown[], self: boolean): unknown[] | null {
  const plain = bindPlainly(schema.plain, args);
  if (plain === SURELY_NOT) return null;
  if (plain !== null) return plain;
  const bound = bindArguments(schema, args, self, false);
  return typeof bound === "string" ? null : bound;
}

function noOverload(overloads: readonly Operator[], args: unknown[], self: boolean, path: string): Error {
  const callee = calleeOf(path);
  // The one overload that takes so many arguments says itself what does not fit.
  const plausible = overloads.filter(({ schema }) => takesCount(schema, argumentCount(args)));
  const only = overloads.length === 1 ? overloads[0] : plausible.length === 1 ? plausible[0] : null;
  if (only !== null) {
    const inPython = isPython(path) ? doesNotFit(only.schema, args, callee) : null;
    return new TypeError(inPython ?? (bindArguments(only.schema, args, self, true, callee) as string));
  }
  const shown = args
    .slice(self ? 1 : 0)
    .flatMap((arg, i, { length }) => shownArgument(arg, i === length - 1));
  const expected = overloads.map(({ schema }) => ` * ${showSignature(schema, self)}`).join("\n");
  return new TypeError(
    `${callee}() received an invalid combination of arguments - got (${shown.join(", ")}), but expected one of:\n${expected}`,
  );
}

/** The functions of `nn.functional` that PyTorch has in C++; the others are written in Python, whose words differ. */
const NATIVE = new Set(
  `
  adaptive_avg_pool1d avg_pool1d avg_pool2d avg_pool3d bilinear channel_shuffle conv1d conv2d conv3d conv_transpose1d
  conv_transpose2d conv_transpose3d cosine_similarity gelu hardshrink linear logsigmoid one_hot pairwise_distance pdist
  pixel_shuffle pixel_unshuffle prelu scaled_dot_product_attention softplus softshrink
`.split(/\s+/),
);

function isPython(path: string): boolean {
  const name = path.replace("nn.functional.", "");
  return name !== path && !name.endsWith("_") && !NATIVE.has(name);
}

/** What PyTorch's messages call a function: `add`, `add_`, `linalg_det`. */
function calleeOf(path: string): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return /^(linalg|special)\./.test(path) ? path.replace(".", "_") : name;
}

function argumentCount(args: readonly unknown[]): number {
  const last = args.at(-1);
  return isKeywords(last) ? args.length - 1 + Object.keys(last).length : args.length;
}

/** Whether a call with so many arguments, keywords among them, may be meant for an overload. */
function takesCount({ params }: Schema, count: number): boolean {
  if (params.some(({ types }) => types[0].endsWith("..."))) return true;
  return count >= params.filter((param) => param.required).length && count <= params.length;
}

/** An argument by its type; keywords by their names and types. */
function shownArgument(arg: unknown, isLast: boolean): string[] {
  if (!isLast || !isKeywords(arg)) return [pythonTypeName(arg)];
  return Object.entries(arg).map(([name, value]) => `${name}=${pythonTypeName(value)}`);
}
