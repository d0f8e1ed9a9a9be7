import assert from "node:assert/strict";
import { errorsOf } from "./programs";

const preamble = `import torch, { Tensor } from "torch";
declare let x: Tensor, w: Tensor, n: number, big: bigint, s: string, a: any, flag: boolean, list: number[];
declare let either: Tensor | number, literal: 1 | 2;
declare let onlyReflected: { __rsub__(other: string): Date };
declare let readOnly: { __getitem__(index: number): string };
declare let table: { __getitem__(row: string): Date; __setitem__(rows: string[], value: Date): void; size: 3 };
declare let overloaded: { __add__(other: number): Map<1, 2>; __add__(other: string): RegExp; __add__<T>(other: T[]): T };
`;

/** The type of an expression, as TypeScript writes it, or its errors. */
function typeOf(expression: string): string {
  // An object with a property of another type gives an error that names the expression's type.
  const program = `${preamble}const probe: { readonly "a probe": unique symbol } = (${expression});`;
  const errors = errorsOf(program);
  const probe =
    /^TS\d+ «probe» (?:Type '(.+?)' is not assignable|Property '"a probe"' is missing in type '(.+?)' but)/;
  const found = errors.map((error) => probe.exec(error)).find((match) => match !== null);
  const others = errors.filter((error) => !probe.test(error));
  if (others.length > 0) return others.join("\n");
  return found?.[1] ?? found?.[2] ?? "any";
}

/** The errors of statements. */
function errors(statements: string): string[] {
  return errorsOf(preamble + statements);
}

function describeTypes(rows: [expression: string, type: string][]) {
  for (const [expression, type] of rows) {
    it(`${expression} is ${type}`, () => assert.equal(typeOf(expression), type));
  }
}

describe("operators on tensors", () => {
  describe("have the type of the protocol method's result", () => {
    describeTypes([
      ["x + w", "Tensor"],
      ["x + 1", "Tensor"],
      ["1 + x", "Tensor"],
      ["1 - x", "Tensor"],
      ["2 ** x", "Tensor"],
      ["1 / x", "Tensor"],
      ["x % 2", "Tensor"],
      ["w @ x", "Tensor"],
      ["w @ x * 2 + 1", "Tensor"],
      ["-x", "Tensor"],
      ["+x", "Tensor"],
      ["-x ** 2", "Tensor"],
      ["~x", "Tensor"],
      ["x > 0", "Tensor"],
      ["x > 0 & x < 1", "Tensor"],
      ["true & x", "Tensor"],
      ["0 < x", "Tensor"],
      ["x <= w", "Tensor"],
      ["x >= true", "Tensor"],
      ["x.grad * 2", "Tensor"],
      ["(x @ w).item()", "number"],
      ["overloaded + 1", "Map<1, 2>"],
      ['overloaded + "a"', "RegExp"],
      ["overloaded + [new Date()]", "Date"],
      ['"a" - onlyReflected', "Date"],
    ]);
  });

  describe("resolve each member of a union", () => {
    describeTypes([
      ["either + 1", "number | Tensor"],
      ["either * either", "number | Tensor"],
      ["-either", "number | Tensor"],
      ["x - either", "Tensor"],
      ["x * literal", "Tensor"],
      ["either < 1", "boolean | Tensor"],
    ]);
    it("of a type parameter's constraint", () => {
      const program =
        "function f<T extends Tensor | number>(t: T) { return t * 2; }\nf(x) satisfies Tensor | number;";
      assert.deepEqual(errors(program), []);
    });
  });

  describe("leave TypeScript's own meaning alone", () => {
    describeTypes([
      ["n * 2", "number"],
      ["n ** 2", "number"],
      ["-n ** 2", "number"],
      ["~n & 3 | n", "number"],
      ["big & big", "bigint"],
      ["big * 2n", "bigint"],
      ["s + n", "string"],
      ["n < 2", "boolean"],
      ["s < s", "boolean"],
      ["x === w", "boolean"],
      ["list[0]", "number"],
      ['"loss: " + x', "string"],
      ["a + s", "string"],
    ]);
    it("in error messages", () => {
      assert.deepEqual(errors("n * s;"), [
        "TS2363 «s» The right-hand side of an arithmetic operation must be of type 'any', 'number', 'bigint' or an enum type.",
      ]);
      assert.deepEqual(errors("list[0, 1];"), [
        "TS2695 «0» Left side of comma operator is unused and has no side effects.",
      ]);
      assert.deepEqual(errors("n < s;"), [
        "TS2365 «n < s» Operator '<' cannot be applied to types 'number' and 'string'.",
      ]);
    });
  });

  describe("on an untyped value give what the other operand gives, or any", () => {
    describeTypes([
      ["a * 2", "any"],
      ["2 - a", "any"],
      ["-a", "any"],
      ["a @ a", "any"],
      ["a < 1", "any"],
      ["a * x", "Tensor"],
      ["x * a", "Tensor"],
      ["x @ a", "Tensor"],
      ["a @ x", "any"],
      ["a[0, 1]", "any"],
    ]);
  });

  describe("that do not fit are one error at the operator's expression", () => {
    const rows: [string, string, string][] = [
      ['x + "a"', "Tensor", "string"],
      ["x * [1, 2]", "Tensor", "number[]"],
      ["x @ 2", "Tensor", "number"],
      ["2 @ x", "number", "Tensor"],
      ["n @ n", "number", "number"],
      ["x + {}", "Tensor", "{}"],
      ['"a" * x', "string", "Tensor"],
      ['x < "a"', "Tensor", "string"],
      ["either + list", "number | Tensor", "number[]"],
    ];
    for (const [expression, left, right] of rows) {
      it(expression, () => {
        const operator = /[+*@<]/.exec(expression)?.[0];
        assert.deepEqual(errors(`${expression};`), [
          `TS2365 «${expression}» Operator '${operator}' cannot be applied to types '${left}' and '${right}'.`,
        ]);
      });
    }
  });

  describe("as compound assignments", () => {
    for (const statement of [
      "x += 1",
      "x -= w",
      "x *= 2",
      "x /= 2",
      "x %= 2",
      "x **= 2",
      "x &= true",
      "either *= 2",
      "a += x",
      "n += 1",
    ]) {
      it(`${statement} is accepted`, () => assert.deepEqual(errors(`${statement};`), []));
    }
    it("refuse an operand in place", () => {
      assert.deepEqual(errors('x += "a";'), [
        "TS2365 «x += \"a\"» Operator '+=' cannot be applied to types 'Tensor' and 'string'.",
      ]);
    });
    it("refuse a result that the variable cannot hold", () => {
      assert.deepEqual(errors("n += x;"), ["TS2322 «n» Type 'Tensor' is not assignable to type 'number'."]);
    });
    it("refuse to assign a constant", () => {
      assert.deepEqual(errors("const c = x * 2; c *= 2;"), [
        "TS2588 «c» Cannot assign to 'c' because it is a constant.",
      ]);
    });
  });

  it("take a tensor as a condition", () => {
    const program =
      "if (x > 0 && w < 1 || !x) print(x ? 1 : 2); while (x > 0) x = x - 1; do x -= 1; while (x);";
    assert.deepEqual(errors(program), []);
  });

  it("keep a tensor's type after it was tested", () => {
    assert.deepEqual(errors("if (!x) x.item(); else x.item();"), []);
  });
});

