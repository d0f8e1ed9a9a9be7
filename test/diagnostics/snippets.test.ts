import assert from "node:assert/strict";
import { contributes } from "../../package.json";
import snippets from "../../snippets/grad-ts.json";
import { TestRunner } from "../runner/harness";

/** What is inserted if every placeholder is left as it is. */
function inserted(body: readonly string[]): string {
  return body
    .join("\n")
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, "$1")
    .replace(/\$\{\d+:([^}]*)\}/g, "$1")
    .replace(/\$\d+/g, "");
}

const SETUP = `import torch from "torch"
import nn from "torch/nn"
const x = torch.ones(4, 2), y = torch.zeros(4, 1)
const model = new nn.Linear(2, 1)
`;

const USES: Record<string, string> = {
  "Training loop": "print(model.weight.grad !== null)",
  Module: "print(new Net()(x).shape[1] === 1)",
  "Custom function": "print(Square.apply(x).shape[1] === 2)",
  "Data loader": "print(dataset.length === 4)",
};

describe("snippets", function () {
  this.timeout(20_000);
  let runner: TestRunner;
  before(() => {
    runner = new TestRunner();
  });
  after(() => runner.dispose());

  it("are offered in programs", () => {
    assert.deepEqual(contributes.snippets, [{ language: "grad-ts", path: "./snippets/grad-ts.json" }]);
  });

  for (const [name, { body }] of Object.entries(snippets)) {
    it(`insert a ${name.toLowerCase()} that runs`, async () => {
      const { kind, message, output } = await runner.run(`${SETUP}${inserted(body)}\n${USES[name]}\n`);
      assert.deepEqual([kind, message, output], ["done", "", "True\n"]);
    });
  }
});
