import assert from "node:assert/strict";
import { outputOf, run } from "./programs";

/** Programs of plain TypeScript that must do what they do in JavaScript, with probes and without. */
const programs: Record<string, [program: string, expected: string]> = {
  "an empty file": ["", ""],
  "a file of comments": ["// nothing\n/* here */", ""],
  "a byte order mark and CRLF": ["\uFEFFconst a = new Vec(1)\r\nconst b = a + 1\r\nout(b)\r\n", "Vec(2)"],
  "a first line for the shell": ["#!/usr/bin/env gradlens\nout(new Vec(1) + 1)", "Vec(2)"],
  "only a line for the shell": ["#!/usr/bin/env gradlens", ""],
  "a last line that is a comment": ["out(1) // done", "1"],
  "lines without semicolons": [
    "let a = [1, 2]\nlet b = a\n;[a, b] = [b, a]\nlet c = 1\n;/x/.test('x') ? out(c) : out(a)\nlet v = new Vec(1) as Vec\nv[0] += 1\nv[0] -= 5\nout(v)\nconst t = `a`\nout(t)",
    '1 Vec(-3) "a"',
  ],
  destructuring: [
    "const { a, b: { c = 5 }, ['d']: d, ...r } = { a: 1, b: {}, d: 2, e: 3, f: 4 }; const [x, , y = x + 1, ...z] = [1, 2, undefined, 4]; out(a, c, d, r, x, y, z)",
    '1 5 2 {"e":3,"f":4} 1 2 [4]',
  ],
  "default and rest parameters": [
    "function f(a, { b = a + 1, c: [d = b] = [] } = {}, ...r) { return [a, b, d, r] } out(f(1), f(1, { b: 5, c: [6] }, 7), f.length)",
    "[1,2,2,[]] [1,5,6,[7]] 1",
  ],
  "labels, break and continue": [
    "let n = 0; outer: for (const i of [1, 2, 3]) { for (;;) { if (i === 2) continue outer; if (n > 5) break outer; n += i; break } } block: { break block } out(n)",
    "4",
  ],
  "loops without braces": [
    "let s = 0; for (let i = 0; i < 3; i++) for (const j of [i]) s += j; while (s < 10) s++; do s--; while (s > 7)\nif (s) for (;;) break; else s = 0; for (const k in { a: 1 }) out(k); for (; s < 9; s++); out(s)",
    '"a" 9',
  ],
  "closures over loop variables": [
    "const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); out(fs.map((f) => f()))",
    "[0,1,2]",
  ],
  switch: [
    "for (const x of [1, 2, 3]) switch (x % 3) { case 1: out('one'); case 2: { out('two'); break } default: let y = x * 2; out(y) }",
    '"one" "two" "two" 6',
  ],
  generators: [
    "function* g(v) { const got = yield v * 2; yield* [got + 1, (yield) ?? 5] } const it = g(new Vec(1)); out(it.next().value, it.next(4).value, it.next().value, it.next().value)",
    "Vec(2) undefined 5 5",
  ],
  "async functions and top-level await": [
    "const f = async (x) => (await x) + 1; out(await f(Promise.resolve(new Vec(1)))); for await (const x of [Promise.resolve(2)]) out(x); const o = { async *g() { yield 1 } }; for await (const y of o.g()) out(y)",
    "Vec(2) 2 1",
  ],
  classes: [
    `abstract class A<T> { static n = 1; static { A.n += 1 } #p = 2; declare q: number; readonly w: T; abstract z(): void;
      constructor(w: T, public_ = 1) { this.w = w } get p() { return this.#p } set p(v) { this.#p = v }
      static s() { return this.n } ["c" + 1]() { return this.w } has(o: object) { return #p in o } f(): void; f(x?: number) { return x }
      arrow = () => this.#p; 5 = 6; "quoted" = 7; static async *h() {} }
    class B extends A<Vec> { override z() {} constructor() { super(new Vec(1)); this.p += 3 } }
    const b = new B(); out(b.p, A.s(), b.c1(), b.has(b), b.f(3), b.arrow(), b[5], b.arrow.name)`,
    '5 2 Vec(1) true 3 5 6 "arrow"',
  ],
  "names of functions": [
    "const f = () => 1, g = function () {}, C = class {}; let h; h = () => 2; const o = { k: () => 3 }; out(f.name, g.name, C.name, h.name, o.k.name)",
    '"f" "g" "C" "h" "k"',
  ],
  "getters, spread and computed keys": [
    "const k = 'x'; const o = { get [k + 1]() { return 1 }, set y(v) { this.z = v }, ...{ a: 1 }, k, async *m() {} }; o.y = 2; out(Math.max(...[1, 2], ...[3]), { ...o, m: 0 })",
    '3 {"x1":1,"a":1,"k":"x","m":0,"z":2}',
  ],
  "comma, void, typeof, in, instanceof, regular expressions": [
    "let a = (1, 2); out(a, void 0, typeof a, typeof undeclared, 'a' in { a }, [] instanceof Array, /[/\\]]+/g.test('/'), a / 2 / 1)",
    '2 undefined "number" "undefined" true true true 1',
  ],
  "nested conditionals and arrows": [
    "const f = (a) => a ? (b) => b ? { a, b } : a : null; out(f(1)(2), f(1)(0), f(0))",
    '{"a":1,"b":2} 1 null',
  ],
  "try, catch, finally": [
    "function f() { try { throw 1 } catch (e) { return e } finally { out('f') } } out(f()); try { null.x } catch { out('c') } try { throw [1, 2] } catch ([a, b]) { out(a + b) }",
    '"f" 1 "c" 3',
  ],
  "types of every kind": [
    `interface I { a: number }\ntype T<X> = X extends string ? 1 : 2\ndeclare const zz: number\ndeclare function ff(): void
    let a: I | undefined = <const_>(x: number): x is 5 => true, b = { a: 1 } satisfies I as I, c!: number
    function g<T,>(this: void, x?: T): asserts x is T {} ; namespace N { export type A = 1 } declare enum E { A }
    function over(a: string): string\nfunction over(a: number): number\nfunction over(a: any) { return a }
    out(b.a, over<unknown>(3), new Map<string, number>().size, (a as any)?.(1))`,
    "1 3 0 true",
  ],
  "variables named like protocol or runtime things": [
    "const held = 1, site = 2, $ = 3, _$$ = 4, async = 5, of = 6, using = 7; out(held + site + $ + _$$ + async + of + using)",
    "28",
  ],
  "wide and deep arithmetic": [`out(${Array.from({ length: 500 }, (_, i) => i).join(" + ")})`, "124750"],
};

