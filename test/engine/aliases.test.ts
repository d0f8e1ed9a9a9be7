import assert from "node:assert/strict";
import torch from "../../engine/torch";
import vectors from "./vectors/aliases.json";

// Drawn from PyTorch by scripts/vectors/aliases.py.

type Method = (...args: unknown[]) => unknown;

const x = torch.tensor([
  [3, 1, 2],
  [4, 6, 5],
]);

const plain = (value: unknown): unknown =>
  value instanceof torch.Tensor ? value.tolist() : (value as unknown[]).map(plain);

/** Results to six digits, which is what float32 holds. */
const rounded = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === "number" ? Number(each.toPrecision(6)) : each));

describe("NumPy's names for keywords", () => {
  for (const { method, args, keywords, result } of vectors) {
    const call = () => (x as unknown as Record<string, Method>)[method](...args, keywords);
    it(`x.${method}(${[...args, JSON.stringify(keywords)].join(", ")}) ${result === null ? "is refused" : "is taken"}, as in PyTorch`, () => {
      if (result === null) assert.throws(call, TypeError);
      else assert.equal(rounded(plain(call())), rounded(result));
    });
  }
});
