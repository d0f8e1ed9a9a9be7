import {
  AssertionError,
  AttributeError,
  IndexError,
  KeyError,
  pythonTypeName,
  RuntimeError,
  ValueError,
} from "../errors";
import { isKeywords } from "../op/keywords";
import { Tensor } from "../tensor";
import { indented, Module } from "./module";
import { Parameter } from "./parameter";

function requireModule(value: unknown): Module {
  if (value instanceof Module) return value;
  throw new TypeError(`${pythonTypeName(value)} is not a Module subclass`);
}

/** What a container is made of: given by itself, or by its name, which is no member's then. */
function named<T>(given: T, name: string): Exclude<T, { [key: string]: unknown }> {
  const only: unknown = isKeywords(given) && Object.keys(given).length === 1 ? given[name] : undefined;
  const isMember = only === undefined || only instanceof Module || only instanceof Tensor;
  return (isMember ? given : only) as Exclude<T, { [key: string]: unknown }>;
}

function requireIterable(value: unknown, what: string): Iterable<unknown> {
  if (typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function")
    return value as Iterable<unknown>;
  throw new TypeError(`${what} should be called with an iterable, but got ${pythonTypeName(value)}`);
}

/** A module whose fields `0`, `1`, … are a list. */
abstract class ListContainer<T> extends Module {
  [index: number]: T;

  /** What is in the list, in order. */
  protected abstract items(): T[];
  /** What goes into the list for a value. Throws for one that may not. */
  protected abstract accept(value: unknown): T;

  /** How many there are: Python's `len`. */
  override get length(): number {
    return this.items().length;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.items()[Symbol.iterator]();
  }

  /** The one at an index, counted from the end if negative. Throws IndexError. */
  at(index: number): T {
    return this.items()[this.wrap(index)];
  }

  /** Adds one at the end. */
  append(value: T): this {
    this[this.length] = this.accept(value);
    return this;
  }

  /** Adds several at the end. */
  extend(values: Iterable<T>): this {
    for (const value of requireIterable(values, `${this.constructor.name}.extend`)) this.append(value as T);
    return this;
  }

  /** Python's `list += values`. */
  __iadd__(values: Iterable<T>): this {
    return this.extend(values);
  }

  /** Takes out the one at an index, the last if none is given, and returns it. */
  pop(index = -1): T {
    const items = this.items();
    const [taken] = items.splice(this.wrap(index), 1);
    this.refill(items);
    return taken;
  }

  protected refill(items: readonly T[]): void {
    for (const name of Object.keys(this)) if (/^\d+$/.test(name)) Reflect.deleteProperty(this, name);
    items.forEach((item, i) => {
      this[i] = item;
    });
  }

  protected wrap(index: number): number {
    const { length } = this;
    if (!(index >= -length && index < length)) throw new IndexError(`index ${index} is out of range`);
    return index < 0 ? index + length : index;
  }
}

abstract class ModuleContainer extends ListContainer<Module> {
  protected items(): Module[] {
    return this.childEntries().map(([, child]) => child);
  }

  protected accept(value: unknown): Module {
    return requireModule(value);
  }

  protected insertAt(at: number, module: Module): void {
    const items = this.items();
    items.splice(at, 0, module);
    this.refill(items);
  }
}

/** Runs modules one after another. They are its fields `0`, `1`, … or those given by name. Source: torch.nn.Sequential. */
export class Sequential extends ModuleContainer {
  constructor(...modules: Module[]);
  constructor(modules: Readonly<Record<string, Module>>);
  constructor(...given: unknown[]) {
    super();
    const [first] = given;
    if (given.length === 1 && Object.getPrototypeOf(first) === Object.prototype)
      for (const [name, module] of Object.entries(first as object)) this.add_module(name, module);
    else
      given.forEach((module, i) => {
        this[i] = requireModule(module);
      });
  }

  override forward(input: Tensor): Tensor {
    let value = input;
    for (const child of this.childModules()) value = child(value);
    return value;
  }

  /** Puts one before the index. Throws IndexError where there is no such place. */
  insert(index: number, module: Module): this {
    if (!(module instanceof Module))
      throw new AssertionError("module should be of type: <class 'torch.nn.modules.module.Module'>");
    const { length } = this;
    if (!(index >= -length && index <= length)) throw new IndexError(`Index out of range: ${index}`);
    this.insertAt(index < 0 ? index + length : index, module);
    return this;
  }

  /** Those of both, one after the other: Python's `seq + other`. */
  __add__(other: Sequential): Sequential {
    if (!(other instanceof Sequential))
      throw new ValueError(
        `add operator supports only objects of Sequential class, but <class '${pythonTypeName(other)}'> is given.`,
      );
    return new Sequential(...this.items(), ...other.items());
  }

  /** The same modules several times: Python's `seq * times`. */
  __mul__(times: number): Sequential {
    if (typeof times !== "number" || !Number.isInteger(times))
      throw new TypeError(
        `unsupported operand type(s) for *: <class 'torch.nn.modules.container.Sequential'> and <class '${pythonTypeName(times)}'>`,
      );
    if (times <= 0)
      throw new ValueError(
        `Non-positive multiplication factor ${times} for <class 'torch.nn.modules.container.Sequential'>`,
      );
    const items = this.items();
    return new Sequential(...Array.from({ length: times }, () => items).flat());
  }

  __rmul__(times: number): Sequential {
    return this.__mul__(times);
  }

  /** The modules from `start` up to `end`, which keep their names: Python's `seq[start:end]`. */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(Object.fromEntries(this.childEntries().slice(start, end)));
  }
}

