import { pythonTypeName, ValueError } from "../errors";
import { elements, Tensor } from "../tensor";

/** A list of numbers as programs have them: a tensor of one dimension, or an array. */
export type Numbers = Tensor | readonly number[];

export const MAX_NAME_CHARS = 100;

export function readName(name: unknown, call: string): string {
  if (typeof name !== "string") {
    throw new TypeError(`${call}: the name must be a str, not ${pythonTypeName(name)}`);
  }
  return name.length <= MAX_NAME_CHARS ? name : `${name.slice(0, MAX_NAME_CHARS - 1)}…`;
}

export function readScalar(value: unknown, call: string): number {
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  if (value instanceof Tensor && value.numel() === 1) return Number(elements(value)[0]);
  const given = value instanceof Tensor ? `a tensor of shape ${shapeOf(value)}` : pythonTypeName(value);
  throw new TypeError(`${call}: the value must be a number or a tensor with one element, not ${given}`);
}

export function readNumbers(list: unknown, what: string, call: string): Float64Array {
  if (list instanceof Tensor) {
    if (list.shape.length === 1) return numbersOf(list);
    throw new ValueError(`${call}: ${what} must have one dimension, not shape ${shapeOf(list)}`);
  }
  if (!Array.isArray(list)) {
    throw new TypeError(`${call}: ${what} must be a tensor or an array, not ${pythonTypeName(list)}`);
  }
  return Float64Array.from(list, (value, i) => readScalar(value, `${call}: ${what}[${i}]`));
}

export function readTensor(value: unknown, what: string, call: string): Tensor {
  if (value instanceof Tensor) return value;
  throw new TypeError(`${call}: ${what} must be a tensor, not ${pythonTypeName(value)}`);
}

/** From low to high. */
export function readRange(range: unknown, what: string, call: string): [number, number] {
  const [low, high] = Array.isArray(range) ? range : [];
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return [low, high];
  throw new ValueError(`${call}: ${what} must be two numbers [low, high] with low < high`);
}

/** Whether an argument is the trailing object of keywords. */
export function isOptions<T extends object>(value: Numbers | T | null | undefined): value is T {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor);
}

export function readOptions<T extends object>(
  options: T,
  known: readonly (keyof T & string)[],
  call: string,
): T {
  if (!isOptions(options)) {
    throw new TypeError(`${call}: keywords come as one object, not ${pythonTypeName(options)}`);
  }
  const unknown = Object.keys(options).find((key) => !known.some((name) => name === key));
  if (unknown === undefined) return options;
  throw new TypeError(`${call} has no keyword "${unknown}". Keywords are: ${known.join(", ")}.`);
}

/** The elements in memory of their own. */
export function numbersOf(tensor: Tensor): Float64Array {
  return Float64Array.from(elements(tensor), Number);
}

/** As Python writes a shape. */
export function shapeOf({ shape }: Tensor): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
