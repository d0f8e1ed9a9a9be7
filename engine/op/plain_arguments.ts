import { Tensor } from "../tensor";
import { isKeywords } from "./keywords";
import type { Param, ParamType } from "./schema";

// Nearly every argument of nearly every call is taken as it comes: a tensor, a number, a list of whole numbers.
// What follows binds such calls at little cost and leaves all others, and every message, to `bindArguments`.

const TENSOR = 1;
const NUMBER = 2;
const INTEGER = 4;
const BOOLEAN = 8;
const STRING = 16;
const NULL = 32;
const INTEGERS = 64;
/** A number, boolean or tensor may fit, but only converted. */
const CONVERTED = 128;

/** What a call must look like to be bound plainly; one per schema. */
export interface PlainBinding {
  /** Of each parameter, what it takes as it comes. */
  accepts: number[];
  defaults: unknown[];
  /** How many parameters may be given by place; the others are keywords only. */
  positional: number;
  /** Whether a list may be spread over the call, which then has more arguments than parameters. */
  spreads: boolean;
  /** How many arguments there must be at least: up to the last without a default. */
  required: number;
  places: Map<string, number>;
}

export function plainBinding(params: readonly Param[]): PlainBinding {
  const keywordOnly = params.findIndex((p) => p.keywordOnly);
  return {
    accepts: params.map(acceptedBy),
    defaults: params.map((p) => p.defaultValue),
    positional: keywordOnly < 0 ? params.length : keywordOnly,
    spreads: params.some((p) => p.types[0].endsWith("...")),
    required: params.findLastIndex((p) => p.required) + 1,
    places: new Map(params.map((p, i) => [p.name, i])),
  };
}

function acceptedBy({ types }: Param): number {
  const [first, second, third] = types.filter((type) => type !== "null");
  const orNull = types.includes("null") && first !== "any" ? NULL : 0;
  // With other alternatives the first could have made something else of what the second takes as it comes.
  const isTensorOrNumber = first === "Tensor" && second === "Number" && third === undefined;
  if (isTensorOrNumber) return TENSOR | NUMBER | CONVERTED | orNull;
  return second === undefined ? AS_IT_COMES[first] | orNull : 0;
}

const AS_IT_COMES: Record<ParamType, number> = {
  Tensor: TENSOR,
  "Tensor[]": 0,
  "Tensor...": CONVERTED,
  Number: NUMBER | CONVERTED,
  int: INTEGER | CONVERTED,
  "int[]": INTEGERS | CONVERTED,
  "int?[]": CONVERTED,
  "int...": CONVERTED,
  "int[][]": 0,
  float: NUMBER | CONVERTED,
  "float[]": CONVERTED,
  bool: BOOLEAN,
  str: STRING,
  dtype: 0,
  bigint: 0,
  Generator: 0,
  device: 0,
  layout: 0,
  memory_format: 0,
  "Index[]": 0,
  "Sublist...": CONVERTED,
  any: CONVERTED,
  null: NULL,
};

/** Says that a call does not fit an overload, which need not be looked at again. */
export const SURELY_NOT = Symbol("surely not");

/** The complete argument list of a call; null where this cannot tell. */
export function bindPlainly(
  binding: PlainBinding,
  given: readonly unknown[],
): unknown[] | typeof SURELY_NOT | null {
  const { accepts } = binding;
  let count = given.length;
  let keywords: Record<string, unknown> | null = null;
  const last = given[count - 1];
  if (typeof last === "object" && !(last instanceof Tensor) && isKeywords(last)) {
    keywords = last;
    count--;
  }
  if (count > binding.positional) return binding.spreads ? null : SURELY_NOT;
  const bound = binding.defaults.slice();
  for (let i = 0; i < count; i++) {
    const value = given[i];
    const bits = accepts[i];
    if (fits(value, bits)) bound[i] = value;
    else {
      const list = (bits & INTEGERS) === 0 ? null : integers(value);
      if (list === null)
        return (bits & CONVERTED) === 0 && bits !== 0 && typeof value === "number" ? SURELY_NOT : null;
      bound[i] = list;
    }
  }
  if (keywords !== null && !bindKeywords(binding, bound, count, keywords)) return null;
  for (let i = count; i < binding.required; i++) if (bound[i] === undefined) return null;
  return bound;
}

/** Puts keywords in their places; false where this cannot tell. */
function bindKeywords(
  { places, accepts }: PlainBinding,
  bound: unknown[],
  count: number,
  keywords: Record<string, unknown>,
): boolean {
  for (const name in keywords) {
    const at = places.get(name);
    if (at === undefined || at < count || !fits(keywords[name], accepts[at])) return false;
    bound[at] = keywords[name];
  }
  return true;
}

function fits(value: unknown, bits: number): boolean {
  if (typeof value === "number")
    return (bits & NUMBER) !== 0 || ((bits & INTEGER) !== 0 && Number.isInteger(value));
  if (typeof value === "object")
    return value === null ? (bits & NULL) !== 0 : (bits & TENSOR) !== 0 && value instanceof Tensor;
  if (typeof value === "boolean") return (bits & BOOLEAN) !== 0;
  return typeof value === "string" && (bits & STRING) !== 0;
}

/** A list of whole numbers, copied, or one alone; null for anything else. */
function integers(value: unknown): number[] | null {
  if (typeof value === "number") return Number.isInteger(value) ? [value] : null;
  if (!Array.isArray(value)) return null;
  for (let i = 0; i < value.length; i++) if (!Number.isInteger(value[i])) return null;
  return value.slice();
}