/** A list of modules, which are its fields `0`, `1`, … Source: torch.nn.ModuleList. */
export class ModuleList extends ModuleContainer {
  constructor(given: Iterable<Module> | null | { modules?: Iterable<Module> | null } = null) {
    super();
    const modules = named(given, "modules");
    if (modules !== null) this.extend(modules);
  }

  /** Puts one before the index, at the end for one beyond it. */
  insert(index: number, module: Module): void {
    const { length } = this;
    const at = index < 0 ? Math.max(index + length, 0) : Math.min(index, length);
    this.insertAt(at, requireModule(module));
  }

  /** A list of these and others: Python's `list + others`. */
  __add__(others: Iterable<Module>): ModuleList {
    return new ModuleList([...this.items(), ...others]);
  }

  /** The modules from `start` up to `end`: Python's `list[start:end]`. */
  slice(start?: number, end?: number): ModuleList {
    return new ModuleList(this.items().slice(start, end));
  }

  /** Neighbours that print alike are printed once, with how many there are. */
  protected override childLines(): string[] {
    const runs: { first: number; count: number; text: string }[] = [];
    this.items().forEach((child, i) => {
      const text = indented(child);
      const last = runs.at(-1);
      if (last !== undefined && last.text === text) last.count++;
      else runs.push({ first: i, count: 1, text });
    });
    return runs.map(({ first, count, text }) =>
      count === 1 ? `(${first}): ${text}` : `(${first}-${first + count - 1}): ${count} x ${text}`,
    );
  }
}

/** Entries of a dict, in order: a plain object, a Map or a list of pairs. */
export type Entries<T> = Readonly<Record<string, T>> | Iterable<readonly [string, T]>;

function entriesOf<T>(given: Entries<T> | null, container: string, caller = container): [string, T][] {
  if (given === null) return [];
  if (Object.getPrototypeOf(given) === Object.prototype) return Object.entries(given);
  if (given instanceof DictContainer) return given.items() as [string, T][];
  if (typeof (given as Partial<Iterable<unknown>>)[Symbol.iterator] !== "function")
    throw new TypeError(
      `${caller}.update should be called with an iterable of key/value pairs, but got ${pythonTypeName(given)}`,
    );
  return [...(given as Iterable<unknown>)].map((pair, i) => {
    if (!Array.isArray(pair))
      throw new TypeError(
        `${container} update sequence element #${i} should be Iterable; is${pythonTypeName(pair)}`,
      );
    if (pair.length !== 2)
      throw new ValueError(
        `${container} update sequence element #${i} has length ${pair.length}; 2 is required`,
      );
    return pair as unknown as [string, T];
  });
}

/** A module whose further fields are a dict. */
abstract class DictContainer<T> extends Module {
  // biome-ignore lint/suspicious/noExplicitAny: members stand beside the methods of a module
  [name: string]: any;

  /** Names and members, in order. */
  abstract items(): [string, T][];
  /** What goes into the dict for a value. Throws for one that may not. */
  protected abstract accept(value: unknown): T;

  keys(): string[] {
    return this.items().map(([name]) => name);
  }

  values(): T[] {
    return this.items().map(([, value]) => value);
  }

  override get length(): number {
    return this.items().length;
  }

  /** Over the names, as in Python. */
  [Symbol.iterator](): IterableIterator<string> {
    return this.keys()[Symbol.iterator]();
  }

  /** Adds members, or replaces those of the same names. */
  update(members: Entries<T>): void {
    for (const [name, value] of this.membersOf(members)) this[name] = this.accept(value);
  }

  protected membersOf(given: Entries<T>): [string, T][] {
    return entriesOf(given, this.constructor.name);
  }

  /** Takes a member out and returns it. Throws KeyError if there is none. */
  pop(key: string): T {
    const found = this.items().find(([name]) => name === key);
    if (found === undefined) throw new KeyError(`'${key}'`);
    Reflect.deleteProperty(this, key);
    return found[1];
  }

  /** Takes all members out. */
  clear(): void {
    for (const name of this.keys()) Reflect.deleteProperty(this, name);
  }
}

/** Modules by name, which are its properties: `dict.conv`. Source: torch.nn.ModuleDict. */
export class ModuleDict extends DictContainer<Module> {
  constructor(given: Entries<Module> | null | { modules?: Entries<Module> | null } = null) {
    super();
    const modules = named(given as Entries<Module> | null, "modules");
    if (modules !== null) this.update(modules);
  }

  override items(): [string, Module][] {
    return this.childEntries();
  }

