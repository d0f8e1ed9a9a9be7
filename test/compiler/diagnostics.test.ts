import assert from "node:assert/strict";
import { compile } from "../../src/compiler/compile";

/** Each message with the source text it is put at. */
function refusals(source: string): string[] {
  const { code, diagnostics } = compile(source, { fileName: "program.grad.ts", probes: true });
  assert.equal(code === null, diagnostics.length > 0);
  return diagnostics.map(({ message, start, end }) => `«${source.slice(start, end)}» ${message}`);
}

describe("a program that cannot be compiled is told why and where", () => {
  const cases: Record<string, string> = {
    "const x = ;": "«;» Expression expected.",
    "foo(1, ": "«» ')' expected.",
    "let a = 1; let a = 2": "«a» Cannot redeclare block-scoped variable 'a'.",
    "enum E { A }":
      "«enum E { A }» Enums are not supported: use a constant object and a union of its values.",
    "namespace N { export const a = 1 }":
      "«namespace N { export const a = 1 }» Namespaces with values are not supported: use a constant object.",
    "class A { constructor(private x: number) {} }":
      "«private» Parameter properties are not supported: declare the field and assign it in the constructor.",
    'import fs = require("fs")':
      '«import fs = require("fs")» `import x = …` is not supported: write `import x from "…"`.',
    "export = 5": "«export = 5» `export =` is not supported: write `export default`.",
    "const x = <any>y": "«<any>y» Write this type assertion with `as`.",
    "@dec class A {}":
      "«@dec» Decorators are not supported. (Inside an expression, `@` is the matrix product.)",
    "class A {\n  @dec m() {}\n}":
      "«@dec» Decorators are not supported. (Inside an expression, `@` is the matrix product.)",
    "class A { accessor x = 1 }":
      "«accessor x = 1» Accessor fields are not supported: write a getter and a setter.",
    'const m = await import("torch")':
      '«import("torch")» `import()` is not available: import at the top of the file.',
    'import torch from -"torch"': '«-"torch"» String literal expected.',
    'export * from -"torch"': '«-"torch"» String literal expected.',
    "#print(model)": "«#print» Private field '#print' must be declared in an enclosing class.",
    "class A { #a = 1; m() { return class { n() { return this.#a + this.#b } } } }":
      "«#b» Private field '#b' must be declared in an enclosing class.",
    "new A() = 1":
      "«new A()» The left-hand side of an assignment expression must be a variable or a property access.",
    "f(2) += y":
      "«f(2)» The left-hand side of an assignment expression must be a variable or a property access.",
    "a.b() ??= 1":
      "«a.b()» The left-hand side of an assignment expression must be a variable or a property access.",
    "(a + b) &&= 1":
      "«a + b» The left-hand side of an assignment expression must be a variable or a property access.",
    "[a, f()] = [1, 2]":
      "«f()» The left-hand side of an assignment expression must be a variable or a property access.",
    "for (f() of x) {}":
      "«f()» The left-hand side of an assignment expression must be a variable or a property access.",
    "a?.b = 1":
      "«a?.b» The left-hand side of an assignment expression may not be an optional property access.",
    "f()++":
      "«f()» The operand of an increment or decrement operator must be a variable or a property access.",
    "const x = --5":
      "«5» The operand of an increment or decrement operator must be a variable or a property access.",
    "import.meta.url": "«import.meta» `import.meta` is not available here.",
    debugger: "«debugger» `debugger` has no effect here: hover over a value to see it.",
    "const $$ = 1": "«$$» Names that begin with `$$` are reserved.",
    "out($$1)": "«$$1» Names that begin with `$$` are reserved.",
    "function $$f(a, { b: $$c }) {}": "«$$f» Names that begin with `$$` are reserved.",
    "return 5": "«return 5» `return` stands only inside a function.",
    "out(arguments)": "«arguments» `arguments` exists only inside a function.",
    "for (using x = f(); ; ) {}": "«using x = f()» Declare what a loop is `using` before the loop.",
    "switch (1) { case 1: using x = f(); }":
      "«using x = f();» Put a `using` declaration into a block of its own here.",
  };
  for (const [program, expected] of Object.entries(cases)) {
    it(program, () => assert.equal(refusals(program)[0], expected));
  }
  it("with (x) y", () => assert.equal(refusals("with (x) y").length > 0, true));
  it("nesting beyond the stack", () => {
    const depth = 50_000;
    const messages = refusals(`${"[".repeat(depth)}${"]".repeat(depth)}`);
    assert.match(messages[0]!, /This program is nested too deeply\./);
  });
  it("half-typed at any character, it is refused or compiles", () => {
    const program =
      "import torch from 'torch'\nfor (const [a, b] of x) { y[a] ??= `$" +
      "{b?.c[0]}` as T; using z = -f(@)**2 }";
    for (let end = 0; end <= program.length; end++) refusals(program.slice(0, end));
  });
});
