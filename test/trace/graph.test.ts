import assert from "node:assert/strict";
import { traced } from "./traced";

function graphOf(source: string, what: string) {
  const run = traced(source);
  assert.equal(run.error, null);
  return run.ask({ kind: "graph", site: run.siteOf(what) })!;
}

const modulesOf = ({ nodes }: ReturnType<typeof graphOf>) =>
  nodes
    .filter(({ kind }) => kind !== "leaf")
    .map(({ gradFn, modules }) => `${gradFn} ${modules.join(" > ")}`);

describe("the backward graph of a tensor", () => {
  it("says in which module each step was computed, and outside of modules nothing", () => {
    const graph = graphOf(
      "const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh());\nconst y = model(torch.ones(1, 2)).sum();",
      "y",
    );
    assert.deepEqual(modulesOf(graph), [
      "SumBackward0 ",
      "TanhBackward0 model > 1",
      "AddmmBackward0 model > 0",
      "TBackward0 model > 0",
    ]);
  });

  it("tells one call of a module from the next", () => {
    const graph = graphOf(
      "const layer = new nn.Linear(2, 2);\nconst y = layer(layer(torch.ones(1, 2)));",
      "y",
    );
    const calls = graph.nodes.filter(({ gradFn }) => gradFn === "AddmmBackward0").map((node) => node.calls);
    assert.equal(calls.length, 2);
    assert.notDeepEqual(calls[0], calls[1]);
  });

  it("names a module by its class where no variable leads to it", () => {
    const graph = graphOf("const y = new nn.Linear(2, 2)(torch.ones(1, 2));", "y");
    assert.equal(modulesOf(graph)[0], "AddmmBackward0 Linear");
  });

  it("has the values and gradients of an earlier iteration", () => {
    const run = traced(`
const w = torch.tensor(1.0, { requires_grad: true });
const opt = new optim.SGD([w], { lr: 1 });
for (let i = 0; i < 3; i++) {
  opt.zero_grad();
  const loss = w * 2;
  loss.backward();
  opt.step();
}`);
    const graphAt = (iteration: number) => {
      const at = { loop: run.loops[0], iteration };
      const { nodes } = run.ask({ kind: "graph", site: run.siteOf("loss"), at })!;
      return nodes.map(({ gradFn, text, grad }) => `${gradFn} ${text} ${grad}`);
    };
    assert.deepEqual(graphAt(1), [
      "MulBackward0 tensor(2.) tensor(1.)",
      "AccumulateGrad tensor(1.) tensor(2.)",
    ]);
    assert.deepEqual(graphAt(3), [
      "MulBackward0 tensor(-6.) tensor(1.)",
      "AccumulateGrad tensor(-3.) tensor(2.)",
    ]);
  });
});
