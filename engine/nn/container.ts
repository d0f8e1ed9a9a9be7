import { IndexError, KeyError, pythonTypeName } from "../errors";
import { Tensor } from "../tensor";
import { indented, Module } from "./module";
import { Parameter } from "./parameter";

function requireModule(value: unknown): Module {
  if (value instanceof Module) return value;
  throw new TypeError(`${pythonTypeName(value)} is not a Module subclass`);
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

  /** Puts one before the index. */
  insert(index: number, module: Module): this {
    const items = this.items();
    const { length } = items;
    const at = index < 0 ? index + length : index;
    if (!(at >= 0 && at <= length)) throw new IndexError(`Index out of range: ${index}`);
    items.splice(at, 0, this.accept(module));
    this.refill(items);
    return this;
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

  /** The modules from `start` up to `end`, which keep their names: Python's `seq[start:end]`. */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(Object.fromEntries(this.childEntries().slice(start, end)));
  }
}

/** A list of modules, which are its fields `0`, `1`, … Source: torch.nn.ModuleList. */
export class ModuleList extends ModuleContainer {
  constructor(modules: Iterable<Module> | null = null) {
    super();
    if (modules !== null) this.extend(modules);
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

function entriesOf<T>(given: Entries<T> | null): [string, T][] {
  if (given === null) return [];
  if (Object.getPrototypeOf(given) === Object.prototype) return Object.entries(given);
  return [...(requireIterable(given, "update") as Iterable<[string, T]>)];
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
    for (const [name, value] of entriesOf(members)) this[name] = this.accept(value);
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
  constructor(modules: Entries<Module> | null = null) {
    super();
    if (modules !== null) this.update(modules);
  }

  override items(): [string, Module][] {
    return this.childEntries();
  }

  protected override accept(value: unknown): Module {
    return requireModule(value);
  }
}

/** A tensor that goes into a list or dict of parameters becomes one. */
function asParameter(value: unknown): Parameter {
  if (value instanceof Parameter) return value;
  if (value instanceof Tensor) return new Parameter(value);
  throw new TypeError(`${pythonTypeName(value)} is not a Tensor`);
}

function showParameter(name: string, parameter: Parameter, type: string): string {
  return `  (${name}): Parameter containing: [${type} of size ${parameter.shape.join("x")}]`;
}

/** A list of parameters, which are its fields `0`, `1`, … Source: torch.nn.ParameterList. */
export class ParameterList extends ListContainer<Parameter> {
  constructor(values: Iterable<Tensor> | null = null) {
    super();
    if (values !== null) this.extend(values as Iterable<Parameter>);
  }

  protected items(): Parameter[] {
    return this.ownParameters().map(([, parameter]) => parameter);
  }

  protected accept(value: unknown): Parameter {
    return asParameter(value);
  }

  /** A tensor assigned to a place becomes a parameter. @internal */
  override assigned(name: string, value: unknown): unknown {
    return super.assigned(name, value instanceof Tensor ? asParameter(value) : value);
  }

  override extra_repr(): string {
    const lines = this.ownParameters().map(([name, p]) => showParameter(name, p, p.dtype.toString()));
    return lines.join("\n");
  }
}

/** Parameters by name, which are its properties. Source: torch.nn.ParameterDict. */
export class ParameterDict extends DictContainer<Parameter> {
  constructor(parameters: Entries<Tensor> | null = null) {
    super();
    if (parameters !== null) this.update(parameters as Entries<Parameter>);
  }

  override items(): [string, Parameter][] {
    return this.ownParameters();
  }

  protected override accept(value: unknown): Parameter {
    return asParameter(value);
  }

  /** A tensor assigned to a member becomes a parameter. @internal */
  override assigned(name: string, value: unknown): unknown {
    return super.assigned(name, value instanceof Tensor ? asParameter(value) : value);
  }

  override extra_repr(): string {
    const lines = this.items().map(([name, p]) => showParameter(name, p, `torch.${p.dtype.tensorTypeName}`));
    return lines.join("\n");
  }
}
