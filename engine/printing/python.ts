import { namedTuple } from "./named_tuple";
import { formatFloat } from "./number";

/**
 * Text for an object that only its owner can print (a tensor, a module, a dtype), or null to have it
 * printed by its kind.
 */
export type Describe = (value: object) => string | null;

const describeNothing: Describe = () => null;

/** What Python's `print` shows for one argument: a string as it is, anything else by its `repr`. */
export function pythonStr(value: unknown, describe: Describe = describeNothing): string {
  if (typeof value === "string") return value;
  if (value instanceof Error && describe(value) === null) return value.message;
  return pythonRepr(value, describe);
}

/**
 * A value as Python would spell it: `None`, `True`, `[1, 2.5, 'a']`, `{'lr': 0.1}`. A whole number is an
 * int up to 2⁵³ and a float beyond; arrays are lists, plain objects and Maps dicts. The results of `max`, `sort` and
 * the like are PyTorch's named tuples.
 */
export function pythonRepr(value: unknown, describe: Describe = describeNothing): string {
  return repr(value, describe, []);
}

/** `open` holds the containers being printed, to stop at one that contains itself. */
function repr(value: unknown, describe: Describe, open: object[]): string {
  switch (typeof value) {
    case "undefined":
      return "None";
    case "boolean":
      return value ? "True" : "False";
    case "number":
      return Number.isSafeInteger(value) ? String(value) : formatFloat(value);
    case "string":
      return quoted(value);
    case "object":
      return value === null ? "None" : (describe(value) ?? reprObject(value, describe, open));
    case "function":
      return describe(value) ?? (isClass(value) ? `<class '${value.name}'>` : `<function ${value.name}>`);
    default:
      return String(value); // bigint, symbol
  }
}

function reprObject(value: object, describe: Describe, open: object[]): string {
  const tuple = namedTuple(value);
  if (tuple !== null) {
    const [type, names] = tuple;
    const parts = names.map((name, i) => `${name}=${repr((value as unknown[])[i], describe, open)}`);
    return `${type}(\n${parts.join(",\n")})`;
  }
  const brackets = bracketsOf(value);
  if (brackets === null) return reprInstance(value);
  const [left, right] = brackets;
  if (open.includes(value)) return `${left}...${right}`;
  if (value instanceof Set && value.size === 0) return "set()";
  const nested = [...open, value];
  const inner = (part: unknown) => repr(part, describe, nested);
  return left + reprParts(value, inner).join(", ") + right;
}

function bracketsOf(value: object): [left: string, right: string] | null {
  if (isListLike(value)) return ["[", "]"];
  const isMap = value instanceof Map && value.toString === Object.prototype.toString;
  return isMap || value instanceof Set || isPlain(value) ? ["{", "}"] : null;
}

function reprParts(value: object, inner: (part: unknown) => string): string[] {
  if (isListLike(value)) return Array.from(value, inner);
  if (value instanceof Set) return [...value].map(inner);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return entries.map(([key, part]) => `${inner(key)}: ${inner(part)}`);
}

function reprInstance(value: object): string {
  if (value instanceof Error) return `${value.name}(${quoted(value.message)})`;
  if (value.toString !== Object.prototype.toString) return String(value);
  return `<${value.constructor?.name || "object"} object>`;
}

function isListLike(value: object): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** Python's quotes: single ones unless the text has those and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\'"]|[\p{C}\p{Z}]/gu, (character) => {
    if (character === " ") return character;
    if (character === "\\") return "\\\\";
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return escapeOf(character);
  });
  return quote + escaped + quote;
}

const shortEscapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeOf(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x100) return shortEscapes[character] ?? `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
