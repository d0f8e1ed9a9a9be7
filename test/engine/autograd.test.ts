import assert from "node:assert/strict";
import torch from "../../engine/torch";
import { refusal } from "./refusal";

type Tensor = InstanceType<typeof torch.Tensor>;

/** A leaf that asks for its gradient. */
const leaf = (data: number | number[] | number[][]) => torch.tensor(data, { requires_grad: true });
const shown = (value: unknown) => String(value);

describe("backward", () => {
  it("adds to the gradient of leaves and leaves that of others alone", () => {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.sum().backward();
    y.sum().backward();
    assert.equal(shown(x.grad), "tensor([6., 6.])");
    assert.equal(y.grad, null);
  });

  it("keeps the gradient of a non-leaf that asked for it", () => {
    const y = leaf([1, 2]).mul(3);
    y.retain_grad();
    y.mul(y).sum().backward();
    assert.equal(shown(y.grad), "tensor([ 6., 12.])");
  });

  it("sums the gradient over what was broadcast", () => {
    const row = leaf([1, 2, 3]);
    const single = leaf(2);
    torch.ones(2, 3).mul(row).mul(single).sum().backward();
    assert.equal(shown(row.grad), "tensor([4., 4., 4.])");
    assert.equal(shown(single.grad), "tensor(12.)");
  });

  it("gives each leaf a gradient of its own memory", () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    a.add(b).sum().backward();
    a.grad!.zero_();
    assert.equal(shown(b.grad), "tensor([1., 1.])");
  });

  it("refuses a second walk through a freed graph, and allows it with retain_graph", () => {
    const x = leaf([1, 2]);
    const kept = x.mul(x).sum();
    kept.backward({ retain_graph: true });
    kept.backward();
    assert.equal(shown(x.grad), "tensor([4., 8.])");
    assert.match(
      refusal(() => kept.backward()),
      /^RuntimeError: Trying to backward through the graph a second time/,
    );
  });

  it("starts from the given gradient, and needs one for several elements", () => {
    const x = leaf([1, 2]);
    x.mul(2).backward(torch.tensor([1, 10]));
    assert.equal(shown(x.grad), "tensor([ 2., 20.])");
    assert.equal(
      refusal(() => x.mul(2).backward()),
      "RuntimeError: grad can be implicitly created only for scalar outputs",
    );
    assert.equal(
      refusal(() => x.mul(2).backward(torch.ones(3))),
      "RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a shape of torch.Size([2]).",
    );
  });

  it("refuses a tensor without history", () => {
    assert.equal(
      refusal(() => torch.ones([]).backward()),
      "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn",
    );
  });

  it("walks a chain of 10⁵ steps without a stack overflow", () => {
    const x = leaf(0);
    let y: Tensor = x;
    for (let i = 0; i < 1e5; i++) y = y.add(1);
    y.backward();
    assert.equal(shown(x.grad), "tensor(1.)");
  });

  it("calls hooks in order and lets them replace the gradient", () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const first = y.register_hook((grad) => grad.mul(10));
    y.register_hook((grad) => grad.add(1));
    y.sum().backward();
    assert.equal(shown(x.grad), "tensor([22., 22.])");
    first.remove();
    x.grad = null;
    x.mul(2).sum().backward();
    assert.equal(shown(x.grad), "tensor([2., 2.])");
  });
});

describe("autograd.grad", () => {
  it("gives gradients without touching .grad, also of gradients", () => {
    const x = leaf(3);
    const [first] = torch.autograd.grad(x.pow(3), x, { create_graph: true });
    const [second] = torch.autograd.grad(first!, x);
    assert.deepEqual(
      [shown(first), shown(second), x.grad],
      ["tensor(27., grad_fn=<MulBackward0>)", "tensor(18.)", null],
    );
  });

  it("says which input was not used", () => {
    const x = leaf(3);
    const unused = leaf(1);
    assert.match(
      refusal(() => torch.autograd.grad(x.mul(2), unused)),
      /appears to not have been used in the graph/,
    );
    assert.deepEqual(torch.autograd.grad(x.mul(2), unused, { allow_unused: true }), [null]);
  });
});

