import assert from "node:assert/strict";
import { type LensSource, lensesOf } from "../../src/codeLens/lenses";
import { placesIn } from "../../src/codeLens/places";
import type { Trace } from "../../src/trace/model";
import { TestRunner } from "../runner/harness";

const TRAINING = `// for (a comment) loss.backward()
import torch from "torch"
const epochs = 20
const w = torch.ones(1, { requires_grad: true })
for (let epoch = 0; epoch < epochs; epoch++) {
  for (let batch = 0; batch < 2; batch++) {
    const loss = (w ** 2).sum()
    loss.backward()
  }
}
for (const x of [1, 2]) print("for (x) y.backward()")
`;

describe("the places of lenses", () => {
  it("are above the outermost loop around the first backward, and above backward itself", () => {
    const { program, passes, functions } = placesIn(TRAINING);
    assert.deepEqual(
      [program, passes.map(({ line, root }) => [line, root]), functions],
      [4, [[7, "loss"]], []],
    );
  });

  it("are above the last of several training loops", () => {
    const twice = "for (const a of b) {\n  x.backward()\n}\n";
    assert.equal(placesIn(`${twice}${twice}for (;;) {}`).program, 3);
  });

  it("are above the first line of code where there is no loop", () => {
    const { program, loop, passes } = placesIn("// about\n\nimport torch from 'torch'\ny.sum().backward()\n");
    assert.deepEqual([program, loop, passes.length], [2, null, 1]);
  });

  it("take a loop without braces, and one around a function, for what they are", () => {
    assert.equal(placesIn("a()\nwhile (x < 3) loss.backward()\nb()").program, 1);
    assert.equal(placesIn("const f = () => {\n for (;;) { if (a) { b() } }\n}\nloss.backward()").loop, null);
    assert.equal(placesIn("for (const b of data)\n{\n  step(() => { loss.backward() })\n}").loop, 0);
  });

  it("tell custom functions and the parameters of their forward", () => {
    const { functions } = placesIn(
      "class Exp extends torch.autograd.Function {\n  static forward(ctx, x: Tensor, scale = 1) {}\n}",
    );
    assert.deepEqual(
      functions.map(({ line, name, parameters }) => [line, name, parameters]),
      [[0, "Exp", ["x", "scale"]]],
    );
  });
});

describe("lenses", function () {
  this.timeout(30_000);
  let trace: Trace;
  before(async () => {
    const runner = new TestRunner();
    trace = (await runner.run(TRAINING)).trace!;
    runner.dispose();
  });

  const lenses = (more: Partial<LensSource>) =>
    lensesOf({
      uri: "file:///a.grad.ts",
      places: placesIn(TRAINING),
      lineNow: (line) => line,
      status: { kind: "done", elapsedMs: 400 },
      trace,
      seed: null,
      checked: () => undefined,
      ...more,
    });
  const titles = (more: Partial<LensSource> = {}) =>
    lenses(more).map(({ line, title }) => `${line} ${title.replace(/\$\([\w-]+\) /, "")}`);

  it("offer what can be done, and tell what the run came to", () => {
    assert.deepEqual(titles(), [
      "4 Run",
      "4 Rerun with a new seed",
      "4 20 epochs · 400 ms",
      "4 Open in panel",
      "4 Show graph",
      "7 Check my gradient",
    ]);
  });

  it("tell how far a training is, out of how many epochs, and offer to stop it", () => {
    const running = titles({ status: { kind: "running" } });
    assert.ok(running.includes("4 Stop") && running.includes("4 epoch 20 of 20"), running.join());
  });

  it("tell whether the run failed in its training or after it", () => {
    const failedAt = (text: string) => {
      const start = TRAINING.indexOf(text);
      const error = { name: "TypeError", message: "", start, end: start + text.length };
      const outcome = { kind: "failed" as const, error, elapsedMs: 5 };
      return titles({ status: { kind: "failed", error }, trace: { ...trace, outcome } });
    };
    assert.ok(failedAt("loss.backward()\n  }").includes("4 failed in epoch 20 of 20"));
    assert.ok(failedAt('print("for').includes("4 20 epochs, then failed"));
  });

  it("say with which other seed it ran", () => {
    assert.ok(titles({ seed: 1234 }).includes("4 20 epochs · 400 ms · seed 1234"));
  });

  it("follow their lines, and go with them", () => {
    const moved = lenses({ lineNow: (line) => (line === 7 ? null : line + 1) });
    assert.deepEqual([...new Set(moved.map(({ line }) => line))], [5]);
  });

  it("tell what the last check found", () => {
    assert.ok(titles({ checked: () => "Gradient agrees" }).includes("7 Gradient agrees"));
  });
});
