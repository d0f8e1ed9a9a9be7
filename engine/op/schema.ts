import type { Device } from "../device";
import type { DType } from "../dtype";
import type { Index } from "../indexing";
import type { Layout, MemoryFormat } from "../layout";
import type { Generator } from "../random/generator";
import type { Tensor } from "../tensor";
import { type PlainBinding, plainBinding } from "./plain_arguments";

/**
 * An operator's signature, written as PyTorch's documentation does:
 *
 *     "sum.dim(input, dim: int[]?, keepdim = false, *, dtype: dtype? = null) -> Tensor"
 *
 * The name may carry a namespace (`nn.functional.relu`; none means `torch`) and, after a known name, an
 * overload (`sum.dim`). A parameter is `name: type = default`; without a type it is a `bool` if its default
 * is one, otherwise a `Tensor`. After `*` parameters are keywords only. Results are a `Tensor` unless said.
 *
 * Types: `Tensor`, `Number` (number, bigint, boolean or a one-element tensor), `int`, `float`, `bool`, `str`,
 * `bigint`, `dtype`, `Generator`, `device`, `layout`, `memory_format`, `Index[]` (what stands in `x[…]`); `T[]` a
 * list (one element may come bare), `int...` and `Tensor...` a list that may be spread over the call, `T?` also
 * null, `A | B` either. `Sublist...` are tensors, each followed by its list of labels, as `einsum` takes them;
 * `any` is taken as it comes.
 */
export interface Schema {
  /** `add`, `nn.functional.relu`. */
  name: string;
  overload: string;
  params: Param[];
  /** Names of the results where there are several: `["values", "indices"]`. */
  resultNames: string[] | null;
  /** What stands after `->`: `Tensor` unless said. */
  result: string;
  /** The signature as written, for error messages and documentation. */
  text: string;
  /** How a call is bound that needs no conversions. */
  plain: PlainBinding;
}

export interface Param {
  name: string;
  /** The alternatives of its type, `?` resolved to `null`. */
  types: ParamType[];
  keywordOnly: boolean;
  required: boolean;
  defaultValue: unknown;
}

export type ParamType =
  | "Tensor"
  | "Tensor[]"
  | "Tensor..."
  | "Number"
  | "int"
  | "int[]"
  | "int?[]"
  | "int..."
  | "int[][]"
  | "float"
  | "float[]"
  | "bool"
  | "str"
  | "dtype"
  | "bigint"
  | "Generator"
  | "device"
  | "layout"
  | "memory_format"
  | "Index[]"
  | "Sublist..."
  | "any"
  | "null";

/** The name in a schema and, after the dot that follows it, the overload. */
export function parseName(text: string): Pick<Schema, "name" | "overload"> {
  const path = text.slice(0, text.indexOf("(")).split(".");
  const namespaced = NAMESPACES.find((ns) => text.startsWith(`${ns}.`));
  const depth = namespaced === undefined ? 1 : namespaced.split(".").length + 1;
  return { name: path.slice(0, depth).join("."), overload: path.slice(depth).join(".") };
}

/** Whether an operator is called on its first parameter: a tensor named `input`. */
export function takesInput(text: string): boolean {
  return /\(input(\)|,|: Tensor(?!\[|\.))/.test(text);
}

/** Parses a schema. */
export function parseSchema(text: string): Schema {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")", text.includes(" -> ") ? text.indexOf(" -> ") : text.length);
  const result = text.includes(" -> ") ? text.slice(text.indexOf(" -> ") + 4) : "Tensor";
  const resultNames = result.startsWith("(") ? result.slice(1, -1).split(", ") : null;
  const params: Param[] = [];
  let keywordOnly = false;
  for (const part of splitParams(text.slice(open + 1, close))) {
    if (part === "*") keywordOnly = true;
    else params.push(parseParam(part, keywordOnly));
  }
  return { ...parseName(text), params, resultNames, result, text, plain: plainBinding(params) };
}

export const NAMESPACES = ["nn.functional", "linalg", "special", "masked", "Tensor"] as const;

function splitParams(list: string): string[] {
  return list.trim() === "" ? [] : list.split(", ").map((part) => part.trim());
}

