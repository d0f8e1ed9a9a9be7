import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { traced } from "./traced";

/** Each of these is a program whose lines show something else once a tracer keeps references, or thinks in lines. */
describe("what lines show of a program", () => {
  it("that changes a tensor in place after a line used it", () => {
    const { seen, inspect } = traced(`
      const w = torch.tensor([1.0, 2.0]);
      const doubled = w * 2;
      const same = w;
      w.add_(10);
      w[0] = 7;
      const last = w;`);
    assert.equal(seen("w").value.text, "tensor([1., 2.])");
    assert.equal(seen("same").value.text, "tensor([1., 2.])");
    assert.equal(seen("doubled").value.text, "tensor([2., 4.])");
    assert.equal(seen("w.add_(10)").value.text, "tensor([11., 12.])");
    assert.equal(seen("last").value.text, "tensor([ 7., 12.])");
    assert.equal(inspect("same").text, "tensor([1., 2.])");
  });

  it("that writes through views of one memory", () => {
    const { seen } = traced(`
      const base = torch.zeros(2, 3);
      const row = base[0];
      const column = base.t()[1];
      const flat = base.view(6);
      row.fill_(1);
      const afterRow = flat;
      column.mul_(5);
      const afterColumn = base;`);
    for (const name of ["row", "column", "flat"]) {
      assert.match(seen(name).value.text, /^tensor\(\[0\.(, 0\.)*\]\)$/, name);
    }
    assert.equal(seen("afterRow").value.text, "tensor([1., 1., 1., 0., 0., 0.])");
    assert.equal(seen("afterColumn").value.text, "tensor([[1., 5., 1.],\n        [0., 0., 0.]])");
  });

  it("that calls itself: the innermost call that got there last, and how many there were", () => {
    const { seen } = traced(`
      const w = torch.tensor(2.0, { requires_grad: true });
      function power(n) {
        const rest = n === 0 ? torch.tensor(1.0) : power(n - 1);
        const value = n === 0 ? rest : rest * w;
        return value;
      }
      const cube = power(3);
      cube.backward();`);
    assert.deepEqual([seen("value").count, seen("value").value.text], [4, "tensor(8.)"]);
    assert.deepEqual([seen("rest").count, seen("rest").value.text], [4, "tensor(4.)"]);
    const { value } = seen("w");
    assert.equal(value.kind === "tensor" && value.grad, "tensor(12.)");
  });

  it("that throws inside a loop and catches it there", () => {
    const { seen, thenSaw, error } = traced(`
      let failures = 0;
      for (let i = 0; i < 4; i++) {
        const x = torch.full([2], i);
        try {
          if (i % 2 === 1) { const product = torch.ones(3) + x; }
          const sum = x.sum();
        } catch { failures += 1; }
      }`);
    assert.equal(error, null);
    assert.deepEqual([seen("x").count, seen("sum").count, seen("failures += 1").count], [4, 2, 2]);
    assert.equal(thenSaw("sum", 2), "tensor(0.)"); // the second round threw: the first one's stands
    assert.equal(thenSaw("sum", 4), "tensor(4.)");
    assert.equal(thenSaw("x", 2), "tensor([1., 1.])");
  });

  it("that ends in the midst of a loop by an exception", () => {
    const { seen, error } = traced(`
      for (let i = 0; i < 4; i++) {
        const x = torch.full([2], i);
        if (i === 2) torch.ones(3) + x;
        const after = x * 2;
      }`);
    assert.match(String(error), /The size of tensor a \(3\) must match the size of tensor b \(2\)/);
    assert.deepEqual([seen("x").count, seen("x").value.text], [3, "tensor([2., 2.])"]);
    assert.deepEqual([seen("after").count, seen("after").value.text], [2, "tensor([2., 2.])"]);
  });

  it("that leaves loops early, with break, continue and return", () => {
    const { seen, loops, thenSaw } = traced(`
      function first(limit) {
        for (let i = 0; ; i++) { const tried = torch.tensor(i); if (i * i > limit) return tried; }
      }
      const found = first(10);
      outer: for (let a = 0; a < 5; a++) {
        for (let b = 0; b < 5; b++) {
          if (b === 1) continue;
          const both = torch.tensor(10 * a + b);
          if (b === 3) continue outer;
          if (a === 2) break outer;
        }
      }`);
    assert.deepEqual([seen("tried").count, seen("found").value.text], [5, "tensor(4.)"]);
    assert.equal(loops.length, 3);
    assert.deepEqual([seen("both").count, seen("both").value.text], [7, "tensor(20.)"]);
    assert.equal(thenSaw("both", 2, 1), "tensor(13.)");
  });

  it("of generators that take turns", () => {
    const { seen, thenSaw, loops } = traced(`
      function* count(from) { let n = torch.tensor(from); while (true) { const given = n; yield given; n = n + 1; } }
      const small = count(0);
      const large = count(100);
      for (let i = 0; i < 3; i++) {
        const s = small.next().value;
        const l = large.next().value;
      }`);
    assert.deepEqual([seen("s").value.text, seen("l").value.text], ["tensor(2.)", "tensor(102.)"]);
    assert.deepEqual([seen("given").count, seen("given").value.text], [6, "tensor(102.)"]);
    assert.equal(thenSaw("s", 2, loops.length - 1), "tensor(1.)");
    assert.equal(thenSaw("l", 2, loops.length - 1), "tensor(101.)");
  });

  it("of async functions, once what they wait for is there", async () => {
    const { ask, siteOf, seen, thenSaw } = traced(`
      const w = torch.tensor(3.0, { requires_grad: true });
      async function step(i) {
        const before = w * i;
        await null;
        const after = before * w;
        after.backward();
        w.grad = null;
      }
      async function all() { for (let i = 1; i <= 3; i++) { await step(i); const done = i; } }
      all();`);
    assert.equal(seen("before").value.text, "tensor(3.)"); // as far as it came at once
    await turn();
    const after = ask({ kind: "inspect", site: siteOf("after") })!;
    assert.equal(after.text, "tensor(27., grad_fn=<MulBackward0>)");
    assert.equal(after.tensor!.grad, "tensor(1.)");
    assert.equal(thenSaw("after", 2), "tensor(18.)");
    assert.equal(thenSaw("done", 3), "3");
  });

  it("of closures that share a variable, and that have one each", () => {
    const { seen, error } = traced(`
      function counter(from) { let n = from; return () => { n = n * 2; const now = n; return now; }; }
      const a = counter(torch.tensor(1.0));
      const b = counter(torch.tensor(10.0));
      const a1 = a();
      const b1 = b();
      const a2 = a();
      const later = [];
      for (let i = 0; i < 3; i++) later.push(() => { const own = torch.tensor(i); return own; });
      for (const ask of later) ask();`);
    assert.equal(error, null);
    const texts = ["a1", "b1", "a2", "now", "own"].map((name) => seen(name).value.text);
    assert.deepEqual(texts, ["tensor(2.)", "tensor(20.)", "tensor(4.)", "tensor(4.)", "tensor(2.)"]);
    assert.deepEqual([seen("now").count, seen("own").count], [3, 3]);
  });

  it("of which two callers reach the same line, each with its own gradient", () => {
    const { seen, ask, siteOf, loops } = traced(`
      const u = torch.tensor(2.0, { requires_grad: true });
      const v = torch.tensor(5.0, { requires_grad: true });
      function square(x) { const y = x * x; return y; }
      const one = square(u);
      for (let i = 0; i < 2; i++) {
        const two = square(v) * 3;
        (one * 1).backward({ retain_graph: true });
        two.backward();
      }`);
    assert.deepEqual([seen("y").count, seen("y").value.text], [3, "tensor(25.)"]);
    const y = ask({ kind: "inspect", site: siteOf("y") })!.tensor!;
    assert.equal(y.grad, "tensor(3.)"); // of the call by `two`, not of the one by `one`
    const grads = ["u", "v"].map((name) => {
      const { value } = seen(name);
      return value.kind === "tensor" && value.grad;
    });
    assert.deepEqual(grads, ["tensor(8.)", "tensor(60.)"]);
    const then = ask({ kind: "moment", at: { loop: loops[0]!, iteration: 1 } })!;
    assert.equal(new Map(then.seen).get(siteOf("y"))!.value.text, "tensor(25.)");
  });

  it("whose tensors are larger than all memory for going back", () => {
    const { seen, thenSaw, recorder, siteOf, inspect } = traced(
      `
      const w = torch.ones(1000);
      for (let i = 0; i < 50; i++) {
        const big = w * i;
        const mean = big.mean();
        w.add_(1);
      }`,
      { traceBytes: 1000 },
    );
    assert.equal(seen("big").count, 50);
    assert.match(seen("big").value.text, /^tensor\(\[2450\., 2450\./);
    assert.match(inspect("w").text, /^tensor\(\[1\., 1\./); // what the line gave, not what became of it
    assert.equal(thenSaw("mean", 50), "tensor(2450.)");
    assert.ok((recorder.historyOf(siteOf("big"))?.bytes ?? 0) <= 4000 + 1000);
    assert.equal(seen("mean").series!.length > 1, true);
  });
});