describe("indexing", () => {
  describe("asks __getitem__", () => {
    describeTypes([
      ["x[0]", "Tensor"],
      ["x[0, 1]", "Tensor"],
      ['x["1:3", ":"]', "Tensor"],
      ['x["...", -1]', "Tensor"],
      ["x[x > 0]", "Tensor"],
      ["x[null]", "Tensor"],
      ["x[[0, 2]]", "Tensor"],
      ["x?.[0, 1]", "Tensor"],
      ["x[0][1] * 2", "Tensor"],
      ["readOnly[0]", "string"],
      ['table["a"]', "Date"],
    ]);
  });

  describe("keeps the names of properties and symbols", () => {
    describeTypes([
      ['x["requires_grad"]', "boolean"],
      ['table["size"]', "number"],
      ["x[Symbol.iterator]()", "Iterator<Tensor, any, any>"],
    ]);
  });

  it("refuses an index that __getitem__ does not take, at that index", () => {
    assert.deepEqual(errors("x[0, {}];"), ["TS2538 «{}» Type '{}' cannot be used as an index type."]);
    assert.deepEqual(errors('readOnly["a"];'), [
      "TS2538 «\"a\"» Type 'string' cannot be used as an index type.",
    ]);
    assert.deepEqual(errors("readOnly[0, 1];"), [
      "TS2538 «0, 1» Type '[number, number]' cannot be used as an index type.",
    ]);
  });

  it("assigns what __setitem__ takes", () => {
    const program =
      'x[0, 1] = 5; x["1:3", ":"] = w; x[x > 0] *= 2; [x[0], x[1]] = [1, w]; table["a"] = new Date();';
    assert.deepEqual(errors(program), []);
  });

  it("refuses a value that __setitem__ does not take", () => {
    assert.deepEqual(errors('x[0] = "a";'), [
      "TS2322 «x[0]» Type 'string' is not assignable to type 'number | Tensor'.",
    ]);
  });

  it("refuses an index that __setitem__ does not take", () => {
    assert.deepEqual(errors("table[5] = new Date();"), [
      "TS2538 «5» Type 'number' cannot be used as an index type.",
    ]);
  });

  it("refuses to assign where only reading is declared", () => {
    assert.deepEqual(errors('readOnly[0] = "a";'), [
      "TS2542 «readOnly[0]» Index signature in type '{ __getitem__(index: number): string; }' only permits reading.",
    ]);
  });

  it("iterates with for…of", () => {
    assert.deepEqual(errors("for (const row of x) row @ w;"), []);
  });
});
