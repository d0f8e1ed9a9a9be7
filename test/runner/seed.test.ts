import assert from "node:assert/strict";
import { TestRunner } from "./harness";

const PROGRAM = `import torch from "torch"
print(torch.rand(1).item())
torch.manual_seed(0)
print(torch.rand(1).item())
torch.manual_seed(1)
print(torch.rand(1).item())
torch.manual_seed(0)
print(torch.rand(1).item())
`;

describe("a run with another seed than the program's", () => {
  let runner: TestRunner;
  before(() => {
    runner = new TestRunner();
  });
  after(() => runner.dispose());

  function outputWith(seed?: number): Promise<string[]> {
    const limits = { timeMs: null, memoryMb: null, outputChars: null };
    const options = { fileName: "/a.grad.ts", limits, probes: true, ...(seed !== undefined && { seed }) };
    return new Promise((resolve) => {
      runner.runner.run(PROGRAM, options, { ended: ({ output }) => resolve(output.trim().split("\n")) });
    });
  }

  it("draws other random numbers, also where the program seeds them, and the same ones again", async () => {
    const own = await outputWith();
    const other = await outputWith(1234);
    for (const [i, number] of other.entries()) assert.notEqual(number, own[i]);
    assert.deepEqual(await outputWith(1234), other);
    assert.notDeepEqual(await outputWith(1235), other);
    assert.deepEqual(await outputWith(), own);
  });

  it("keeps apart what the program seeds differently, and alike what it seeds alike", async () => {
    const [, first, second, again] = await outputWith(77);
    assert.notEqual(first, second);
    assert.equal(first, again);
  });
});
