/**
 * Short text for a value, as JavaScript writes it: `[1, 2]`, `{ lr: 0.1 }`, `"text"`.
 * Runs in the program's realm on whatever the program made, so it never calls what the program wrote:
 * accessors are named instead of read, and a proxy or anything else that throws becomes `…`.
 */
export function describe(value: unknown, options: DescribeOptions): string {
  try {
    return cut(describeAt(value, options, 0), options.maxChars);
  } catch {
    return "…";
  }
}

export interface DescribeOptions {
  maxChars: number;
  maxItems: number;
  maxDepth: number;
  /** The text of what prints itself, a tensor or a module; null for anything else. */
  ownText(value: object): string | null;
}

function describeAt(value: unknown, options: DescribeOptions, depth: number): string {
  switch (typeof value) {
    case "string":
      return quote(value, options.maxChars);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "symbol":
      return String(value);
    case "function":
      return options.ownText(value) ?? describeFunction(value);
    case "object":
      return value === null ? "null" : describeObject(value, options, depth);
    default:
      return String(value);
  }
}

function describeFunction(value: object): string {
  const name = ownValue(value, "name");
  const kind = isClass(value) ? "class" : "function";
  return typeof name === "string" && name !== "" ? `[${kind} ${name}]` : `[${kind}]`;
}

/** A class's `prototype` cannot be assigned; that of any other function can. */
function isClass(value: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(value, "prototype");
  return prototype !== undefined && prototype.writable === false;
}

function describeObject(value: object, options: DescribeOptions, depth: number): string {
  const ownText = options.ownText(value);
  if (ownText !== null) return ownText;
  if (Array.isArray(value)) return describeList(value, options, depth);
  const name = className(value);
  if (value instanceof Error) return describeError(value, name);
  if (value instanceof Map) return `Map(${value.size}) ${describeMap(value, options, depth)}`;
  if (value instanceof Set) return `Set(${value.size}) ${describeSet(value, options, depth)}`;
  if (ArrayBuffer.isView(value) && "length" in value) {
    return `${name} ${describeList(value as unknown as ArrayLike<unknown>, options, depth)}`;
  }
  if (value instanceof Promise) return "Promise";
  if (value instanceof RegExp || value instanceof Date) return String(value);
  const fields = describeFields(value, options, depth);
  return name === "" || name === "Object" ? fields : fields === "{}" ? `${name} {}` : `${name} ${fields}`;
}

function describeError(error: object, name: string): string {
  const own = ownValue(error, "name");
  const message = ownValue(error, "message");
  const title = typeof own === "string" && own !== "" ? own : name;
  return typeof message === "string" && message !== "" ? `${title}: ${message}` : title;
}

function describeList(list: ArrayLike<unknown>, options: DescribeOptions, depth: number): string {
  if (list.length === 0) return "[]";
  if (depth >= options.maxDepth) return "[…]";
  const items: string[] = [];
  const shown = Math.min(list.length, options.maxItems);
  for (let i = 0; i < shown; i++) items[i] = describeAt(ownValue(list, i), options, depth + 1);
  if (shown < list.length) items[shown] = "…";
  return `[${join(items)}]`;
}

function describeMap(map: Map<unknown, unknown>, options: DescribeOptions, depth: number): string {
  const items: string[] = [];
  if (depth >= options.maxDepth) return map.size === 0 ? "{}" : "{…}";
  for (const [key, item] of map) {
    if (items.length === options.maxItems) {
      items[items.length] = "…";
      break;
    }
    items[items.length] = `${describeAt(key, options, depth + 1)} => ${describeAt(item, options, depth + 1)}`;
  }
  return braces(items);
}

function describeSet(set: Set<unknown>, options: DescribeOptions, depth: number): string {
  const items: string[] = [];
  if (depth >= options.maxDepth) return set.size === 0 ? "{}" : "{…}";
  for (const item of set) {
    if (items.length === options.maxItems) {
      items[items.length] = "…";
      break;
    }
    items[items.length] = describeAt(item, options, depth + 1);
  }
  return braces(items);
}

function describeFields(value: object, options: DescribeOptions, depth: number): string {
  const keys = Object.keys(value);
  if (keys.length === 0) return "{}";
  if (depth >= options.maxDepth) return "{…}";
  const items: string[] = [];
  const shown = Math.min(keys.length, options.maxItems);
  for (let i = 0; i < shown; i++) {
    const key = keys[i];
    const property = Object.getOwnPropertyDescriptor(value, key);
    const text = property?.get === undefined ? describeAt(property?.value, options, depth + 1) : "[getter]";
    items[i] = `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key, options.maxChars)}: ${text}`;
  }
  if (shown < keys.length) items[shown] = "…";
  return braces(items);
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return "";
  const maker = ownValue(prototype, "constructor");
  if (typeof maker !== "function") return "";
  const name = ownValue(maker, "name");
  return typeof name === "string" ? name : "";
}

/** A property's value without running an accessor. */
function ownValue(value: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function braces(items: string[]): string {
  return items.length === 0 ? "{}" : `{ ${join(items)} }`;
}

function join(items: string[]): string {
  let text = "";
  for (let i = 0; i < items.length; i++) text += i === 0 ? items[i] : `, ${items[i]}`;
  return text;
}

function quote(text: string, maxChars: number): string {
  return JSON.stringify(cut(text, maxChars));
}

/** At most `maxChars` characters, "…" included. */
export function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`;
}
