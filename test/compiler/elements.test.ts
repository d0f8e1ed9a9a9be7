import assert from "node:assert/strict";
import { outputOf, run } from "./programs";

function gives(expression: string, expected: string): void {
  it(`${expression} is ${expected}`, async () => {
    const prelude = `const v = new Vec(5, 6), list = [1, 2, 3], o = { a: [v, { b: v }], f(x) { return [this === o, x] },
      get none() { return undefined }, nil: null }, fs = [(x) => x, function () { return this === fs }], k = 1, name = "f";`;
    assert.equal(await outputOf(`${prelude}\nout(${expression});`), expected);
  });
}

describe("elements", () => {
  describe("of a tensor are asked for by all their indices", () => {
    gives("v[0]", "Vec(5)");
    gives("v[k]", "Vec(6)");
    gives("v[k - 1]", "Vec(5)");
    gives("v[0, 1]", '"item 0 1"');
    gives('v["1:3", ":"]', '"item 1:3 :"');
    gives('v["...", -1]', '"item ... -1"');
    gives("v[null]", '"item "');
    gives("v[v > 5]", '"item Vec(0, 1)"');
    gives("v[(0, 1)]", "Vec(6)");
    gives("o.a[0][1]", "Vec(6)");
    gives("o.a[list[0]].b[list[0] - 1]", "Vec(5)");
    gives("v![0]! + v[1]!", "Vec(11)");
    gives("[...v][1][0]", "Vec(6)");
  });
  describe("of anything else are JavaScript's", () => {
    gives("list[k]", "2");
    gives("list[0, 2]", "3");
    gives('list["length"]', "3");
    gives('"abc"[k]', '"b"');
    gives('o["a"].length', "2");
    gives("o[`a`][0]", "Vec(5, 6)");
    gives("(function () { return arguments[0] })(4)", "4");
    gives("new o.a[0].constructor(1)", "Vec(1)");
    gives("new ({ x: [Date] }).x[0](7).getTime()", "7");
    gives("(class { static x = list[k] + o.a[0].values[0] }).x", "7");
    gives("((a, b = list[a], c = o.a[b - 2].values[0]) => [b, c])(1)", "[2,5]");
    gives("(() => ({ x: o.a[0].values }))().x", "[5,6]");
  });
  describe("are called with the right `this`", () => {
    gives("o[name](1)", "[true,1]");
    gives('o["f"](...list)', "[true,1]");
    gives("fs[1]()", "true");
    gives("fs[0](v[0])", "Vec(5)");
    gives("fs[k]?.()", "true");
    gives("o.nope?.[0](1)", "undefined");
    gives("o[name]`x`[0]", "true");
    gives("new (class { __getitem__(i) { return (x) => x + i } })()[1](2)", "3");
    it("and say what is no function", async () => {
      const { error } = await run("const o = { a: [1] };\no.a[0](2)");
      assert.equal(String(error), "TypeError: o.a[0] is not a function");
    });
  });
  describe("in an optional chain", () => {
    gives("o?.a[0]", "Vec(5, 6)");
    gives("o.nil?.a[0].b.c[1]", "undefined");
    gives("o.none?.[k][k].x(out(1))", "undefined");
    gives("o?.a?.[1]?.b?.[0]", "Vec(5)");
    gives("o?.f?.(list?.[0])", "[true,1]");
    gives("o?.[name]?.(list[1])", "[true,2]");
    gives("o?.[name](3)[1]", "3");
    gives("o?.f(1)[0]", "true");
    gives("o.f?.(9)[1]", "9");
    gives("v?.[0, 1]", '"item 0 1"');
    gives("(o?.a)[1].b[1]", "Vec(6)");
    gives("o?.a![0]!", "Vec(5, 6)");
    gives("delete o?.a[5]", "true");
    it("still throws on what the chain does not guard", async () => {
      const { error } = await run("const o = {};\no?.a[0]");
      assert.equal(error?.message, "Cannot read properties of undefined (reading '0')");
    });
  });
  describe("can be assigned to", () => {
    const cases: [program: string, expected: string][] = [
      ["const v = new Vec(1, 2); v[1] = 5; out(v)", "Vec(1, 5)"],
      ["const v = new Vec(1, 2); out(v[0] = new Vec(9)); out(v)", "Vec(9) Vec(9, 2)"],
      ['const v = new Vec(1, 2); v["...", 0] = 5; out(v)', "Vec(5)"],
      ["const v = new Vec(1, 2); v[0] += 5; v[1] *= 3; out(v)", "Vec(6, 6)"],
      ["const v = new Vec(1, 2); v[v < 5] -= 0; out(v)", "Vec(NaN)"],
      ["const l = [1, 2], m = { l }; m.l[0] = 5; l[l[1]] = 7; m.l[1]++; --l[0]; out(l)", "[4,3,7]"],
      ["const l = [1]; let i = 0; l[i++] = i; l[i] = i = 5; out(l, i)", "[1,5] 5"],
      ["let l = [1, 2]; const old = l; l[0] = (l = [9], 5); out(old, l)", "[5,2] [9]"],
      [
        "const v = new Vec(1, 2); let x; [v[0], x] = [7, 8]; ({ a: v[1], ...x } = { a: 3, b: 4 }); out(v, x)",
        'Vec(7, 3) {"b":4}',
      ],
      ["const l = [0]; for (l[0] of [1, 2, 3]); for (l[1] in { z: 1 }); out(l)", '[3,"z"]'],
      ["const v = new Vec(1); for (v[0] of [4]) out(v)", "Vec(4)"],
      ["const l = [6], o = { l }; l[0] &= 3; o.l[0] <<= 2; let m = 1; m |= 6; out(l, m)", "[8] 7"],
      ["const o = { a: 1, b: 2 }; delete o['a']; out(o)", '{"b":2}'],
      [
        "const o = {}; (o as any)['x'] = 1; (o['y'] as any) = 2; (o['y'] as any) += 2; out(o)",
        '{"x":1,"y":4}',
      ],
      [
        "class A { set x(v) { this.y = v } get x() { return 3 } } class B extends A { f() { super.x = 4; super['x'] += 1; return this.y } } out(new B().f())",
        "4",
      ],
    ];
    for (const [program, expected] of cases) {
      it(`${program} gives ${expected}`, async () => assert.equal(await outputOf(program), expected));
    }
  });
});