describe("changes in place", () => {
  it("refuses a leaf that asks for its gradient, and a view of one", () => {
    const x = leaf([1, 2]);
    assert.equal(
      refusal(() => x.add_(1)),
      "RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.",
    );
    assert.equal(
      refusal(() => x.select(0, 0).mul_(2)),
      "RuntimeError: a view of a leaf Variable that requires grad is being used in an in-place operation.",
    );
    torch.no_grad(() => x.add_(1));
    assert.equal(shown(x), "tensor([2., 3.], requires_grad=True)");
  });

  it("notices that a saved tensor changed", () => {
    const x = leaf([1, 2]);
    const y = x.exp();
    const z = y.sum();
    y.add_(1);
    assert.equal(
      refusal(() => z.add(y.sum()).backward()),
      "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation: [torch.FloatTensor [2]], which is output 0 of Exp, is at version 1; expected version 0 instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).",
    );
  });

  it("does not mind where only the other factor needs a gradient", () => {
    const w = leaf([1, 2]);
    const data = torch.tensor([3, 4]);
    const loss = w.mul(data).sum();
    torch.no_grad(() => w.sub_(1));
    loss.backward();
    assert.equal(shown(w.grad), "tensor([3., 4.])");
  });

  it("differentiates a chain of them by the old values", () => {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    y.mul_(3).pow_(2);
    y.sum().backward();
    assert.equal(shown(x.grad), "tensor([18., 36.])");
  });

  it("passes the gradient around what a view overwrote", () => {
    const x = leaf([
      [1, 2],
      [3, 4],
    ]);
    const y = x.mul(2);
    y.select(0, 0).fill_(7);
    y.select(1, 1).mul_(10);
    assert.equal(shown(y), "tensor([[ 7., 70.],\n        [ 6., 80.]], grad_fn=<CopySlices>)");
    y.sum().backward();
    assert.equal(shown(x.grad), "tensor([[ 0.,  0.],\n        [ 2., 20.]])");
  });

  it("gives a view the history of its changed base", () => {
    const y = leaf([1, 2]).mul(2);
    const first = y.select(0, 0);
    assert.equal(first.grad_fn!.name(), "SelectBackward0");
    y.mul_(5);
    assert.equal(shown(first), "tensor(10., grad_fn=<AsStridedBackward0>)");
    assert.equal(first.grad_fn!.next_functions[0][0]!.name(), "MulBackward0");
  });

  it("lets a view of several made at once, or one made in no_grad, not be changed", () => {
    const y = leaf([1, 2]).mul(2);
    const [first] = y.unbind();
    assert.match(
      refusal(() => first.mul_(2)),
      /This view is the output of a function that returns multiple views/,
    );
    const quiet = torch.no_grad(() => y.view(2, 1));
    assert.match(
      refusal(() => quiet.mul_(2)),
      /A view was created in no_grad mode and is being modified inplace/,
    );
  });

  it("copies, zeroes and fills with the gradients PyTorch gives", () => {
    const source = leaf([1, 2]);
    const target = leaf([5, 6]).mul(1);
    target.copy_(source);
    assert.equal(target.grad_fn!.name(), "torch::autograd::CopyBackwards");
    target.mul(3).sum().backward();
    assert.equal(shown(source.grad), "tensor([3., 3.])");
    assert.equal(leaf([1]).mul(2).zero_().grad_fn!.name(), "ZeroBackward0");
  });
});

describe("doing without", () => {
  it("records nothing in no_grad, and again in enable_grad", () => {
    const x = leaf([1]);
    assert.equal(torch.no_grad(() => x.mul(2)).requires_grad, false);
    assert.equal(torch.no_grad(() => torch.enable_grad(() => x.mul(2))).requires_grad, true);
  });

  it("restores the mode when the body throws, and at the end of a block with `using`", () => {
    refusal(() =>
      torch.no_grad(() => {
        throw new Error("inside");
      }),
    );
    assert.equal(torch.is_grad_enabled(), true);
    const guard = torch.no_grad();
    assert.equal(torch.is_grad_enabled(), false);
    guard[Symbol.dispose]();
    assert.equal(torch.is_grad_enabled(), true);
  });

  it("refuses gradients of integers and flags on computed tensors", () => {
    assert.equal(
      refusal(() => torch.tensor([1n]).requires_grad_()),
      "RuntimeError: only Tensors of floating point dtype can require gradients",
    );
    assert.match(
      refusal(() => leaf(1).mul(2).requires_grad_(false)),
      /you can only change requires_grad flags of leaf variables/,
    );
  });
});

