import assert from "node:assert/strict";
import { describe as describeValue } from "../../src/trace/describe";

class Point {
  x = 1;
  y = 2;
}

const options = { maxChars: 60, maxItems: 4, maxDepth: 2, ownText: () => null };
const text = (value: unknown) => describeValue(value, options);

const shown: [what: string, value: unknown, text: string][] = [
  ["a number", 0.5, "0.5"],
  ["a negative zero", -0, "-0"],
  ["a bigint", 3n, "3n"],
  ["a string, quoted", 'say "a"', '"say \\"a\\""'],
  ["null", null, "null"],
  ["a list", [1, [2, 3]], "[1, [2, 3]]"],
  ["a long list, shortened", [1, 2, 3, 4, 5], "[1, 2, 3, 4, …]"],
  ["an object", { lr: 0.1, "a b": true }, '{ lr: 0.1, "a b": true }'],
  ["an instance with its class", new Point(), "Point { x: 1, y: 2 }"],
  ["a map", new Map([["a", 1]]), 'Map(1) { "a" => 1 }'],
  ["a set", new Set([1]), "Set(1) { 1 }"],
  ["a typed array", new Float32Array([1, 2]), "Float32Array [1, 2]"],
  ["an error", new RangeError("no"), "RangeError: no"],
  ["a function", Math.max, "[function max]"],
  ["a class", Point, "[class Point]"],
  ["deep nesting, cut", { a: { b: { c: 1 } } }, "{ a: { b: {…} } }"],
  ["long text, cut", "x".repeat(200), `"${"x".repeat(58)}…`],
];

describe("describe", () => {
  for (const [what, value, expected] of shown) {
    it(`shows ${what}`, () => assert.equal(text(value), expected));
  }

  it("does not run a getter", () => {
    const trap = {
      get boom(): number {
        throw new Error("ran");
      },
    };
    assert.equal(text(trap), "{ boom: [getter] }");
  });

  it("survives whatever throws when it is looked at", () => {
    const hostile = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error("no");
        },
      },
    );
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    assert.equal(text(hostile), "…");
    assert.equal(text([proxy]), "…");
  });

  it("ends on an object that holds itself", () => {
    const self: Record<string, unknown> = {};
    self["self"] = self;
    assert.equal(text(self), "{ self: { self: {…} } }");
  });
});
