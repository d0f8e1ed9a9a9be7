import { pythonRepr } from "../printing/python";

// How a module's settings are printed: as Python prints the value that PyTorch keeps.

/** A Python float: `0.5`, `1.0`, `1e-05`. */
export function float(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : pythonRepr(value);
}

/** `True` or `False`. */
export function flag(value: boolean): string {
  return value ? "True" : "False";
}

/** `(2, 3)`, `(2,)`; one number stands for each of `n` where given. */
export function tuple(list: readonly (number | null)[], n = list.length): string {
  const full = list.length === n ? list : new Array<number | null>(n).fill(list[0]);
  const items = full.map((value) => value ?? "None");
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** A number where one was given for all dimensions, else a tuple. */
export function ints(list: readonly (number | null)[] | null): string {
  if (list === null) return "None";
  return list.length === 1 ? String(list[0] ?? "None") : tuple(list);
}
