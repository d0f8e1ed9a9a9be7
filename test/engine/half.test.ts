import assert from "node:assert/strict";
import { decodeSafetensors, encodeSafetensors } from "../../engine/io/safetensors";
import { pythonStr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import vectors from "./vectors/half.json";

// Drawn from PyTorch by scripts/vectors/half.py.

/** What Python would print for the call's result or its refusal, of a message the first line. */
function outcome(call: string): string {
  torch.manual_seed(0);
  try {
    return pythonStr(new Function("torch", `return ${call}`)(torch));
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`.split("\n")[0];
  }
}

/** As in the script. */
function gradients(dtype: typeof torch.float16): string[] {
  torch.manual_seed(1);
  const w = torch.randn(3, 4).to(dtype).requires_grad_();
  const x = torch.randn(2, 4).to(dtype);
  x.matmul(w.t()).tanh().pow(2).mean().backward();
  const first = String(w.grad);
  w.grad = null;
  const loss = torch.nn.functional.cross_entropy(x.matmul(w.t()).relu(), torch.tensor([0n, 2n]));
  loss.backward();
  const v = torch.randn(3, { requires_grad: true });
  v.to(dtype).mul(2).sum().backward();
  const u = torch.randn(3).to(dtype).requires_grad_();
  u.float().mul(0.1).sum().backward();
  return [first, String(loss), String(w.grad), String(v.grad), String(u.grad)];
}

describe("half precision", () => {
  for (const [call, expected] of vectors.calls)
    it(`${call}: printed as in PyTorch`, () => {
      assert.equal(outcome(call), expected);
    });

  for (const name of ["float16", "bfloat16"] as const)
    it(`${name}: differentiated as in PyTorch`, () => {
      assert.deepEqual(gradients(torch[name]), vectors.gradients[name]);
    });

  it("is what modules are converted to", () => {
    const model = new torch.nn.Sequential(new torch.nn.Linear(2, 2), new torch.nn.BatchNorm1d(2));
    const dtypes = () => [...new Set([...model.state_dict().values()].map(({ dtype }) => String(dtype)))];
    assert.deepEqual(dtypes.call(model.half()), ["torch.float16", "torch.int64"]);
    assert.deepEqual(dtypes.call(model.bfloat16()), ["torch.bfloat16", "torch.int64"]);
    assert.equal(String(model(torch.ones(2, 2).bfloat16()).dtype), "torch.bfloat16");
  });

  it("is saved in two bytes an element, and loaded as it was", () => {
    const saved = ["float16", "bfloat16"] as const;
    for (const name of saved) {
      const values = torch.tensor([0, -0.1, 1, 65504, 6e-8, Number.POSITIVE_INFINITY, Number.NaN], {
        dtype: torch[name],
      });
      const file = encodeSafetensors([["x", values]]);
      assert.equal(String(decodeSafetensors(file).get("x")), String(values));
      assert.match(String.fromCharCode(...file), name === "float16" ? /"F16".*\[0,14\]/ : /"BF16".*\[0,14\]/);
    }
  });
});
