/*
 * The engine's WebAssembly: compiled when the first large operation asks for it. A program runs in the same
 * realm and may have changed every built-in by then, so what touches the kernels' memory uses only what was taken
 * when the engine was loaded, and reads no property that a program could have redefined.
 */
import { relaxed, simd } from "../generated/kernels";
import { decodeBase64 } from "./base64";

/** What engine/wasm/assembly exports. Addresses and strides are in bytes. */
interface Exports {
  memory: WasmMemory;
  heapBase(): number;
  pages(): number;
  gemm(
    n: number,
    k: number,
    m: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bStep: number,
    transposed: boolean,
    panels: number,
    c: number,
    cRow: number,
    accumulate: boolean,
  ): void;
  closeRows(at: number, rows: number, m: number, step: number): void;
  add: Ternary;
  sub: Ternary;
  mul: Ternary;
  div: Ternary;
  addNumber: Ternary;
  mulNumber: Ternary;
  divNumber: Ternary;
  subFrom: Ternary;
  divInto: Ternary;
  reluGrad: Ternary;
  relu: Binary;
  neg: Binary;
  abs: Binary;
  sqrt: Binary;
  square: Binary;
  exp: Binary;
  log: Binary;
  tanh: Binary;
  sigmoid: Binary;
  multiplyBlocks(
    n: number,
    a: number,
    aRow: number,
    aColumn: number,
    bases: number,
    count: number,
    shifts: number,
    depth: number,
    planes: number,
    transposed: boolean,
    panels: number,
    c: number,
    cRow: number,
    accumulate: boolean,
  ): void;
  spread(lines: number, width: number, from: number, to: number, step: number): void;
  fold(shape: number, channels: number, top: number, bottom: number, planes: number, from: number): void;
  zero(at: number, count: number): void;
  adam(
    n: number,
    param: number,
    grad: number,
    mean: number,
    square: number,
    doubles: number,
    floats: number,
  ): void;
  /** Rows become columns. */
  transpose(rows: number, n: number, a: number, to: number): void;
  addScaled(n: number, a: number, scale: number, b: number, to: number): void;
  softmax(rows: number, n: number, a: number, powers: number): void;
  logSoftmax(rows: number, n: number, a: number): void;
  softmaxGrad: RowGrad;
  logSoftmaxGrad: RowGrad;
  tanhGrad: SlopeGrad;
  sigmoidGrad: SlopeGrad;
  addToFour(n: number, a: number, sums: number): void;
  addPerRow(rows: number, n: number, a: number, each: number): void;
  addRowToEach(rows: number, n: number, a: number, row: number): void;
  sumSquares(rows: number, n: number, a: number, means: number): void;
  sumRows(rows: number, n: number, a: number, to: number): void;
  addRows(rows: number, n: number, a: number, sums: number): void;
  largest(n: number, a: number): number;
  smallest(n: number, a: number): number;
}

type Binary = (n: number, a: number, to: number) => void;
type RowGrad = (rows: number, n: number, grad: number, result: number) => void;
type SlopeGrad = (n: number, grad: number, result: number, one: number, to: number) => void;
type Ternary = (n: number, a: number, b: number, to: number) => void;

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface WasmApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: Exports };
  Memory: { readonly prototype: WasmMemory };
}

/** Missing on hosts without it. */
declare const WebAssembly: WasmApi | undefined;

const api = typeof WebAssembly === "undefined" ? null : WebAssembly;
const validate = api?.validate;
const Module = api?.Module;
const Instance = api?.Instance;
const Floats = Float32Array;
const Doubles = Float64Array;
const Integers = Int32Array;
const { call } = Function.prototype;
/** Elements `start` … of an array, in its own memory. */
export const part = call.bind(Float32Array.prototype.subarray) as (
  of: Float32Array,
  start: number,
  end: number,
) => Float32Array;
const setFloats = call.bind(Float32Array.prototype.set) as (
  to: Float32Array,
  from: Float32Array,
  at: number,
) => void;
const growMemory = api && (call.bind(api.Memory.prototype.grow) as (m: WasmMemory, pages: number) => number);

const PAGE_BYTES = 65536;

/** Kernels with their memory. Addresses are in bytes and multiples of 16. */
export class Kernels {
  readonly run: Exports;
  /** The first byte that an operation may use; it lays its operands out from there. */
  readonly base: number;
  /** All of the memory. */
  floats: Float32Array;
  doubles: Float64Array;
  integers: Int32Array;
  private readonly memory: WasmMemory;
  private bytes: number;

  constructor(exports: Exports) {
    this.run = exports;
    this.memory = exports.memory;
    this.base = exports.heapBase();
    this.floats = new Floats(this.memory.buffer);
    this.doubles = new Doubles(this.memory.buffer);
    this.integers = new Integers(this.memory.buffer);
    this.bytes = exports.pages() * PAGE_BYTES;
  }

  /** Makes sure that the memory reaches to `end`. */
  reserve(end: number): void {
    if (end <= this.bytes) return;
    const pages = Math.ceil((end - this.bytes) / PAGE_BYTES);
    growMemory!(this.memory, pages);
    this.bytes += pages * PAGE_BYTES;
    this.floats = new Floats(this.memory.buffer);
    this.doubles = new Doubles(this.memory.buffer);
    this.integers = new Integers(this.memory.buffer);
  }

  /** Copies `from` to address `at`. */
  write(from: Float32Array, at: number): void {
    setFloats(this.floats, from, at >> 2);
  }

  /** Copies `count` floats from address `at` into `to`, from element `index` on. */
  read(at: number, count: number, to: Float32Array, index: number): void {
    setFloats(to, new Floats(this.memory.buffer, at, count), index);
  }
}

let loaded: Kernels | null | undefined;

function instantiate(bytes: Uint8Array): Kernels {
  return new Kernels(new Instance!(new Module!(bytes)).exports);
}

function load(): Kernels | null {
  if (api === null) return null;
  const best = decodeBase64(relaxed);
  if (validate!(best)) return instantiate(best);
  const bytes = decodeBase64(simd);
  return validate!(bytes) ? instantiate(bytes) : null;
}

/**
 * From which size on operations use kernels: `auto` where they are faster, `always` or `never` whatever the size, to
 * compare both.
 */
export const kernelUse: { mode: "auto" | "always" | "never" } = { mode: "auto" };

/** The kernels for an operation whose size is `work`, or null where plain loops are to do it. */
export function kernelsFor(work: number, threshold: number): Kernels | null {
  const { mode } = kernelUse;
  if (mode === "never" || (work < threshold && mode === "auto")) return null;
  if (loaded === undefined) loaded = load();
  return loaded;
}

const CEILING = 15;

/** The next multiple of 16 bytes after `count` floats from address `at` on. */
export function after(at: number, count: number): number {
  return (at + 4 * count + CEILING) & ~CEILING;
}
