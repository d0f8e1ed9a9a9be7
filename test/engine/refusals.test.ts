import assert from "node:assert/strict";
import torch from "../../engine/torch";
import vectors from "./vectors/refusals.json";

/** What Python would print for the call's result or its refusal, of a message the first line. */
function outcome(call: string): string {
  torch.manual_seed(0);
  try {
    const value: unknown = new Function("torch", `return ${call}`)(torch);
    return Array.isArray(value) ? `(${value.map(String).join(", ")})` : String(value);
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`.split("\n")[0];
  }
}

// Drawn from PyTorch by scripts/vectors/refusals.py.
describe("calls with wrong arguments", () => {
  for (const [call, expected] of vectors as [string, string][])
    it(`${call}: answered in PyTorch's words`, () => {
      assert.equal(outcome(call), expected);
    });
});
