import assert from "node:assert/strict";
import { TestRunner } from "./harness";

/** Each tries to get hold of something outside its realm and prints what it got. */
const attempts: [what: string, source: string, expected: string | RegExp][] = [
  ["the function constructor", `Function("return process")()`, /Code generation from strings disallowed/],
  [
    "the constructor of a list's constructor",
    `[].constructor.constructor("return process")()`,
    /Code generation/,
  ],
  [
    "the constructor of the global object",
    `globalThis.constructor.constructor("return process")()`,
    /Code gen/,
  ],
  ["the constructor of print", `print.constructor("return process")()`, /Code generation/],
  ["the constructor of console.log", `console.log.constructor("return process")()`, /Code generation/],
  [
    "the constructor of async functions",
    `(async () => {}).constructor("return process")()`,
    /Code generation/,
  ],
  [
    "the constructor of generators",
    `(function* () {}).constructor("return process")().next()`,
    /Code generation/,
  ],
  ["eval", `eval("process")`, /Code generation/],
  ["eval by another name", `const run = eval; run("process")`, /Code generation/],
  [
    "Node's names",
    `print([typeof process, typeof require, typeof module, typeof Buffer, typeof global])`,
    "['undefined', 'undefined', 'undefined', 'undefined', 'undefined']\n",
  ],
  [
    "timers and the network",
    `print([typeof setTimeout, typeof queueMicrotask, typeof fetch, typeof WebSocket])`,
    "['undefined', 'undefined', 'undefined', 'undefined']\n",
  ],
  [
    "shared memory and other code",
    `print([typeof SharedArrayBuffer, typeof Atomics, typeof WebAssembly])`,
    "['undefined', 'undefined', 'undefined']\n",
  ],
  ["this", `print(this)`, "None\n"],
  ["a dynamic import", `import("node:fs").then((fs) => print(fs))`, /import/],
  ["a static import of Node's", `import fs from "node:fs"; print(fs)`, /Cannot find module "node:fs"/],
  [
    "the frames of an error",
    `Error.prepareStackTrace = (_, frames) => frames; print(typeof new Error("x").stack)`,
    "string\n",
  ],
  [
    "the frames of an error by a new Error",
    `try { globalThis.Error = { prepareStackTrace: (_: unknown, frames: unknown) => frames } as any; } catch (e) { print("kept") }; try { null!.x } catch (e) { print(typeof (e as Error).stack) }`,
    "kept\nstring\n",
  ],
  ["the caller of a function", `function f() { return f.caller } print(f())`, /TypeError|None/],
  [
    "the way in",
    `print(typeof ($gradlens as any)())`.replace("$gradlens", "(globalThis as any).$gradlens"),
    "undefined\n",
  ],
  [
    "replacing the way in",
    `try { (globalThis as any).$gradlens = () => "x" } catch { print("kept") }`,
    "kept\n",
  ],
  [
    "an error made out of stack in the thread's own realm",
    `const caught: unknown[] = [];
const text = "x".repeat(16384);
let levels = 0;
function deep(): void {
  try { deep() } catch (e) { caught.push(e) }
  if (levels++ < 100) try { print(text) } catch (e) { caught.push(e) }
}
deep();
print(caught.length > 0, caught.every((e) => e instanceof RangeError && e.constructor === RangeError))`,
    /True True\n$/,
  ],
  [
    "what the recorder holds, through methods put in the place of the realm's",
    `const leaked: unknown[] = [];
const foreign = (o: unknown): boolean => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last: unknown = o;
  for (let p: unknown = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype && last !== o;
};
for (const proto of [Array.prototype, Map.prototype, WeakMap.prototype, Set.prototype, String.prototype, Function.prototype, Int32Array.prototype, Object.getPrototypeOf(Int32Array.prototype), Promise.prototype] as any[]) {
  for (const name of Reflect.ownKeys(proto)) {
    const property = Object.getOwnPropertyDescriptor(proto, name)!;
    if (typeof property.value !== "function" || name === "constructor" || !property.writable) continue;
    const real = property.value;
    proto[name] = function (...args: unknown[]) { leaked[leaked.length] = this; for (let i = 0; i < args.length; i++) leaked[leaked.length] = args[i]; return Reflect.apply(real, this, args); };
  }
}
for (let i = 0; i < 3000; i++) { if (i % 100 === 0) print("x".repeat(1000)) }
let found = 0;
const count = leaked.length;
for (let i = 0; i < count; i++) if (foreign(leaked[i])) found++;
print("leaked", found, count > 30)`,
    /leaked 0 True\n$/,
  ],
  [
    "the memory of kernels, through methods put in the place of typed arrays' own",
    `import torch from "torch";
const seen = new Set<unknown>();
const bytesOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!;
const bufferOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Float32Array.prototype), "buffer")!.get!;
const isView = ArrayBuffer.isView;
const note = (value: unknown) => {
  if (isView(value)) seen.add(bufferOf.call(value));
  else if (value instanceof ArrayBuffer) seen.add(value);
};
const spy = (real: any) => function (this: unknown, ...args: unknown[]) { note(this); args.forEach(note); return Reflect.apply(real, this, args); };
const floats = Float32Array.prototype;
for (const proto of [floats, Object.getPrototypeOf(floats), Uint8Array.prototype, Int32Array.prototype, Float64Array.prototype, ArrayBuffer.prototype] as any[]) {
  for (const name of Reflect.ownKeys(proto)) {
    const property = Object.getOwnPropertyDescriptor(proto, name)!;
    if (!property.configurable) continue;
    if (name === "constructor") Object.defineProperty(proto, name, { get() { note(this); return property.value; } });
    else if (property.get) Object.defineProperty(proto, name, { get: spy(property.get) as any });
    else if (typeof property.value === "function") Object.defineProperty(proto, name, { value: spy(property.value) });
  }
}
const a = torch.ones(300, 300);
a.mm(a).add(a).exp().t().contiguous().log_softmax(1);
torch.nn.functional.conv2d(torch.ones(2, 3, 32, 32), torch.ones(4, 3, 3, 3));
const w = torch.ones(3000).requires_grad_();
w.mul(w).sum().backward();
new torch.optim.Adam([w]).step();
let largest = 0;
for (const buffer of seen) largest = Math.max(largest, bytesOf.call(buffer));
print(seen.size > 5, largest <= 4 * 300 * 300)`,
    "True True\n",
  ],
  [
    "a promise's then",
    `Promise.prototype.then = function () { throw new Error("mine") }; await null; print("ok")`,
    "ok\n",
  ],
  [
    "a proxy that is thrown",
    `throw new Proxy(new Error("x"), { get: (_, key) => { print(String(key)); throw new Error("trap") }, getPrototypeOf: () => { throw null } })`,
    /Uncaught/,
  ],
  [
    "a proxy that a promise fails with",
    `Promise.reject(new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, ownKeys() { throw 3 } })); print("ok")`,
    /ok\n|Uncaught/,
  ],
  [
    "an error whose texts throw",
    `class Bad extends Error { get message(): string { throw 1 } get stack(): string { throw 2 } get name(): string { throw 3 } }; throw new Bad()`,
    /Uncaught/,
  ],
  [
    "forged messages through toJSON",
    `(Object.prototype as any).toJSON = () => ({ kind: "ended" }); const a = [1]; print("ok")`,
    "ok\n",
  ],
  [
    "forged messages through setters",
    `for (const key of ["kind", "part", "report", "state"]) Object.defineProperty(Object.prototype, key, { set() { throw new Error("mine") }, get() { return "forged" } }); print("ok")`,
    "ok\n",
  ],
];

