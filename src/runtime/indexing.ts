import { type Method, methodOf } from "./protocol";

// Reads and writes of elements are compiled in place, where V8 knows the types of that one place. What
// remains are the two forms that JavaScript's syntax leaves no room for.

const { apply } = Reflect;

type Elements = Record<PropertyKey, unknown>;

/**
 * `object[key](...args)`, which passes `object` as `this`. An element that a protocol object hands out,
 * such as a layer of an `nn.Sequential`, is called by itself. `text` is the callee as written.
 */
export function callItem(object: unknown, keys: unknown[], text: string, ...args: unknown[]): unknown {
  const getItem = object === null || object === undefined ? undefined : methodOf(object, "__getitem__");
  const callee =
    getItem === undefined
      ? (object as Elements)[keys[keys.length - 1] as PropertyKey]
      : apply(getItem, object, keys);
  if (typeof callee !== "function") throw new TypeError(`${text} is not a function`);
  return apply(callee as Method, getItem === undefined ? object : undefined, args);
}

/** An element as a target where only a member can stand: `[x[0], y] = …`, `for (x[0] of …)`. */
export function slot(object: unknown, keys: unknown[]): { value: unknown } {
  return {
    set value(value: unknown) {
      const setItem = methodOf(object, "__setitem__");
      if (setItem === undefined) (object as Elements)[keys[keys.length - 1] as PropertyKey] = value;
      else apply(setItem, object, [keys, value]);
    },
  };
}
