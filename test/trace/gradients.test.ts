import assert from "node:assert/strict";
import torch from "../../engine/torch";
import { traced } from "./traced";

describe("why a gradient is what it is", () => {
  it("is the sum of what each consumer sent back", () => {
    const { inspect } = traced(`
      const a = torch.tensor(2.0, { requires_grad: true });
      const b = torch.tensor(5.0, { requires_grad: true });
      const product = a * b;
      const sum = product + a;
      sum.backward();`);
    const { why } = inspect("a").tensor!;
    assert.equal(why!.sum, "tensor(6.)");
    const [fromSum, fromProduct] = why!.shares;
    assert.deepEqual(
      [fromSum!.gradFn, fromSum!.name, fromSum!.parameter, fromSum!.upstream, fromSum!.sent],
      ["AddBackward0", "sum", "other", "tensor(1.)", "tensor(1.)"],
    );
    assert.deepEqual(
      [fromProduct!.gradFn, fromProduct!.name, fromProduct!.formula, fromProduct!.sent],
      ["MulBackward0", "product", "grad · other", "tensor(5.)"],
    );
    assert.deepEqual(fromProduct!.uses, [
      { name: "other", variable: "b", site: null, text: "tensor(5.)", elements: 1 },
    ]);
  });

  it("stays with a tensor that keeps it, however many passes came after", () => {
    const { inspect } = traced(`
      const w = torch.ones(200, 200, { requires_grad: true });
      const kept = [];
      for (let step = 0; step < 8; step++) {
        const h = w * (step + 1);
        if (step === 0) h.retain_grad();
        kept.push(h);
        (h.relu() * 3).sum().backward();
      }
      const first = kept[0];`);
    assert.match(inspect("first").tensor!.grad!, /^tensor\(\[\[3\., 3\., 3\./);
  });

  it("is of the place that computed a variable, not of one that reads it", () => {
    const { inspect, siteOf } = traced(`
      const w = torch.tensor(3.0, { requires_grad: true });
      const y = w * 2;
      y;
      y.backward();`);
    assert.equal(inspect("w").tensor!.why!.shares[0]!.site, siteOf("y = w * 2"));
  });

  it("is of the line in a function that computed it, not of the call that returned it", () => {
    const { ask, siteOf } = traced(`
      const w = torch.tensor(3.0, { requires_grad: true });
      function model(x) { const half = x / 2; const squared = half * half; return squared; }
      const out = model(w);
      (out * 5).backward();`);
    const { shares, path } = ask({ kind: "inspect", site: siteOf("half") })!.tensor!.why!;
    assert.equal(shares[0]!.site, siteOf("squared"));
    const [nearest] = path;
    assert.deepEqual([nearest!.name, nearest!.binding], ["out", siteOf("out")]);
  });

  it("tells the way from where backward began, with the expressions that have no name", () => {
    const { inspect, siteOf } = traced(`
      const w = torch.tensor(3.0, { requires_grad: true });
      const loss = (w - 5) ** 2;
      loss.backward();`);
    const { shares, path } = inspect("w").tensor!.why!;
    assert.equal(shares[0]!.site, siteOf("w - 5"));
    assert.deepEqual(
      path.map(({ name, site, sum, isRoot }) => [name, site, sum, isRoot]),
      [
        [null, siteOf("w - 5"), "tensor(-4.)", false],
        ["loss", siteOf("loss"), "tensor(1.)", true],
      ],
    );
    const input = path[0]!.shares[0]!.uses.find(({ name }) => name === "input")!;
    assert.deepEqual([input.variable, input.site, input.text], [null, siteOf("w - 5"), "tensor(-2.)"]);
  });

  it("holds the numbers of the pass though the optimizer moved the weights since", () => {
    const { inspect, seen } = traced(`
      const w = torch.tensor([1.0, 2.0], { requires_grad: true });
      const x = torch.tensor([3.0, 4.0]);
      const opt = new optim.SGD([w], { lr: 0.1 });
      const y = (w * x) ** 2;
      const loss = y.sum();
      loss.backward();
      opt.step();`);
    const share = inspect("w").tensor!.why!.shares[0]!;
    assert.equal(share.uses[0]!.text, "tensor([3., 4.])");
    const inner = inspect("w * x").tensor!.why!.shares[0]!;
    assert.equal(inner.uses.find(({ name }) => name === "input")!.text, "tensor([3., 8.])");
    assert.equal(seen("w").value.text, "tensor([1., 2.])");
    assert.equal(inspect("x").tensor!.why, null);
  });

  it("tells over which dimensions a broadcast tensor's share was summed", () => {
    const { inspect } = traced(`
      const bias = torch.zeros(2, { requires_grad: true });
      const out = torch.ones(3, 2) * 2 + bias;
      out.sum().backward();`);
    const share = inspect("bias").tensor!.why!.shares[0]!;
    assert.deepEqual([share.computedShape, share.summedOver], [[3, 2], [0]]);
    assert.equal(share.sent, "tensor([3., 3.])");
  });

  it("names a gradient that earlier passes left", () => {
    const { inspect } = traced(`
      const w = torch.tensor(1.0, { requires_grad: true });
      (w * 2).backward();
      (w * 3).backward();`);
    const { why, grad } = inspect("w").tensor!;
    assert.deepEqual([why!.sum, why!.accumulated, grad], ["tensor(3.)", "tensor(5.)", "tensor(5.)"]);
  });

  it("begins with one where backward was called", () => {
    const { inspect } = traced(
      "const x = torch.tensor(1.0, { requires_grad: true });\nconst y = x * 4;\ny.backward();",
    );
    assert.equal(inspect("y").tensor!.why!.isRoot, true);
    assert.equal(inspect("x").tensor!.why!.isRoot, false);
  });

  it("does not keep alive what a program's own list of losses would have let go", () => {
    const { inspect } = traced(`
      const w = torch.ones(1000, { requires_grad: true });
      const losses = [];
      for (let i = 0; i < 3; i++) { const loss = (w * w).sum(); loss.backward(); losses.push(loss); }`);
    assert.equal(inspect("loss").tensor!.why!.isRoot, true);
  });
});

describe("what a statement did to the training", () => {
  it("lists the leaves that backward reached, by name", () => {
    const { seen } = traced(`
      const model = new nn.Sequential(new nn.Linear(1, 1), new nn.Tanh());
      const scale = torch.tensor(2.0, { requires_grad: true });
      const out = (model(torch.ones(1, 1)) * scale).sum();
      out.backward();`);
    const { event } = seen("out.backward()");
    assert.equal(event!.kind, "backward");
    assert.deepEqual(event!.kind === "backward" && event!.leaves.map(({ name }) => name).sort(), [
      "model.0.bias",
      "model.0.weight",
      "scale",
    ]);
  });

  it("calls a leaf after the variable that held it, though that was given another since", () => {
    const { seen, ask } = traced(`
      let v = torch.ones(2, 2).requires_grad_();
      for (let i = 0; i < 3; i++) {
        (v * v).sum().backward();
        v = torch.no_grad(() => v - 0.3 * v.grad).requires_grad_();
      }`);
    const { event } = seen("(v * v).sum().backward()");
    assert.ok(event?.kind === "backward");
    assert.deepEqual(
      event.leaves.map(({ name }) => name),
      ["v"],
    );
    const { leaves } = ask({ kind: "leaves", have: [] })!;
    assert.deepEqual(
      leaves.map(({ name }) => name),
      ["v", "v", "v"],
    );
  });

  it("calls a leaf as the program does, not as a function that it is given to", () => {
    const { seen } = traced(`
      function square(input) { const t = input; return t * t; }
      const w = torch.tensor(2.0, { requires_grad: true });
      square(w).backward();`);
    const { event } = seen("square(w).backward()");
    assert.ok(event?.kind === "backward");
    assert.equal(event.leaves[0]!.name, "w");
  });

  it("tells how far each parameter moved", () => {
    const { seen } = traced(`
      const w = torch.tensor([3.0, 4.0], { requires_grad: true });
      const opt = new optim.SGD([w], { lr: 1 });
      for (let i = 0; i < 2; i++) { opt.zero_grad(); (w * w / 2).sum().backward(); opt.step(); }`);
    const { event } = seen("opt.step()");
    assert.ok(event?.kind === "step");
    assert.deepEqual(event.moved, [{ name: "w", shape: [2], change: "tensor([0., 0.])", distance: 0 }]);
  });

  it("shows what an in-place line changed", () => {
    const { seen } = traced(`
      const x = torch.ones(2);
      x.add_(1);
      x.mul_(3);`);
    assert.deepEqual(
      [seen("x.add_(1)").before, seen("x.add_(1)").value.text],
      ["tensor([1., 1.])", "tensor([2., 2.])"],
    );
    assert.equal(seen("x.mul_(3)").before, "tensor([2., 2.])");
  });
});

describe("facts of a training", () => {
  const training = (source: string) => traced(source).ask({ kind: "training" })!;

  it("name parameters that never received a gradient", () => {
    const { leaves } = training(`
      const used = torch.ones(1, { requires_grad: true });
      const unused = torch.ones(1, { requires_grad: true });
      used.sum().backward();`);
    assert.deepEqual(
      leaves.map(({ name, received }) => [name, received]),
      [
        ["used", 1],
        ["unused", 0],
      ],
    );
  });

  it("tell gradients that pile up because nothing zeroes them, but not those meant to", () => {
    const loop = (body: string) => `
      const w = torch.tensor(1.0, { requires_grad: true });
      const opt = new optim.SGD([w], { lr: 0.1 });
      for (let i = 0; i < 4; i++) { ${body} }`;
    const stale = (body: string) => training(loop(body)).leaves[0]!.accumulatedStale;
    assert.equal(stale("(w * 2).backward(); opt.step();"), 3);
    assert.equal(stale("opt.zero_grad(); (w * 2).backward(); opt.step();"), 0);
    assert.equal(stale("(w * 2).backward(); opt.step(); opt.zero_grad({ set_to_none: false });"), 0);
    assert.equal(stale("(w * 2).backward();"), 0);
  });

  it("find the first NaN at the operation that made it", () => {
    const program = traced(`
      const x = torch.tensor([1.0, -1.0], { requires_grad: true });
      for (let i = 0; i < 3; i++) { const bad = (x - i).log(); const loss = bad.sum(); }`);
    const { nan } = program.ask({ kind: "training" })!;
    assert.deepEqual([nan!.visit, nan!.gradFn], [1, "LogBackward0"]);
    assert.equal(nan!.site, program.siteOf("bad"));
  });

  it("give what went into the operation that made the first NaN, as it was then", () => {
    const { nan } = training(`
      const x = torch.tensor([1.0, -1.0], { requires_grad: true });
      const shifted = x - 1;
      const bad = shifted.log();
      torch.no_grad(() => { x.zero_(); });`);
    assert.deepEqual(
      nan!.inputs.map(({ name, text, isNonFinite }) => [name, text, isNonFinite]),
      [["shifted", "tensor([ 0., -2.])", false]],
    );
  });

  it("tell what PyTorch would warn of, once, at the loss that broadcasts", () => {
    const loop =
      "for (let i = 0; i < 3; i++) { const loss = new nn.MSELoss()(torch.ones(2, 1), torch.ones(2)); }";
    const { warnings } = training(loop);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!.message,
      /^Using a target size \(torch\.Size\(\[2\]\)\) that is different to the input size/,
    );
  });

  it("tell the optimizers and what they have", () => {
    const { optimizers, leaves } = training(`
      const [a, b] = [torch.ones(1, { requires_grad: true }), torch.ones(1, { requires_grad: true })];
      const opt = new optim.SGD([a], { lr: 0.1 });
      a.add(b).backward();`);
    assert.deepEqual(
      optimizers.map(({ name }) => name),
      ["opt"],
    );
    assert.deepEqual(
      leaves.map(({ name, optimized }) => [name, optimized]),
      [
        ["a", true],
        ["b", false],
      ],
    );
  });

  it("give the loss's course and which sites are losses", () => {
    const { losses, passes } = training(`
      const w = torch.tensor(2.0, { requires_grad: true });
      const opt = new optim.SGD([w], { lr: 0.1 });
      for (let i = 0; i < 3; i++) { opt.zero_grad(); const loss = w * w; loss.backward(); opt.step(); }`);
    assert.equal(passes, 3);
    assert.deepEqual([losses[0]!.first, losses[0]!.count], [4, 3]);
    assert.ok(losses[0]!.last < 2);
  });
});

describe("gradients whose memory later passes use again", () => {
  /** The gradient of `h` in an iteration of the program below. */
  function gradientOf(i: number): string {
    torch.manual_seed(0);
    const h = torch.randn(96, 96).mul(i + 1);
    h.requires_grad_();
    const [grad] = torch.autograd.grad(h.tanh().mul(h).sum(), [h]);
    return grad!.formatValue();
  }

  it("stay what they were at every site that still shows them", () => {
    const { inspect } = traced(`
      torch.manual_seed(0);
      const w = torch.randn(96, 96).requires_grad_();
      let first, second, loss;
      for (let i = 0; i < 8; i++) {
        const h = w * (i + 1);
        if (i === 0) first = h;
        loss?.item();
        if (i === 1) second = h.tanh() * h;
        loss = (h.tanh() * h).sum();
        loss.backward();
        if (i === 1) second.sum().backward();
        h.shape;
      }`);
    assert.equal(inspect("first = h").tensor!.grad, gradientOf(0));
    assert.equal(inspect("h = w * (i + 1)").tensor!.grad, gradientOf(7));
    assert.equal(inspect("second = h.tanh() * h").tensor!.grad, torch.ones(96, 96).formatValue());
  });
});
