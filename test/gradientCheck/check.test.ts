import assert from "node:assert/strict";
import type { CheckedTensor, CheckResult, CheckTarget } from "../../src/gradientCheck/model";
import { TestRunner } from "../runner/harness";

const IMPORTS = 'import torch from "torch"; import nn from "torch/nn"; import optim from "torch/optim"\n';

describe("checking a gradient", function () {
  this.timeout(60_000);
  let runner: TestRunner;
  before(() => {
    runner = new TestRunner();
  });
  after(() => runner.dispose());

  async function ask(run: number, target: CheckTarget): Promise<CheckResult> {
    for (let begun: CheckTarget | null = target; ; begun = null) {
      const answer = await runner.runner.query(run, { kind: "check", target: begun });
      if (answer === null) throw new Error("no answer");
      if (answer.kind !== "underWay") return answer;
    }
  }

  /** Checks the pass of the statement with this text, in an iteration of the first loop or the first at all. */
  async function check(body: string, statement: string, iteration: number | null = null) {
    const source = `${IMPORTS}${body}`;
    const { handle, result } = runner.start(source);
    const { trace, message } = await result;
    assert.ok(trace, message);
    const site = trace.sites.findIndex(
      ({ kind, start, end }) => kind === "statement" && source.slice(start, end) === statement,
    );
    assert.ok(site >= 0, `no statement ${statement}`);
    const loop = trace.sites.findIndex(({ kind }) => kind === "loop");
    const at = iteration === null ? null : { loop, iteration };
    return { ...(await ask(handle.run, { kind: "backward", site, at })), trace, run: handle.run };
  }

  async function checkedTensors(
    body: string,
    statement: string,
    iteration?: number,
  ): Promise<CheckedTensor[]> {
    const result = await check(body, statement, iteration);
    assert.ok(result.kind === "checked", JSON.stringify(result));
    return result.tensors;
  }

  const verdicts = (tensors: readonly CheckedTensor[]) =>
    tensors.map(({ name, compared, differing, corners, isLost }) => [
      name,
      compared,
      differing.length,
      corners.length,
      ...(isLost ? ["lost"] : []),
    ]);

  it("finds a right one right, for each leaf that the pass reached", async () => {
    const tensors = await checkedTensors(
      `
torch.manual_seed(0)
const x = torch.randn(5, 3), y = torch.randn(5, 2)
const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 2))
const loss = nn.functional.mse_loss(model(x), y)
loss.backward()`,
      "loss.backward()",
    );
    assert.deepEqual(verdicts(tensors).sort(), [
      ["model.0.bias", 4, 0, 0],
      ["model.0.weight", 12, 0, 0],
      ["model.2.bias", 2, 0, 0],
      ["model.2.weight", 8, 0, 0],
    ]);
  });

  const WRONG = `
class Cube extends torch.autograd.Function {
  static forward(ctx, x) { ctx.save_for_backward(x); return x ** 3 }
  static backward(ctx, grad) { const [x] = ctx.saved_tensors; return grad * 2 * x ** 2 }
}`;

  it("finds a wrong derivative of the program's own, and where", async () => {
    const [w] = await checkedTensors(
      `${WRONG}
const w = torch.tensor([1.0, 0.0, 2.0], { requires_grad: true })
const loss = Cube.apply(w).sum()
loss.backward()`,
      "loss.backward()",
    );
    assert.equal(w!.name, "w");
    assert.deepEqual(
      w!.differing.map(({ index, value, analytic, numeric }) => [
        index,
        value,
        analytic,
        +numeric.toFixed(4),
      ]),
      [
        [[0], 1, 2, 3],
        [[2], 2, 8, 12],
      ],
    );
  });

  it("says of a corner that there is no derivative, not that the gradient is wrong", async () => {
    const [w] = await checkedTensors(
      `const w = torch.tensor([-1.0, 0.0, 2.0], { requires_grad: true })
w.relu().sum().backward()`,
      "w.relu().sum().backward()",
    );
    assert.deepEqual(w!.differing, []);
    const [corner] = w!.corners;
    assert.deepEqual(
      [corner!.index, corner!.analytic, Math.round(corner!.left), Math.round(corner!.right)],
      [[1], 0, 0, 1],
    );
  });

  it("takes a strong curvature for no corner, and a gradient of nothing for right", async () => {
    const tensors = await checkedTensors(
      `const w = torch.zeros(2, { requires_grad: true })
const loss = (w ** 2).sum() * 1e4
loss.backward()`,
      "loss.backward()",
    );
    assert.deepEqual(verdicts(tensors), [["w", 2, 0, 0]]);
  });

  it("draws the same random numbers again: dropout drops the same", async () => {
    const tensors = await checkedTensors(
      `
const x = torch.randn(6, 4)
const model = new nn.Sequential(new nn.Linear(4, 3), new nn.Dropout(0.5))
const loss = (model(x) ** 2).mean()
loss.backward()`,
      "loss.backward()",
    );
    assert.deepEqual(verdicts(tensors).sort(), [
      ["model.0.bias", 3, 0, 0],
      ["model.0.weight", 12, 0, 0],
    ]);
  });

  const LOOP = `
torch.manual_seed(1)
const x = torch.randn(8, 2), y = torch.randn(8, 1)
const w = torch.zeros(2, 1, { requires_grad: true })
const opt = new optim.Adam([w], { lr: 0.1 })
for (let epoch = 0; epoch < 30; epoch++) {
  const loss = ((x @ w - y) ** 2).mean()
  opt.zero_grad()
  loss.backward()
  opt.step()
}`;

  it("checks the pass of the epoch asked for, at the values of that epoch", async () => {
    const [first] = await checkedTensors(LOOP, "loss.backward()");
    const [last] = await checkedTensors(LOOP, "loss.backward()", 30);
    assert.deepEqual(verdicts([first!, last!]), [
      ["w", 2, 0, 0],
      ["w", 2, 0, 0],
    ]);
    assert.notEqual(first!.largest, last!.largest);
  });

  it("checks the last pass of a round that has several", async () => {
    const [w] = await checkedTensors(
      `
const w = torch.tensor(1.0, { requires_grad: true })
for (let epoch = 1; epoch <= 3; epoch++) {
  for (let batch = 1; batch <= 4; batch++) {
    const loss = w * epoch * batch
    loss.backward()
  }
}`,
      "loss.backward()",
      2,
    );
    assert.deepEqual([w!.name, w!.largest, w!.differing], ["w", 8, []]);
  });

  it("says that a line was not reached", async () => {
    const result = await check(
      "const w = torch.ones(1, { requires_grad: true })\nif (w.item() > 2) w.sum().backward()",
      "w.sum().backward()",
    );
    assert.deepEqual(
      [result.kind, result.kind === "impossible" && result.reason],
      ["impossible", "notReached"],
    );
  });

  it("changes only what the pass itself uses, not how the program came there", async () => {
    // Were `w` changed from the beginning, each step would change it further.
    const tensors = await checkedTensors(
      `
let w = torch.tensor(3.0).requires_grad_()
for (let i = 0; i < 4; i++) {
  const loss = w ** 3
  loss.backward()
  w = torch.no_grad(() => w - 0.01 * w.grad).requires_grad_()
}`,
      "loss.backward()",
      4,
    );
    assert.deepEqual(verdicts(tensors), [["w", 1, 0, 0]]);
  });

  it("takes what backward was given for a value that is no scalar", async () => {
    const tensors = await checkedTensors(
      `const w = torch.tensor([1.0, 2.0], { requires_grad: true })
const y = w ** 2
y.backward(torch.tensor([1.0, 10.0]))`,
      "y.backward(torch.tensor([1.0, 10.0]))",
    );
    assert.deepEqual(verdicts(tensors), [["w", 2, 0, 0]]);
  });

  it("compares twenty elements of a large tensor, and says how many there are", async () => {
    const [w] = await checkedTensors(
      "const w = torch.ones(30, 30, { requires_grad: true })\nconst loss = (w * w).mean()\nloss.backward()",
      "loss.backward()",
    );
    assert.deepEqual([w!.elements, w!.compared, w!.differing], [900, 20, []]);
  });

  it("works though numbers are said to be of single precision", async () => {
    const tensors = await checkedTensors(
      `
const x = torch.tensor([0.5, 1.5], { dtype: torch.float32 })
const w = torch.ones(2, 2, { dtype: torch.float32, requires_grad: true })
const loss = (w @ x.float()).sin().sum()
loss.backward()`,
      "loss.backward()",
    );
    assert.deepEqual(verdicts(tensors), [["w", 4, 0, 0]]);
  });

  it("works in functions, and in programs that await", async () => {
    const tensors = await checkedTensors(
      `
const w = torch.tensor(2.0, { requires_grad: true })
function step() {
  const loss = (w * 3).exp()
  loss.backward()
}
await Promise.resolve()
step()`,
      "loss.backward()",
    );
    assert.deepEqual(verdicts(tensors), [["w", 1, 0, 0]]);
  });

  it("says why where it cannot be: a program that is another each time, or fails", async () => {
    const result = await check(
      `
const w = torch.tensor(1.0, { requires_grad: true })
globalThis.times = (globalThis.times ?? 0) + 1
const loss = w * globalThis.times
loss.backward()`,
      "loss.backward()",
    );
    assert.deepEqual(
      [result.kind, result.kind === "impossible" && result.reason],
      ["impossible", "notRepeatable"],
    );
  });

  it("leaves the run as it was", async () => {
    const plotted = `import plot from "gradlens/plot"${LOOP.replace("opt.step()", 'opt.step(); plot("loss", loss)')}`;
    const { trace, run } = await check(`${plotted}\nprint(w.dtype)`, "loss.backward()", 3);
    assert.equal(trace.output, "torch.float32\n");
    const site = trace.sites.findIndex(({ name }) => name === "w");
    const inspection = await runner.runner.query(run, { kind: "inspect", site });
    assert.equal(inspection!.tensor!.dtype, "torch.float32");
    const curves = await runner.runner.query(run, { kind: "curves", have: [], plots: [] });
    assert.deepEqual(
      curves!.plots.map(({ name, values }) => [name, values.length]),
      [["loss", 30]],
    );
    assert.equal(trace.output, "torch.float32\n");
  });

  describe("of a custom function", () => {
    async function checkFunction(body: string, name: string): Promise<CheckResult> {
      const { handle, result } = runner.start(`${IMPORTS}${body}`);
      await result;
      return ask(handle.run, { kind: "function", name });
    }

    it("compares its backward with its forward, at its first arguments", async () => {
      const result = await checkFunction(
        `${WRONG}\nCube.apply(torch.tensor([1.0, 2.0], { requires_grad: true })).sum()`,
        "Cube",
      );
      assert.ok(result.kind === "checked");
      assert.deepEqual(
        result.tensors[0]!.differing.map(({ index }) => index),
        [[0], [1]],
      );
    });

    it("finds a right one right", async () => {
      const result = await checkFunction(
        `${WRONG.replace("grad * 2", "grad * 3")}\nCube.apply(torch.randn(2, 3, { requires_grad: true }) * 2)`,
        "Cube",
      );
      assert.ok(result.kind === "checked", JSON.stringify(result));
      assert.deepEqual(verdicts(result.tensors), [[null, 6, 0, 0]]);
    });

    it("says that it was never applied", async () => {
      const result = await checkFunction(WRONG, "Cube");
      assert.deepEqual(
        [result.kind, result.kind === "impossible" && result.reason],
        ["impossible", "notReached"],
      );
    });
  });
});
