import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainError } from "../../src/diagnostics/explainError";
import { findMistakes } from "../../src/diagnostics/rules";
import { repoRoot } from "../repo";
import { TestRunner } from "../runner/harness";
import { codesOf, fixed, mistakesIn } from "./found";

describe("diagnostics of training mistakes", function () {
  this.timeout(60_000);
  let runner: TestRunner;
  before(() => {
    runner = new TestRunner();
  });
  after(() => runner.dispose());

  const mistakes = (body: string) => mistakesIn(runner, body);

  /** Asserts that a program has one mistake, at a place, and gives it with the program fixed. */
  async function has(code: string, place: string, message: RegExp, body: string) {
    const { source, found } = await mistakes(body);
    const finding = found.find((one) => one.code === code);
    assert.ok(finding, `found only ${codesOf(found)}`);
    assert.equal(source.slice(finding.start, finding.end), place);
    assert.match(finding.message, message);
    return fixed(source, finding.fix?.edits ?? []);
  }

  const training = (body: string, rest = "") => `
torch.manual_seed(0)
const x = torch.randn(8, 3), y = torch.randn(8, 1)
const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1))
const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 })
const loss_fn = new nn.MSELoss()
${rest}
for (let step = 0; step < 30; step++) {
${body}
}`;

  it("are none in a training that works", async () => {
    const { found } = await mistakes(
      training(
        "  const loss = loss_fn(model(x), y)\n  optimizer.zero_grad()\n  loss.backward()\n  optimizer.step()",
      ),
    );
    assert.deepEqual(found, []);
  });

  it("tell the operation that made the first NaN, and what went in", async () => {
    await has(
      "non-finite",
      "y = x.log()",
      /first NaN.*`x\.log\(\)` \(LogBackward0\) gave NaN.*`x` = tensor\(\[ 1\., -1\.\]\)/,
      "const x = torch.tensor([1.0, -1.0], { requires_grad: true })\nconst y = x.log()\ny.sum().backward()",
    );
  });

  it("find the first NaN in large tensors too", async () => {
    await has(
      "non-finite",
      "y = x.sqrt()",
      /first NaN.*`x\.sqrt\(\)` \(SqrtBackward0\) gave NaN/,
      "const x = torch.linspace(3, -1, 5000).requires_grad_()\nconst y = x.sqrt()\nconst z = y * 2\nz.sum().backward()",
    );
  });

  it("tell an infinity if no NaN follows", async () => {
    await has(
      "non-finite",
      "y = 1 / x",
      /first infinity/,
      "const x = torch.tensor([0.0], { requires_grad: true })\nconst y = 1 / x",
    );
  });

  it("offer to zero gradients that pile up", async () => {
    const after = await has(
      "accumulating-gradients",
      "loss.backward()",
      /earlier steps left in `model.*29 times/,
      training("  const loss = loss_fn(model(x), y)\n  loss.backward()\n  optimizer.step()"),
    );
    assert.match(after, /\n {2}optimizer\.zero_grad\(\)\n {2}loss\.backward\(\)\n/);
    assert.ok(!codesOf((await mistakesIn(runner, after)).found).includes("accumulating-gradients"));
  });

  it("do not mind gradients that are gathered over several batches", async () => {
    const { found } = await mistakes(
      training(`  for (const i of [0, 4]) {
    const loss = loss_fn(model(x.index(torch.slice(i, i + 4))), y.index(torch.slice(i, i + 4)))
    loss.backward()
  }
  optimizer.step()
  optimizer.zero_grad()`),
    );
    assert.ok(!codesOf(found).includes("accumulating-gradients"));
  });

  it("tell a target that is broadcast, and give it the prediction's shape", async () => {
    const body = training(
      "  const loss = loss_fn(model(x), target)\n  optimizer.zero_grad()\n  loss.backward()\n  optimizer.step()",
      "const target = torch.randn(8)",
    );
    const after = await has(
      "broadcast-target",
      "loss = loss_fn(model(x), target)",
      /target has shape \(8,\), the prediction \(8, 1\): both are broadcast to \(8, 8\)/,
      body,
    );
    assert.match(after, /loss_fn\(model\(x\), target\.view\(-1, 1\)\)/);
    assert.ok(!codesOf((await mistakesIn(runner, after)).found).includes("broadcast-target"));
  });

  it("tell a target that is broadcast in a loss by hand", async () => {
    const body = (loss: string) =>
      training(
        `  const loss = ${loss}\n  optimizer.zero_grad()\n  loss.backward()\n  optimizer.step()`,
        "const target = torch.randn(8), pairs = torch.randn(8, 8)",
      );
    const after = await has(
      "broadcast-target",
      "model(x) - target",
      /target has shape \(8,\), the prediction \(8, 1\): both are broadcast to \(8, 8\)/,
      body("((model(x) - target) ** 2).mean()"),
    );
    assert.match(after, /\(\(model\(x\) - target\.view\(-1, 1\)\) \*\* 2\)/);
    for (const fine of [
      "((model(x) - target.view(-1, 1)) ** 2).mean()",
      "((model(x) - 1) ** 2).mean()",
      "((model(x) - y.mean()) ** 2).sum() / 8",
      "((model(x) - model(x).squeeze()).abs() - pairs).abs().mean()", // all pairs, on purpose
      "((model(x) - pairs) ** 2).mean()",
    ]) {
      const { found } = await mistakes(body(fine));
      assert.ok(!codesOf(found).includes("broadcast-target"), fine);
    }
    for (const other of ["(target - model(x)).abs().sum() / 8", "((model(x) - target) ** 2).sum() * 0.5"]) {
      const { found } = await mistakes(body(other));
      assert.ok(codesOf(found).includes("broadcast-target"), other);
    }
  });

  it("tell a softmax before a loss that takes it by itself", async () => {
    await has(
      "double-softmax",
      "F.softmax(w * 1, { dim: 1 })",
      /softmax is taken twice/,
      `const w = torch.randn(4, 3, { requires_grad: true })
const loss = F.cross_entropy(F.softmax(w * 1, { dim: 1 }), torch.tensor([0, 1, 2, 0], { dtype: torch.int64 }))
loss.backward()`,
    );
  });

  it("tell a sigmoid before a loss that takes it by itself", async () => {
    const { found } = await mistakes(`const w = torch.randn(4, { requires_grad: true })
const loss = F.binary_cross_entropy_with_logits(torch.sigmoid(w), torch.ones(4))
loss.backward()`);
    assert.deepEqual(codesOf(found), ["double-softmax"]);
  });

  it("tell a loss that stays where it was because nothing steps", async () => {
    await has(
      "loss-not-decreasing",
      "loss = loss_fn(model(x), y)",
      /did not decrease in 30 steps.*optimizer\.step\(\)/,
      training("  const loss = loss_fn(model(x), y)\n  optimizer.zero_grad()\n  loss.backward()"),
    );
  });

  it("tell a loss that runs away", async () => {
    const { found } = await mistakes(`let w = torch.tensor(1.0, { requires_grad: true })
const optimizer = new torch.optim.SGD([w], { lr: 1.1 })
for (let i = 0; i < 25; i++) {
  const loss = w ** 2
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
}`);
    assert.deepEqual(codesOf(found), ["loss-diverging"]);
    assert.match(found[0]!.message, /learning rate/);
  });

  it("tell gradients that vanish on their way to the first layer", async () => {
    const layers = Array.from({ length: 12 }, () => "new nn.Linear(4, 4), new nn.Sigmoid()").join(", ");
    const { source, found } = await mistakes(`torch.manual_seed(0)
const model = new nn.Sequential(${layers}, new nn.Linear(4, 1))
const loss = model(torch.randn(8, 4)).mean()
loss.backward()`);
    assert.deepEqual(codesOf(found), ["vanishing-gradient"]);
    assert.match(found[0]!.message, /`model\.0\.weight` receives .*`model\.24\.weight`/);
    assert.match(source.slice(found[0]!.start), /^model = /);
  });

  it("tell gradients that explode on their way to the first layer", async () => {
    const layers = Array.from({ length: 6 }, () => "new nn.Linear(4, 4), new Wave()").join(", ");
    const { source, found } = await mistakes(`torch.manual_seed(0)
class Wave extends nn.Module {
  override forward(x: Tensor) { return torch.sin(100 * x) }
}
const model = new nn.Sequential(${layers}, new nn.Linear(4, 1))
const loss = model(torch.randn(8, 4)).mean()
loss.backward()`);
    assert.deepEqual(codesOf(found), ["exploding-gradient"]);
    assert.match(found[0]!.message, /`model\.0\.weight` receives .*The first layers are thrown about/);
    assert.match(source.slice(found[0]!.start), /^model = /);
  });

  it("tell a parameter that the optimizer was not given", async () => {
    await has(
      "not-optimized",
      "optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 })",
      /`head\.weight` and `head\.bias` receive gradients but are not given to any optimizer/,
      training(
        "  const loss = loss_fn(head(model(x)), y)\n  optimizer.zero_grad()\n  head.zero_grad()\n  loss.backward()\n  optimizer.step()",
        "const head = new nn.Linear(1, 1)",
      ),
    );
  });

  it("tell the line that cut a layer off", async () => {
    await has(
      "no-gradient",
      "h = first(x).detach()",
      /No gradient ever reached `first\.weight` and `first\.bias` in 30 backward passes: detach\(\) on line \d+ cuts the way/,
      `torch.manual_seed(0)
const x = torch.randn(8, 3), y = torch.randn(8, 1)
const first = new nn.Linear(3, 4), second = new nn.Linear(4, 1)
const optimizer = new torch.optim.SGD([...first.parameters(), ...second.parameters()], { lr: 0.1 })
for (let step = 0; step < 30; step++) {
  const h = first(x).detach()
  const loss = F.mse_loss(second(h), y)
  print(loss.item())
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
}`,
    );
  });

  it("tell an update that makes a parameter another tensor, and make it in place", async () => {
    const after = await has(
      "rebound-parameter",
      "w = w - 0.1 * w.grad",
      /makes `w` another tensor, which is no leaf/,
      `let w = torch.ones(3, { requires_grad: true })
for (let i = 0; i < 5; i++) {
  const loss = (w ** 2).sum()
  loss.backward()
  w = w - 0.1 * w.grad
}`,
    );
    assert.match(after, /\n {2}torch\.no_grad\(\(\) => \{ w -= 0\.1 \* w\.grad \}\)\n/);
    assert.ok(!codesOf((await mistakesIn(runner, after)).found).includes("rebound-parameter"));
  });

  it("accept a parameter that is made a leaf again", async () => {
    const { found } = await mistakes(`let w = torch.ones(3, { requires_grad: true })
for (let i = 0; i < 5; i++) {
  const loss = (w ** 2).sum()
  loss.backward()
  w = torch.no_grad(() => w - 0.1 * w.grad)
  w.requires_grad_(true)
}`);
    assert.deepEqual(found, []);
  });

  it("are none in the lessons and examples", async () => {
    const names = readdirSync(join(repoRoot, "examples")).filter((name) => name.endsWith(".grad.ts"));
    assert.ok(names.length >= 10);
    for (const name of names) {
      const source = readFileSync(join(repoRoot, "examples", name), "utf8");
      const { handle, result } = runner.start(source);
      const { trace } = await result;
      const facts = await runner.runner.query(handle.run, { kind: "training" });
      assert.ok(trace !== null && facts !== null, name);
      assert.deepEqual(findMistakes({ trace, facts }), [], name);
    }
  });

  describe("of an error", () => {
    async function explained(body: string) {
      const { source, trace, facts } = await mistakes(body);
      assert.ok(trace.outcome.kind === "failed");
      const explanation = explainError(trace, trace.outcome.error, facts);
      assert.ok(explanation, trace.outcome.error.message);
      return { ...explanation, after: fixed(source, explanation.fix?.edits ?? []) };
    }

    it("draw the shapes of a matrix product with the sizes that differ", async () => {
      const { code, text } = await explained("const c = torch.ones(2, 3) @ torch.ones(4, 5)");
      assert.equal(code, "shape-mismatch");
      assert.match(text, /\n {4}mat1 {2}\(2, 3\)\n {4}mat2 {5}\(4, 5\)\n {14}\^$/);
    });

    it("draw the shapes that do not broadcast, aligned at their ends", async () => {
      const { text } = await explained("const a = torch.ones(2, 3), b = torch.ones(4)\nconst c = a + b");
      assert.match(text, /\n {4}a {2}\(2, 3\)\n {4}b {5}\(4\)\n {11}\^$/);
    });

    it("count the elements of a shape that does not hold them", async () => {
      const { text } = await explained("torch.ones(8).view(2, 3)");
      assert.equal(text, "The new shape holds 2 × 3 = 6 elements, the tensor has 8.");
    });

    it("say which sizes keep tensors from being joined", async () => {
      const { text } = await explained("torch.cat([torch.ones(2, 3), torch.ones(2, 4)])");
      assert.match(
        text,
        /along dimension 0.*the first has 3 where tensor 1 of the list \(counting from 0\) has 4/,
      );
    });

    it("name the types of operands that differ", async () => {
      const { code, text } = await explained(
        "const a = torch.ones(2, 2), b = torch.ones(2, 2, { dtype: torch.float64 })\nconst c = a @ b",
      );
      assert.equal(code, "dtype-mismatch");
      assert.match(text, /^`a` is float32, `b` is float64\./);
    });

    it("offer to keep the graph for a second backward()", async () => {
      const { code, after } = await explained(
        "const w = torch.ones(2, { requires_grad: true })\nconst loss = (w * w).sum()\nloss.backward()\nloss.backward()",
      );
      assert.equal(code, "backward-twice");
      assert.match(after, /loss\.backward\(\)\nloss\.backward\(\{ retain_graph: true \}\)/);
    });

    it("say why there is no gradient to update by", async () => {
      const parameter = "const w = torch.ones(2, { requires_grad: true })\n";
      const early = await explained(`${parameter}const next = w - 0.1 * w.grad`);
      assert.equal(early.code, "no-gradient");
      assert.match(early.text, /^`w\.grad` is null: no backward\(\) has left a gradient there yet/);
      const result = await explained(`${parameter}const y = w * 2\nconst next = 0.1 * y.grad`);
      assert.match(result.text, /^`y\.grad` is null: `y` is the result of an operation \(MulBackward0\)/);
      const plain = await explained("const x = torch.ones(2)\nconst next = x - x.grad");
      assert.match(plain.text, /^`x\.grad` is null: `x` was not made with requires_grad: true/);
    });

    it("offer no_grad for an update in place", async () => {
      const { code, after } = await explained(
        "const w = torch.ones(2, { requires_grad: true })\nw.sum().backward()\nw.sub_(0.1)",
      );
      assert.equal(code, "leaf-in-place");
      assert.match(after, /w\.sub_/);
    });

    it("name the line that cut a loss's history", async () => {
      const { code, text } = await explained(
        "const w = torch.ones(2, { requires_grad: true })\nconst p = (w * 2).detach()\nconst loss = p.sum()\nloss.backward()",
      );
      assert.equal(code, "no-gradient");
      assert.match(text, /cut on line 5: detach\(\)/);
    });
  });
});
