import assert from "node:assert/strict";
import torch from "../../engine/torch";

const { nn } = torch;

describe("small networks", () => {
  it("have tensors that do not change each other, though they share memory", () => {
    const tensors = Array.from({ length: 500 }, (_, i) => torch.full([17 + (i % 60)], i));
    for (const [i, t] of tensors.entries()) if (i % 2 === 0) t.fill_(-1);
    for (const [i, t] of tensors.entries()) {
      const expected = i % 2 === 0 ? -1 : i;
      assert.ok(t.eq(expected).all().item(), `tensor ${i}`);
    }
    assert.ok(torch.zeros(100).eq(0).all().item());
  });

  it("run the layers that a sequence has now, not those of its first call", () => {
    const sequence = new nn.Sequential(new nn.Tanh());
    const x = torch.tensor([-2, 3]);
    sequence(x);
    sequence.append(new nn.ReLU());
    assert.equal(String(sequence(x)), "tensor([0.0000, 0.9951])");
    sequence[0] = new nn.Identity();
    assert.equal(String(sequence(x)), "tensor([0., 3.])");
    sequence.pop();
    assert.equal(String(sequence(x)), "tensor([-2.,  3.])");
    sequence.add_module("last", new nn.ReLU());
    assert.equal(String(sequence(x)), "tensor([0., 3.])");
  });

  it("gather what thousands of steps send to the same leaf and to leaves of their own", () => {
    const shared = torch.tensor(2, { requires_grad: true });
    const own = Array.from({ length: 3000 }, (_, i) => torch.tensor(i, { requires_grad: true }));
    const terms = own.map((leaf) => leaf.mul(shared));
    torch.stack(terms.reverse()).sum().backward();
    assert.equal(shared.grad!.item(), (2999 * 3000) / 2);
    assert.ok(own.every((leaf) => leaf.grad!.item() === 2));
  });

  it("give the same gradients whether they are differentiated in turn or not", () => {
    const x = torch.linspace(-2, 2, 9, { requires_grad: true });
    const target = torch.linspace(1, -1, 9);
    const losses = [
      () => torch.tanh(x).sum(),
      () => torch.sigmoid(x).sum(),
      () => nn.functional.mse_loss(x, target),
      () => nn.functional.mse_loss(target, x, { reduction: "sum" }),
    ];
    for (const loss of losses) {
      const [plain] = torch.autograd.grad(loss(), x);
      const [recorded] = torch.autograd.grad(loss(), x, { create_graph: true });
      assert.deepEqual(plain!.tolist(), recorded!.tolist());
    }
  });
});
