import { methodOf } from "./protocol";

const { apply } = Reflect;

/** What a condition makes of a value: its `__bool__()`, or JavaScript's truth. */
export const truth = (value: unknown): boolean => (typeof value === "boolean" ? value : slowTruth(value));

function slowTruth(value: unknown): boolean {
  const method = methodOf(value, "__bool__");
  return method === undefined ? !!value : !!apply(method, value, []);
}
