import assert from "node:assert/strict";
import torch from "../../engine/torch";
import vectors from "./vectors/tensor_calls.json";

/** What Python would print for the call's result or its refusal. */
function outcome(call: string): string {
  torch.manual_seed(0);
  try {
    const value: unknown = new Function("torch", `return ${call}`)(torch);
    if (Array.isArray(value)) return `(${value.map(String).join(", ")})`;
    return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message.split("\n")[0]}`;
  }
}

// Drawn from PyTorch by scripts/vectors/tensor_calls.py.
describe("calls that make, view, join and sample tensors", () => {
  for (const [call, printed] of vectors as [string, string][])
    it(`prints ${call} as PyTorch does`, () => {
      assert.equal(outcome(call), printed);
    });

  it("continues the stream from a saved state", () => {
    const state = torch.get_rng_state();
    const first = torch.rand(3);
    torch.set_rng_state(state);
    assert.ok(torch.rand(3).equal(first));
  });

  it("keeps gradients of overwritten values at 0, whatever arrives", () => {
    const x = torch.ones(2, { requires_grad: true });
    const y = x.mul(1).normal_();
    y.backward(torch.tensor([Number.POSITIVE_INFINITY, Number.NaN]));
    assert.equal(String(x.grad), "tensor([0., 0.])");
  });

  it("lets the shape of a tensor that was changed since serve its views' gradients", () => {
    const x = torch.ones(2, 2, { requires_grad: true });
    const y = x.mul(2);
    const row = y.select(0, 1).mul(1);
    y.add_(1);
    row.sum().backward();
    assert.equal(String(x.grad), "tensor([[0., 0.],\n        [2., 2.]])");
  });

  it("writes through views into the memory they share", () => {
    const x = torch.zeros(2, 3);
    x.diagonal().fill_(1);
    x.unfold(1, 2, 1).select(1, 1).select(1, 1).add_(5);
    x.as_strided([2], [3], 1).mul_(2);
    assert.equal(String(x), "tensor([[1., 0., 5.],\n        [0., 2., 5.]])");
  });
});
