/*
 * Plain data on its way out of the program's realm. `JSON.stringify` on an object would ask for a `toJSON` that
 * the program may have put on its prototypes; on a string it asks nothing. JSON has no word for three numbers:
 * infinities are written out of range, NaN as a string that nothing else is likely to be. Long lists of numbers
 * follow the text as they lie in memory, two bytes to a character: in digits they would hold the program up.
 */

/** Stands for NaN; begins with a character that no text has a use for. */
const NAN = "\ue000NaN";

/** The key of an object that stands for such a list: where it begins and how long it is. */
const FLOATS = "\ue000floats";
/** Between text and memory; JSON has no such character. */
const END = "\0";
/** Characters for each number. */
const UNITS = Float64Array.BYTES_PER_ELEMENT / Uint16Array.BYTES_PER_ELEMENT;
/** So many arguments a call surely takes. */
const CALL_LENGTH = 8192;

const quote: (text: string) => string = JSON.stringify;
const { keys } = Object;
const { isArray } = Array;
const isNotANumber = Number.isNaN;
const { apply } = Reflect;
const { fromCharCode } = String;
const Floats = Float64Array;
const Units = Uint16Array;
const { subarray } = Units.prototype;

/** Typed arrays that a text refers to, one after another. */
interface Memory {
  arrays: Float64Array[];
  length: number;
}

/**
 * Plain data that the realm's own code built, as JSON; properties that are undefined are left out. `Float64Array`s in
 * it travel as memory.
 */
export function writeJson(value: unknown): string {
  const memory: Memory = { arrays: [], length: 0 };
  const text = write(value, memory);
  return memory.length === 0 ? text : text + END + memoryText(memory);
}

function write(value: unknown, memory: Memory): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value !== "object" || value === null) return "null";
  if (isArray(value)) return writeList(value, memory);
  if (value instanceof Floats) return writeFloats(value, memory);
  return writeObject(value as Record<string, unknown>, memory);
}

function writeFloats(floats: Float64Array, memory: Memory): string {
  const text = `{"${FLOATS}":[${memory.length},${floats.length}]}`;
  memory.arrays[memory.arrays.length] = floats;
  memory.length += floats.length;
  return text;
}

function memoryText({ arrays }: Memory): string {
  let text = "";
  for (let i = 0; i < arrays.length; i++) {
    const { buffer, byteOffset, length } = arrays[i];
    const units = new Units(buffer, byteOffset, length * UNITS);
    for (let from = 0; from < units.length; from += CALL_LENGTH) {
      const part = apply(subarray, units, [from, from + CALL_LENGTH]) as Uint16Array;
      text += apply(fromCharCode, null, part as unknown as number[]);
    }
  }
  return text;
}

function writeList(list: readonly unknown[], memory: Memory): string {
  let text = "[";
  for (let i = 0; i < list.length; i++)
    text += i === 0 ? write(list[i], memory) : `,${write(list[i], memory)}`;
  return `${text}]`;
}

function writeObject(object: Record<string, unknown>, memory: Memory): string {
  const names = keys(object);
  let text = "";
  for (let i = 0; i < names.length; i++) {
    const value = object[names[i]];
    if (value === undefined) continue;
    text += `${text === "" ? "" : ","}${quote(names[i])}:${write(value, memory)}`;
  }
  return `{${text}}`;
}

function writeNumber(value: number): string {
  if (isNotANumber(value)) return `"${NAN}"`;
  if (value === 1 / 0) return "1e999";
  if (value === -1 / 0) return "-1e999";
  return `${value}`;
}

/** What `writeJson` wrote. */
export function readJson(text: string): unknown {
  const end = text.indexOf(END);
  if (end < 0) return text.includes(NAN) ? JSON.parse(text, restoreNaN) : JSON.parse(text);
  const floats = floatsIn(text, end + 1);
  return JSON.parse(text.slice(0, end), (key, value) => restoreFloats(restoreNaN(key, value), floats));
}

function floatsIn(text: string, from: number): Float64Array {
  const units = new Uint16Array(text.length - from);
  for (let i = 0; i < units.length; i++) units[i] = text.charCodeAt(from + i);
  return new Float64Array(units.buffer);
}

function restoreFloats(value: unknown, floats: Float64Array): unknown {
  if (typeof value !== "object" || value === null || !(FLOATS in value)) return value;
  const [start, length] = (value as Record<typeof FLOATS, [number, number]>)[FLOATS];
  return floats.slice(start, start + length);
}

function restoreNaN(_key: string, value: unknown): unknown {
  return value === NAN ? Number.NaN : value;
}
