import assert from "node:assert/strict";
import { seenValues } from "../../src/extension/seenValues";
import type { Outcome, Trace, ValueSummary } from "../../src/trace/model";

const tensor: ValueSummary = {
  kind: "tensor",
  text: "tensor([1., 1.])",
  shape: [2],
  dtype: "torch.float32",
  requiresGrad: false,
  gradFn: null,
  grad: null,
};

function valuesOf(value: ValueSummary, outcome: Outcome = { kind: "done", elapsedMs: 1 }) {
  const trace = {
    sites: [{ kind: "binding", start: 6, end: 11, line: 0 }],
    seen: new Map([[0, { count: 1, value }]]),
    outcome,
  };
  return seenValues(trace as unknown as Trace);
}

describe("what the language service is told of a run", () => {
  it("is each tensor's shape and type", () => {
    assert.deepEqual(valuesOf(tensor), [{ start: 6, end: 11, shape: [2], label: "(2,) float32" }]);
  });

  it("is the names in a mapping, as far as they are shown", () => {
    const text = 'Map(4) { "0.weight" => tensor([[1.]]), "0.bias" => tensor([0.…';
    assert.deepEqual(valuesOf({ kind: "plain", text })[0]?.keys, ["0.weight", "0.bias"]);
    assert.deepEqual(valuesOf({ kind: "plain", text: '"a" => 1' }), []);
  });

  it("is which value the run failed at", () => {
    const error = { name: "RuntimeError", message: "ambiguous", start: 6, end: 11 };
    assert.equal(valuesOf(tensor, { kind: "failed", error, elapsedMs: 1 })[0]?.failed, true);
  });
});
