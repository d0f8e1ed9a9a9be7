import assert from "node:assert/strict";
import { leafPieces } from "../../src/panel/model/pieces";
import { traced } from "../trace/traced";

/** Three passes, each followed by a step that takes a fifth of the weight away. */
const tracksOf = (weight: string) => {
  const { ask } = traced(`
    const w = ${weight};
    for (let i = 0; i < 3; i++) {
      (w * w).sum().backward();
      torch.no_grad(() => w.sub_(w.grad * 0.1));
      w.grad = null;
    }`);
  return leafPieces(ask({ kind: "leaves", have: [] })!)[0]!;
};
const rounded = (values: Float64Array) => [...values].map((value) => Number(value.toPrecision(5)));

describe("what the panel is told of a weight", () => {
  for (const [what, weight, columns] of [
    ["small", "torch.tensor([3, 4], { requires_grad: true })", ["[0]", "[1]", "∇ [0]", "∇ [1]"]],
    ["large", "torch.tensor([3, 4, ...Array(98).fill(0)], { requires_grad: true })", []],
  ] as const) {
    it(`is its statistics and how far each step moved it, of a ${what} one`, () => {
      const track = tracksOf(weight);
      const { norm, max, "∇ norm": gradNorm, "update ratio": moved } = track.columns;
      assert.deepEqual(rounded(norm), [5, 4, 3.2]);
      assert.deepEqual(rounded(max), [4, 3.2, 2.56]);
      assert.deepEqual(rounded(gradNorm), [10, 8, 6.4]);
      assert.deepEqual(rounded(moved), [0.2, 0.2, Number.NaN]);
      assert.deepEqual(rounded(track.histograms!).slice(0, 2), [what === "small" ? 3 : 0, 4]);
      const elements = Object.keys(track.columns).filter((name) => name.includes("["));
      assert.deepEqual(elements, columns);
    });
  }
});
