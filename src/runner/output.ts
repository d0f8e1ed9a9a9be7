import { pythonStr } from "../../engine/printing/python";
import { describe } from "../trace/describe";

const builtinTexts = new Set<unknown>(
  [Object, Array, Function, Error, Date, RegExp, Map, Set, Promise, Symbol].map((c) => c.prototype.toString),
);

/** Defines the globals that print. `write` takes whole lines. */
export function defineOutput(write: (text: string) => void): void {
  const print = (...values: unknown[]) =>
    write(`${values.map((value) => pythonStr(value, ownText)).join(" ")}\n`);
  const log = (...values: unknown[]) => write(`${values.map(consoleText).join(" ")}\n`);
  const console = { log, info: log, debug: log, warn: log, error: log };
  for (const [name, value] of Object.entries({ print, console })) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** The text of an object whose class says how to print it: a tensor, a module, a class of the program. */
function ownText(value: object): string | null {
  const toText: unknown = value.toString;
  return typeof toText !== "function" || builtinTexts.has(toText) ? null : String(value);
}

/** A value as JavaScript's console shows it, on one line; tensors in PyTorch's form. */
function consoleText(value: unknown): string {
  if (typeof value === "string") return value;
  return describe(value, { maxChars: 100_000, maxItems: 100, maxDepth: 4, ownText });
}