describe("plain TypeScript", () => {
  for (const [name, [program, expected]] of Object.entries(programs)) {
    it(`${name}: runs as ever`, async () => {
      const source = program.replace("<const_>", "");
      assert.equal(await outputOf(source), expected);
    });
  }
});

describe("using", () => {
  const prelude = "const res = (name) => ({ name, [Symbol.dispose]() { out('-' + name) } });\n";
  const cases: Record<string, [program: string, expected: string]> = {
    "disposes at the block's end, in reverse order": [
      "{ using a = res('a'), b = res('b'); out(a.name); { using _ = res('c') } out('end') } out('after')",
      '"a" "-c" "end" "-b" "-a" "after"',
    ],
    "at the end of the file": ["using a = res('a'); function f() { return 1 } out(f())", '1 "-a"'],
    "at the end of a function, also when it returns": [
      "function f() { using a = res('a'); return out('in'), 5 } out(f()); const g = () => { using _ = null; return 1 }; out(g())",
      '"in" "-a" 5 1',
    ],
    "when an error leaves the block": [
      "try { using a = res('a'); null.x } catch (e) { out(e.name) }",
      '"-a" "TypeError"',
    ],
    "at every iteration": [
      "for (using a of [res('a'), res('b')]) out(a.name); for (const n of ['c']) { using _ = res(n); continue }",
      '"a" "-a" "b" "-b" "-c"',
    ],
    asynchronously: [
      "{ await using a = { async [Symbol.asyncDispose]() { await null; out('-a') } }; out('in') } out('after')",
      '"in" "-a" "after"',
    ],
  };
  for (const [name, [program, expected]] of Object.entries(cases)) {
    it(name, async () => {
      assert.equal(await outputOf(prelude + program, { globals: { Symbol } }), expected);
    });
  }
  it("refuses what cannot be disposed of", async () => {
    const { error, errorAt } = await run("{ using x = [1].slice() }");
    assert.match(String(error), /^TypeError: The value of `using` has no \[Symbol.dispose\]\(\) method/);
    assert.equal(errorAt, "[1].slice()");
  });
  it("keeps the error that an error while disposing hides", async () => {
    const { error } = await run(
      "using a = { [Symbol.dispose]() { throw new Error('second') } }; throw new Error('first')",
      { globals: { Symbol } },
    );
    const { name, error: second, suppressed } = error as Error & { error: Error; suppressed: Error };
    assert.deepEqual([name, second.message, suppressed.message], ["SuppressedError", "second", "first"]);
  });
});

