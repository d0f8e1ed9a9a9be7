/**
 * What a protocol method returns when it has no answer for its operand, so that the other operand is
 * asked: Python's `NotImplemented`. Taken from the symbol registry, so that the engine need not import it.
 */
export const NotImplemented: unique symbol = Symbol.for("NotImplemented") as never;

export type Method = (...args: unknown[]) => unknown;

/** A protocol method of an object or function; primitives have none. */
export function methodOf(value: unknown, name: string | symbol): Method | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  const method = (value as Record<string | symbol, unknown>)[name];
  return typeof method === "function" ? (method as Method) : undefined;
}

/** What an error calls the type of a value: `number`, `null`, `Tensor`. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  const name: unknown = (value.constructor as { name?: unknown } | undefined)?.name;
  return typeof name === "string" && name !== "" ? name : "object";
}