describe("a program cannot reach", () => {
  let test: TestRunner;
  before(() => {
    test = new TestRunner();
  });
  after(() => test.dispose());

  for (const [what, source, expected] of attempts) {
    it(what, async () => {
      for (const probes of [true, false]) {
        const { output, message } = await test.run(source, { timeMs: 5000 }, probes);
        if (typeof expected === "string") assert.equal(output, expected, message);
        else assert.match(output + message, expected);
      }
    });
  }

  it("anything by a global that JavaScript itself does not have", async () => {
    const { output } = await test.run(`console.log(Object.getOwnPropertyNames(globalThis).join(" "))`);
    const own = new Set(Object.getOwnPropertyNames(globalThis));
    const hostOnly = ["global", "process", "Buffer", "setTimeout", "setInterval", "setImmediate", "fetch"];
    const names = output.trim().split(" ");
    assert.deepEqual(
      names.filter((name) => hostOnly.includes(name)),
      [],
    );
    assert.deepEqual(names.filter((name) => !own.has(name)).sort(), ["$gradlens", "print"]);
  });

  it("another program's globals", async () => {
    await test.run(`(globalThis as any).left = 1; (Array.prototype as any).left = 1`);
    const { output } = await test.run(`print((globalThis as any).left, ([] as any).left)`);
    assert.equal(output, "None None\n");
  });

  it("another program's random numbers or modes", async () => {
    const draw = `import torch from "torch"; print(torch.rand(1).item(), torch.is_grad_enabled())`;
    const first = await test.run(draw);
    await test.run(`import torch from "torch"; torch.manual_seed(5); torch.set_grad_enabled(false)`);
    assert.equal((await test.run(draw)).output, first.output);
  });
});