describe("modules", () => {
  const torch = { default: { name: "torch" }, Tensor: Vec2, ones: 1, "odd name": 2 };
  const modules = (specifier: string) => {
    if (specifier !== "torch") throw new Error(`No module "${specifier}"`);
    return torch;
  };
  function Vec2() {}

  it("give default, named and whole imports", async () => {
    const program = `import torch, { ones as one, "odd name" as odd } from "torch";
      import * as all from "torch"; import "torch";
      import {
        ones,
      } from "torch"
      out(torch.name, one, odd, all.ones, ones)`;
    assert.equal(await outputOf(program, { modules }), '"torch" 1 2 1 1');
  });
  it("need not have what is imported only as a type", async () => {
    const program = `import type { Nothing } from "nowhere"; import { type A, B, ones } from "torch"; const x: B | A = ones; out(x)`;
    assert.equal(await outputOf(program, { modules }), "1");
  });
  it("are listed with the place of their specifier", async () => {
    const program = `import torch from "torch"; import type { T } from "types"; export { ones } from 'torch'`;
    const { imports } = (await run(program, { modules })).result;
    assert.deepEqual(
      imports.map(({ specifier, start, end }) => [specifier, program.slice(start, end)]),
      [
        ["torch", '"torch"'],
        ["torch", "'torch'"],
      ],
    );
  });
  it("say which name they do not export, at the import", async () => {
    const { error, errorAt } = await run(`import { zeros } from "torch"; zeros`, { modules });
    assert.equal(String(error), `SyntaxError: The module "torch" has no export named 'zeros'`);
    assert.equal(errorAt, '"torch"');
  });
  it("hand over what the program exports", async () => {
    const program = `export const a = 1, { b } = { b: 2 }; export function f() {} ; export class C {} ; let d = 4;
      interface I {} ; export type T = 1; export { d as e, I }; export { ones } from "torch"; export default a + b`;
    const { exported } = await run(program, { modules });
    const { f, C, ...values } = exported as Record<string, { name: string }>;
    assert.deepEqual([f!.name, C!.name, values], ["f", "C", { a: 1, b: 2, e: 4, ones: 1, default: 3 }]);
  });
  it("may have an unnamed default export", async () => {
    for (const value of [
      "function () { return 1 }",
      "function* <T>() {}",
      "class {}",
      "class extends Object {}",
      "() => 1",
    ]) {
      const { exported } = await run(`export default ${value}`);
      assert.equal(typeof exported["default"], "function", value);
    }
  });
});
