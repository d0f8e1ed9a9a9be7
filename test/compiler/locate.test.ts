import assert from "node:assert/strict";
import { run } from "./programs";

/** Fails outside the program, as the engine does. */
function refuse(): never {
  throw new Error("refused");
}

/** The program's error must be put at the part of it between « and ». */
const failing: Record<string, string> = {
  "an operator": "const v = new Vec(1), w = new Vec(1, 2);\nconst y = 1 + «v @ w» * 2;",
  "an operator on several lines": "const v = new Vec(1);\nout(\n  «v @ // here\n    new Vec(1, 2)» + 1\n);",
  "a compound assignment": "let v = new Vec(1);\n«v += { get x() { return 1 } }»;",
  "a call": "const torch = { mm: refuse };\nlet r = [1, «torch.mm(1, 2)», 3];",
  "a call in a call": "const f = (x) => { if (x > 1) «x.y.z»; return x }; f(f(1)); f(2);",
  "a method that is not there": "const v = new Vec(1);\nout(v + «v.sum()»);",
  "what is called after a call": "const f = () => 1;\n«f()()»;",
  "an element that is called": "const o = { a: [1] };\nout(«o.a[0](out)»);",
  "a constructor": "const o = { X: 1 };\nout(1, «new o.X(2)»);",
  "a property of undefined": "const o = {};\nout(«o.a.b».c);",
  "an element of undefined": "const o = {}, k = 'x';\nout(1 + «o.a[k]»);",
  "an element of a variable that is undefined": "let a;\nout(1 + «a[0]»[1]);",
  "an element that a tensor refuses": "const v = { __getitem__: refuse };\nout(1 + «v[3]»);",
  "an assigned element": "let a;\n«a[0] = 5»;",
  "an assigned property": "let a;\n«a.b = 5»;",
  throw: "function f() {\n  throw «new Error('x')»;\n}\nf();",
  "an unknown name": "let x = 1;\nx = 1 + «nope»;",
  "an unknown name by itself": "let x = 1;\nx = «nope»;",
  "a name used too early": "out(1, «late»);\nlet late = 1;",
  "a constant that is assigned": "const c = 1;\n«c = 2»;",
  "a condition": "const many = new Vec(1, 2);\nwhile (1 && «many») ;",
  negation: "const many = new Vec(1, 2);\nout(!«many»);",
  "a template": "const v = { __format__: refuse };\nout(`a $" + "{«v»}`);",
  "a loop over nothing": "for (const x of «5») out(x);",
  "destructuring nothing": "let a;\nconst [b] = «a»;",
  "a default value": "function f(a = «null.x») {}\nf();",
  "a field": "class A { x = «null.y»; }\nnew A();",
  "an optional chain": "const o = { f: refuse };\nout(1, «o?.f()»);",
  "an awaited call": "const f = async () => { await null; throw «new Error('late')» };\nawait f();",
  "after types": "const o: { a?: { b: number } } = {} as any; out((«o.a!.b» as number).c);",
  "after CRLF": "let a;\r\n\r\n  out(«a.b»);\r\n",
  "in a tagged template": "out(«null`x`»);",
};

describe("an error is put at the expression that failed", () => {
  for (const probes of [false, true]) {
    describe(probes ? "with probes" : "without probes", () => {
      for (const [name, marked] of Object.entries(failing)) {
        it(`${name}: ${marked.split(/\r?\n/).at(-1)}`, async () => {
          const expected = marked.slice(marked.indexOf("«") + 1, marked.indexOf("»"));
          const { error, errorAt } = await run(marked.replace(/[«»]/g, ""), { probes, globals: { refuse } });
          assert.notEqual(error, null);
          assert.equal(errorAt, expected, error?.stack);
        });
      }
    });
  }
  it("and not at all outside the program", async () => {
    const { result } = await run("out(1)\n");
    assert.equal(result.locate(9, 1), null);
    assert.equal(result.locate(1, 3), null);
  });
});
