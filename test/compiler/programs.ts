import { createContext, Script } from "node:vm";
import { type CompileResult, compile } from "../../src/compiler/compile";
import { NotImplemented } from "../../src/runtime/protocol";
import { type Counters, countOf, createCounters, type Recorder } from "../../src/runtime/recorder";
import { createRuntime, type ModuleLookup } from "../../src/runtime/runtime";

/** A value that follows the operator protocol, as tensors do: a list of numbers. */
export class Vec {
  values: number[];
  grad: Vec | null = null;
  constructor(...values: number[]) {
    this.values = values;
  }
  private with(other: unknown, combine: (a: number, b: number) => number): Vec {
    if (typeof other === "number") return new Vec(...this.values.map((value) => combine(value, other)));
    if (!(other instanceof Vec)) return NotImplemented as never;
    return new Vec(...this.values.map((value, index) => combine(value, other.values[index]!)));
  }
  __add__(other: unknown) {
    return this.with(other, (a, b) => a + b);
  }
  __radd__(other: unknown) {
    return this.with(other, (a, b) => b + a);
  }
  __sub__(other: unknown) {
    return this.with(other, (a, b) => a - b);
  }
  __rsub__(other: unknown) {
    return this.with(other, (a, b) => b - a);
  }
  __mul__(other: unknown) {
    return this.with(other, (a, b) => a * b);
  }
  __rmul__(other: unknown) {
    return this.with(other, (a, b) => b * a);
  }
  __truediv__(other: unknown) {
    return this.with(other, (a, b) => a / b);
  }
  __rtruediv__(other: unknown) {
    return this.with(other, (a, b) => b / a);
  }
  __mod__(other: unknown) {
    return this.with(other, (a, b) => a % b);
  }
  __pow__(other: unknown) {
    return this.with(other, (a, b) => a ** b);
  }
  __rpow__(other: unknown) {
    return this.with(other, (a, b) => b ** a);
  }
  __matmul__(other: Vec) {
    if (this.values.length !== other.values.length) throw new Error("shapes differ");
    return new Vec((this.__mul__(other) as Vec).values.reduce((a, b) => a + b, 0));
  }
  __neg__() {
    return new Vec(...this.values.map((value) => -value));
  }
  __and__(other: unknown) {
    return this.with(other, (a, b) => a & b);
  }
  __ror__(other: unknown) {
    return this.with(other, (a, b) => b | a);
  }
  __ixor__(other: number) {
    this.values = this.values.map((value) => value ^ other);
    return this;
  }
  __invert__() {
    return new Vec(...this.values.map((value) => ~value));
  }
  __lt__(other: unknown) {
    return this.with(other, (a, b) => Number(a < b));
  }
  __gt__(other: unknown) {
    return this.with(other, (a, b) => Number(a > b));
  }
  __imul__(other: number) {
    this.values = this.values.map((value) => value * other);
    return this;
  }
  __bool__() {
    if (this.values.length !== 1)
      throw new Error("Boolean value of Vec with more than one value is ambiguous");
    return this.values[0] !== 0;
  }
  __format__() {
    return this.values.length === 1 ? String(this.values[0]) : this.toString();
  }
  __getitem__(...indices: unknown[]) {
    if (indices.length === 1 && typeof indices[0] === "number") return new Vec(this.values[indices[0]]!);
    return `item ${indices.join(" ")}`;
  }
  __setitem__(indices: unknown[], value: unknown) {
    if (typeof indices[0] === "number")
      this.values[indices[0]] = value instanceof Vec ? value.values[0]! : Number(value);
    else this.values = [Number(value)];
  }
  toString() {
    return `Vec(${this.values.join(", ")})`;
  }
  *[Symbol.iterator]() {
    for (const value of this.values) yield new Vec(value);
  }
}

/** Keeps everything that probes report. */
export class TestRecorder implements Recorder {
  readonly counters: Counters;
  /** Every value at each site, as text; numbers because every one of them is due. */
  readonly values: string[][] = [];
  constructor(siteCount: number) {
    this.counters = createCounters(siteCount);
  }
  see(site: number, value: unknown) {
    this.values[site] ??= [];
    this.values[site].push(textOf(value));
  }
  sample(site: number, value: number) {
    this.see(site, value);
    return 1;
  }
  tick(): number {
    return 1;
  }
  thrown(site: number, error: unknown) {
    this.see(site, error);
    return error;
  }
  count(site: number): number {
    return countOf(this.counters, site);
  }
}

function textOf(value: unknown): string {
  const isBare = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
  return isBare ? "[object]" : String(value);
}

export interface Run {
  /** What the program gave to `out(…)`. */
  output: unknown[];
  recorder: TestRecorder;
  result: CompileResult;
  /** What the program threw, with where `locate` puts it in the source. */
  error: Error | null;
  errorAt: string | null;
  exported: Readonly<Record<string, unknown>>;
}

const noModules: ModuleLookup = (specifier) => {
  throw new Error(`No module ${specifier}`);
};

/** Compiles and runs a program that sees `Vec`, `out` and what `globals` gives it. */
export async function run(
  source: string,
  { probes = false, globals = {} as object, modules = noModules } = {},
): Promise<Run> {
  const result = compile(source, { fileName: "program.grad.ts", probes });
  if (result.code === null) throw new Error(JSON.stringify(result.diagnostics));
  const output: unknown[] = [];
  const recorder = new TestRecorder(result.sites.length);
  const runtime = createRuntime(recorder, modules);
  const print = (...values: unknown[]) => void output.push(...values);
  const context = createContext({ Vec, NotImplemented, out: print, print, console, ...globals });
  const program = new Script(result.code, { filename: "program.grad.ts" }).runInContext(context);
  let error: Error | null = null;
  try {
    await program(runtime);
  } catch (thrown) {
    error = thrown as Error;
  }
  const errorAt = error === null ? null : placeOf(error, source, result);
  return { output, recorder, result, error, errorAt, exported: runtime.exported };
}

function placeOf(error: Error, source: string, { locate }: CompileResult): string | null {
  const position = /program\.grad\.ts:(\d+):(\d+)/.exec(error.stack ?? "");
  const range = position && locate(Number(position[1]), Number(position[2]));
  return range && source.slice(range.start, range.end);
}

/** What a program gives to `out(…)`, the same with and without probes; Vecs as text. */
export async function outputOf(source: string, options: { globals?: object; modules?: ModuleLookup } = {}) {
  const [plain, probed] = [await run(source, options), await run(source, { ...options, probes: true })];
  for (const { error } of [plain, probed]) if (error !== null) throw error;
  const [text, probedText] = [shown(plain.output), shown(probed.output)];
  if (text !== probedText) throw new Error(`Probes change the program: ${text} became ${probedText}`);
  return text;
}

export function shown(values: unknown[]): string {
  return values
    .map((value) => (value instanceof Vec ? String(value) : (JSON.stringify(value) ?? "undefined")))
    .join(" ");
}
