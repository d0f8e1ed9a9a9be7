/*
 * Plain data on its way out of the program's realm. `JSON.stringify` on an object would ask for a `toJSON` that
 * the program may have put on its prototypes; on a string it asks nothing. JSON has no word for three numbers:
 * infinities are written out of range, NaN as a string that nothing else is likely to be.
 */

/** Stands for NaN; begins with a character that no text has a use for. */
const NAN = "\ue000NaN";

const quote: (text: string) => string = JSON.stringify;
const { keys } = Object;
const { isArray } = Array;
const isNotANumber = Number.isNaN;

/** Plain data that the realm's own code built, as JSON; properties that are undefined are left out. */
export function writeJson(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value !== "object" || value === null) return "null";
  return isArray(value) ? writeList(value) : writeObject(value as Record<string, unknown>);
}

function writeList(list: readonly unknown[]): string {
  let text = "[";
  for (let i = 0; i < list.length; i++) text += i === 0 ? writeJson(list[i]) : `,${writeJson(list[i])}`;
  return `${text}]`;
}

function writeObject(object: Record<string, unknown>): string {
  const names = keys(object);
  let text = "";
  for (let i = 0; i < names.length; i++) {
    const value = object[names[i]];
    if (value === undefined) continue;
    text += `${text === "" ? "" : ","}${quote(names[i])}:${writeJson(value)}`;
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
  return text.includes(NAN) ? JSON.parse(text, restoreNaN) : JSON.parse(text);
}

function restoreNaN(_key: string, value: unknown): unknown {
  return value === NAN ? Number.NaN : value;
}
