import assert from "node:assert/strict";
import { traced } from "./traced";

describe("going back to an iteration of a loop", () => {
  it("shows each line as it was then, scalars, tensors, numbers and strings", () => {
    const { thenSaw } = traced(`
      let w = torch.tensor([1.0, 2.0], { requires_grad: true });
      for (let epoch = 0; epoch < 5; epoch++) {
        const loss = (w * w).sum();
        const half = epoch / 2;
        const name = "epoch " + String(epoch);
        loss.backward();
        torch.no_grad(() => { w -= 0.1 * w.grad; });
        w.grad = null;
      }`);
    assert.equal(thenSaw("loss", 1), "tensor(5.)");
    assert.equal(thenSaw("loss", 2), "tensor(3.2000)");
    assert.equal(thenSaw("w * w", 2), "tensor([0.6400, 2.5600])");
    assert.equal(thenSaw("half", 4), "1.5");
    assert.equal(thenSaw("name", 3), '"epoch 2"');
  });

  it("leaves what was not reached by then without a value", () => {
    const { thenSaw } = traced(`
      for (let i = 0; i < 3; i++) { if (i === 2) { const late = torch.tensor(i); } }
      const after = torch.tensor(9);`);
    assert.equal(thenSaw("late", 2), undefined);
    assert.equal(thenSaw("late", 3), "tensor(2.)");
    assert.equal(thenSaw("after", 2), undefined);
    assert.equal(thenSaw("after", 3), "tensor(9.)");
  });

  it("knows the outer round of what a nested loop saw", () => {
    const { thenSaw } = traced(`
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 4; j++) { const x = torch.tensor(10 * i + j); }
      }`);
    assert.equal(thenSaw("x", 2), "tensor(13.)");
    assert.equal(thenSaw("x", 6, 1), "tensor(11.)");
  });

  it("follows functions into the loop they are called from, twice a round and recursively", () => {
    const { thenSaw } = traced(`
      function square(x) { const y = x * x; return y; }
      function fold(x, n) { const z = x + n; return n === 0 ? z : fold(z, n - 1); }
      for (let i = 1; i < 4; i++) { square(torch.tensor(i)); square(torch.tensor(10 * i)); fold(torch.tensor(i), 2); }`);
    assert.equal(thenSaw("y", 2), "tensor(400.)");
    assert.equal(thenSaw("z", 1), "tensor(4.)");
  });

  it("shows what a tensor was, though views of it were written to later", () => {
    const { thenSaw } = traced(`
      const x = torch.zeros(3);
      for (let i = 0; i < 3; i++) {
        const all = x.view(3);
        const first = x[0];
        x[0] = i + 1;
      }`);
    assert.equal(thenSaw("all", 1), "tensor([0., 0., 0.])");
    assert.equal(thenSaw("all", 3), "tensor([2., 0., 0.])");
    assert.equal(thenSaw("first", 2), "tensor(1.)");
  });

  it("keeps what was seen up to an exception, a break, and in generators", () => {
    const { thenSaw, error } = traced(`
      function* numbers() { for (let i = 0; ; i++) yield torch.tensor(i); }
      for (const n of numbers()) { const twice = n * 2; if (n > 3) break; }
      for (let k = 0; k < 9; k++) { const s = torch.tensor(k); if (k === 5) throw new Error("stop"); }`);
    assert.match(String(error), /stop/);
    assert.equal(thenSaw("twice", 4, 1), "tensor(6.)");
    assert.equal(thenSaw("s", 3, 2), "tensor(2.)");
    assert.equal(thenSaw("s", 9, 2), "tensor(5.)");
  });

  it("tells what passes and steps did in that round, and the gradient that a leaf had by then", () => {
    const { ask, siteOf, loops } = traced(`
      const w = torch.tensor(4.0, { requires_grad: true });
      const opt = new optim.SGD([w], { lr: 0.25 });
      for (let i = 0; i < 4; i++) {
        opt.zero_grad();
        const loss = w * w;
        loss.backward();
        opt.step();
      }`);
    const at = { loop: loops[0]!, iteration: 2 };
    const { seen, events } = ask({ kind: "moment", at })!;
    const value = new Map(seen).get(siteOf("w"))!.value;
    assert.deepEqual([value.text, value.kind === "tensor" && value.grad], ["tensor(4.)", "tensor(4.)"]);
    const told = new Map(events.map(({ site, event, iteration }) => [site, { event, iteration }]));
    assert.deepEqual(told.get(siteOf("loss.backward()")), {
      iteration: 2,
      event: { kind: "backward", leaves: [{ name: "w", shape: [], grad: "tensor(4.)" }] },
    });
    assert.deepEqual(told.get(siteOf("opt.step()"))!.event, {
      kind: "step",
      moved: [{ name: "w", shape: [], change: "tensor(-1.)", distance: 1 }],
    });
  });

  it("tells the gradient that the round's own backward pass left", () => {
    const { ask, siteOf, loops } = traced(`
      const w = torch.tensor(3.0, { requires_grad: true });
      for (let i = 1; i < 4; i++) {
        const y = w * i;
        const loss = y * y;
        loss.backward();
        w.grad = null;
      }`);
    const at = { loop: loops[0]!, iteration: 2 };
    const { tensor } = ask({ kind: "inspect", site: siteOf("y"), at })!;
    assert.equal(tensor!.grad, "tensor(12.)");
    assert.equal(tensor!.why!.shares.length, 2);
    assert.equal(tensor!.why!.shares[0]!.sent, "tensor(6.)");
  });

  it("stays within its memory over 100,000 rounds, evenly thinned", () => {
    const { thenSaw, recorder, loops, ask } = traced(
      "const big = torch.zeros(100);\nfor (let i = 0; i < 100000; i++) { const x = torch.tensor(i); const y = big + 1; }",
      { traceBytes: 1 << 20 },
    );
    assert.ok(recorder.historyOf(0) === null || recorder.historyOf(0)!.bytes <= 1 << 20);
    const { seen } = ask({ kind: "moment", at: { loop: loops[0]!, iteration: 50_000 } })!;
    const x = seen.find(([, { value }]) => value.kind === "tensor" && value.shape.length === 0)![1];
    assert.ok(x.iteration <= 50_000 && x.iteration > 45_000, `${x.iteration}`);
    assert.equal(x.value.text, `tensor(${x.iteration - 1}.)`);
    assert.equal(thenSaw("x", 100_000), "tensor(99999.)");
  });

  it("keeps of a tensor larger than the limit what its line saw last", () => {
    const { thenSaw, seen } = traced(
      "for (let i = 0; i < 3; i++) { const x = torch.full([100, 100], i); const m = x.mean(); }",
    );
    assert.equal(seen("x").count, 3);
    assert.equal(thenSaw("x", 1), undefined);
    assert.match(thenSaw("x", 3)!, /^tensor\(\[\[2\., 2\./);
  });
});

describe("the history of a large parameter", () => {
  /** Its first and last value and gradient as of an iteration: it goes from 0 to −iteration, with the gradient 1. */
  function at(iteration: number, traceBytes: number) {
    const { ask, loops } = traced(
      `
      const w = torch.zeros(100, 100).requires_grad_();
      const opt = new optim.SGD([w], { lr: 1 });
      for (let i = 0; i < 8; i++) {
        opt.zero_grad();
        w.sum().backward();
        opt.step();
      }`,
      { traceBytes },
    );
    const { values, grad } = ask({ kind: "leaf", leaf: 0, at: { loop: loops[0]!, iteration } })!;
    return [values[0], values[9999], values.length, grad![0], grad![9999]].map(Number);
  }

  it("has every step where there is room", () => {
    for (const iteration of [1, 4, 8]) {
      const value = 1 - iteration;
      assert.deepEqual(at(iteration, 1 << 26), [value, value, 10_000, 1, 1]);
    }
  });

  it("has some of them where there is less, the latest up to the iteration asked for", () => {
    assert.deepEqual(at(8, 300_000), [-4, -4, 10_000, 1, 1]);
    assert.deepEqual(at(3, 300_000), [0, 0, 10_000, 1, 1]);
  });
});