  protected override accept(value: unknown): Module {
    return requireModule(value);
  }
}

/** A tensor that goes into a list or dict of parameters becomes one; anything else is kept as it is. */
function asParameter(value: unknown): Parameter {
  return value instanceof Tensor && !(value instanceof Parameter)
    ? new Parameter(value)
    : (value as Parameter);
}

/** A line for each member. */
function showMembers(members: readonly [string, unknown][], type: (parameter: Tensor) => string): string {
  const lines = members.map(([name, value]) =>
    value instanceof Tensor
      ? `  (${name}): ${value instanceof Parameter ? "Parameter" : "Tensor"} containing: [${type(value)} of size ${value.shape.join("x")}]`
      : `  (${name}): Object of type: ${pythonTypeName(value)}`,
  );
  return lines.join("\n");
}

/** A list of parameters, which are its fields `0`, `1`, … Other values are kept beside them. Source: torch.nn.ParameterList. */
export class ParameterList extends ListContainer<Parameter> {
  constructor(given: Iterable<unknown> | null | { values?: Iterable<unknown> | null } = null) {
    super();
    const values = named(given, "values");
    if (values !== null) this.extend(values as Iterable<Parameter>);
  }

  protected items(): Parameter[] {
    return Object.keys(this)
      .filter((name) => /^\d+$/.test(name))
      .map((name) => this[Number(name)]);
  }

  protected accept(value: unknown): Parameter {
    return asParameter(value);
  }

  /** Always throws: a list has nothing to compute. */
  override forward(..._args: unknown[]): never {
    throw new RuntimeError("ParameterList should not be called.");
  }

  /** The parameters from `start` up to `end`: Python's `list[start:end]`. */
  slice(start?: number, end?: number): ParameterList {
    return new ParameterList(this.items().slice(start, end));
  }

  /** A tensor assigned to a place becomes a parameter. @internal */
  override assigned(name: string, value: unknown): unknown {
    return super.assigned(name, asParameter(value));
  }

  override extra_repr(): string {
    return showMembers(
      [...this.items().entries()].map(([i, value]) => [String(i), value]),
      (parameter) => parameter.dtype.toString(),
    );
  }
}

/**
 * Parameters by name, which are its properties; those of a plain object in the order of their names. Other values
 * are kept beside them. Source: torch.nn.ParameterDict.
 */
export class ParameterDict extends DictContainer<Parameter> {
  constructor(given: Entries<unknown> | null | { parameters?: Entries<unknown> | null } = null) {
    super();
    const parameters = named(given as Entries<unknown> | null, "parameters");
    if (parameters !== null) this.update(parameters as Entries<Parameter>);
  }

  override items(): [string, Parameter][] {
    return Object.entries(this) as [string, Parameter][];
  }

  protected override accept(value: unknown): Parameter {
    return asParameter(value);
  }

  protected override membersOf(given: Entries<Parameter>): [string, Parameter][] {
    const members = entriesOf(given, "ParameterDict", "ParametersDict");
    const isDict = Object.getPrototypeOf(given) === Object.prototype;
    return isDict ? members.sort(([a], [b]) => (a < b ? -1 : 1)) : members;
  }

  /** Always throws: a dict has nothing to compute. */
  override forward(..._args: unknown[]): never {
    throw new RuntimeError("ParameterDict should not be called.");
  }

  /** The member of that name, or else `fallback`. */
  get(key: string, fallback: unknown = null): unknown {
    return this.has(key) ? this[key] : fallback;
  }

  /** Whether there is a member of that name: Python's `in`. */
  has(key: string): boolean {
    return Object.hasOwn(this, key) && this.keys().includes(key);
  }

  /** The member of that name, which is `value` from now on if there was none. */
  setdefault(key: string, value: unknown = null): unknown {
    if (!this.has(key)) this[key] = this.accept(value);
    return this[key];
  }

  /** Takes a member out and returns it. Throws AttributeError if there is none. */
  override pop(key: string): Parameter {
    if (!this.has(key)) throw new AttributeError(`'ParameterDict' object has no attribute '${key}'`);
    return super.pop(key);
  }

  /** Takes the last member out and returns it with its name. Throws KeyError if there is none. */
  popitem(): [string, Parameter] {
    const last = this.items().at(-1);
    if (last === undefined) throw new KeyError("'dictionary is empty'");
    this.pop(last[0]);
    return last;
  }

  /** A dict of its own of the same parameters. */
  copy(): ParameterDict {
    return new ParameterDict(new Map(this.items()));
  }

  /** A new dict with one value for all these names. */
  fromkeys(keys: Iterable<string>, value: unknown = null): ParameterDict {
    return new ParameterDict([...keys].map((key): [string, unknown] => [key, value]));
  }

  /** A tensor assigned to a member becomes a parameter. @internal */
  override assigned(name: string, value: unknown): unknown {
    return super.assigned(name, asParameter(value));
  }

  override extra_repr(): string {
    return showMembers(this.items(), ({ dtype }) => `torch.${dtype.tensorTypeName}`);
  }
}