describe("arguments", () => {
  it("come positional, as keywords, or mixed", () => {
    const x = torch.tensor([
      [1, 2],
      [3, 4],
    ]);
    for (const sum of [x.sum(1, true), x.sum({ dim: 1, keepdim: true }), torch.sum(x, 1, { keepdim: true })])
      assert.equal(shown(sum), "tensor([[3.],\n        [7.]])");
    assert.deepEqual(torch.ones(2, 3).shape, torch.ones([2, 3]).shape);
  });

  it("are refused in PyTorch's words", () => {
    const x = torch.ones(2, 2);
    const call = (f: unknown, ...args: unknown[]) =>
      refusal(() => (f as (...a: unknown[]) => unknown)(...args));
    assert.equal(
      call(torch.mm, x, 3),
      "TypeError: mm(): argument 'mat2' (position 2) must be Tensor, not int",
    );
    assert.equal(
      refusal(() => (x.mm as (a: unknown) => unknown)(3)),
      "TypeError: mm(): argument 'mat2' (position 1) must be Tensor, not int",
    );
    assert.equal(call(torch.mm, x), 'TypeError: mm() missing 1 required positional arguments: "mat2"');
    assert.equal(
      call(torch.ones, "a"),
      "TypeError: ones(): argument 'size' (position 1) must be tuple of ints, not str",
    );
    assert.equal(
      call(torch.mm, x, x, { foo: 1 }),
      "TypeError: mm() got an unexpected keyword argument 'foo' (its arguments are: input, mat2)",
    );
    assert.equal(
      call(torch.mm, torch.ones(2, 3), torch.ones(4, 5)),
      "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)",
    );
  });
});

describe("indexing", () => {
  const x = torch.arange(12).reshape(3, 4);
  const cases: [unknown[], string][] = [
    [[0], "tensor([0, 1, 2, 3])"],
    [[-1, 1], "tensor(9)"],
    [["1:3", ":2"], "tensor([[4, 5],\n        [8, 9]])"],
    [["...", -1], "tensor([ 3,  7, 11])"],
    [["::2", 0], "tensor([0, 8])"],
    [[null, 0], "tensor([[0, 1, 2, 3]])"],
    [[x.gt(8)], "tensor([ 9, 10, 11])"],
    [
      [
        [0, 2],
        [1, 3],
      ],
      "tensor([ 1, 11])",
    ],
    [[torch.slice(1, 3), torch.tensor([0n, 0n])], "tensor([[4, 4],\n        [8, 8]])"],
  ];
  for (const [indices, expected] of cases) {
    it(`x[${indices.join(", ")}] gives what Python gives`, () => {
      assert.equal(shown(x.index(...(indices as number[]))), expected);
    });
  }

  it("writes numbers, rows and masks in place", () => {
    const t = torch.zeros(2, 3);
    t.__setitem__([0], 1);
    t.__setitem__([1, "1:"], torch.tensor([5, 6]));
    t.__setitem__([t.eq(0)], -1);
    assert.equal(shown(t), "tensor([[ 1.,  1.,  1.],\n        [-1.,  5.,  6.]])");
  });

  it("says what is out of bounds, too many or no index at all", () => {
    assert.equal(
      refusal(() => x.index(5)),
      "IndexError: index 5 is out of bounds for dimension 0 with size 3",
    );
    assert.equal(
      refusal(() => x.index(0, 0, 0)),
      "IndexError: too many indices for tensor of dimension 2",
    );
    assert.match(
      refusal(() => x.index("one")),
      /"one" is not an index/,
    );
  });
});