function parseParam(part: string, keywordOnly: boolean): Param {
  const [, name, type, value] = /^(\w+)(?:\s*:\s*([^=]+?))?(?:\s*=\s*(.+))?$/.exec(part)!;
  const types = (type ?? (value === "true" || value === "false" ? "bool" : "Tensor"))
    .split("|")
    .map((t) => t.trim())
    .flatMap((t) => (t.endsWith("?") ? [t.slice(0, -1), "null"] : [t]));
  return {
    name,
    types: types as ParamType[],
    keywordOnly,
    required: value === undefined,
    defaultValue: value === undefined ? undefined : JSON.parse(value.replace(/'/g, '"')),
  };
}

// The same grammar at the level of types, so that an entry's functions get their parameters' types from it.

type Trim<S extends string> = S extends ` ${infer R}` ? Trim<R> : S extends `${infer R} ` ? Trim<R> : S;
type Split<S extends string> = S extends `${infer H}, ${infer R}` ? [Trim<H>, ...Split<R>] : [Trim<S>];
type ParamList<S extends string> = S extends `${string}(${infer P})${string}`
  ? P extends ""
    ? []
    : WithoutStar<Split<P>>
  : never;
type WithoutStar<L extends string[]> = L extends [infer H extends string, ...infer R extends string[]]
  ? H extends "*"
    ? WithoutStar<R>
    : [H, ...WithoutStar<R>]
  : [];

type NameOf<P extends string> = P extends `${infer N}:${string}`
  ? Trim<N>
  : P extends `${infer N}=${string}`
    ? Trim<N>
    : P;
type WrittenType<P extends string> = P extends `${string}:${infer T}=${string}`
  ? Trim<T>
  : P extends `${string}:${infer T}`
    ? Trim<T>
    : P extends `${string}=${infer D}`
      ? Trim<D> extends "true" | "false"
        ? "bool"
        : "Tensor"
      : "Tensor";
type ValueOf<T extends string> = T extends `${infer A}|${infer B}`
  ? ValueOf<Trim<A>> | ValueOf<Trim<B>>
  : T extends `${infer A}?`
    ? ValueOf<A> | null
    : T extends keyof Values
      ? Values[T]
      : never;

/** What an entry's functions receive for each type, after the arguments were checked and normalised. */
interface Values {
  Tensor: Tensor;
  "Tensor[]": Tensor[];
  "Tensor...": Tensor[];
  Number: number;
  int: number;
  "int[]": number[];
  "int?[]": (number | null)[];
  "int...": number[];
  "int[][]": number[][];
  float: number;
  "float[]": number[];
  bool: boolean;
  str: string;
  dtype: DType;
  /** A whole number that came as a bigint, which asks for int64. */
  bigint: number;
  Generator: Generator;
  device: Device;
  layout: Layout;
  memory_format: MemoryFormat;
  "Index[]": Index[];
  "Sublist...": (Tensor | (number | "...")[])[];
  any: unknown;
  null: null;
}

type ValuesOf<L extends string[]> = L extends [infer H extends string, ...infer R extends string[]]
  ? [ValueOf<WrittenType<H>>, ...ValuesOf<R>]
  : [];

/** The tuple an entry's `forward` takes. */
export type Arguments<S extends string> = ValuesOf<ParamList<S>>;

/** Names and types of all parameters, and `result`, that a derivative may use. */
export type Named<S extends string> = {
  [P in ParamList<S>[number] as NameOf<P>]: ValueOf<WrittenType<P>>;
} & { result: Result<S> };

/** Names of the parameters that are tensors: each must say what its derivative is. */
export type TensorParams<S extends string> = {
  [P in ParamList<S>[number]]: Extract<ValueOf<WrittenType<P>>, Tensor | Tensor[]> extends never
    ? never
    : NameOf<P>;
}[ParamList<S>[number]];

export type Result<S extends string> = S extends `${string} -> (${string}`
  ? Tensor[]
  : S extends `${string} -> Tensor[]`
    ? Tensor[]
    : Tensor;
/** What a derivative receives as gradient: one per result where there are several. */
export type Grad<S extends string> = Result<S> extends Tensor ? Tensor : (Tensor | null)[];
