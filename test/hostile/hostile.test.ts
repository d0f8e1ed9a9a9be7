import assert from "node:assert/strict";
import { type Result, TestRunner } from "../runner/harness";
import { type HostileProgram, hostilePrograms, mayEndSo } from "./programs";

const NORMAL = `import torch from "torch";
const x = torch.ones(2, { requires_grad: true });
(x * 3).sum().backward();
print(x.grad);`;

/** What a program may take longer than its limit. */
const LATE_MS = 1000;

describe("a hostile program is contained, ends in time, and leaves the next run alone:", () => {
  let test: TestRunner;
  before(() => {
    test = new TestRunner();
  });
  after(() => test.dispose());

  for (const program of hostilePrograms()) {
    it(program.name, async () => {
      const result = await test.run(program.source, program.limits);
      assertExpected(program, result);
      const next = await test.run(NORMAL, { timeMs: 5000, memoryMb: program.limits.memoryMb });
      assert.equal(next.message, "");
      assert.equal(next.output, "tensor([3., 3.])\n");
    }).timeout(40_000);
  }
});

function assertExpected(program: HostileProgram, { kind, message, output, place, trace }: Result): void {
  const outcome = trace?.outcome;
  const reason = outcome?.kind === "stopped" ? outcome.reason : null;
  assert.ok(mayEndSo(program, { kind, reason, message }), `${kind} ${reason}: ${message}`);
  assert.doesNotMatch(message, /process that runs programs|gradlens:realm|node:internal/);
  assert.doesNotMatch(output, /leaked/);
  if (typeof program.prints === "string") assert.equal(output, program.prints);
  else if (program.prints !== null) assert.match(output, program.prints);
  if (program.place !== null) assert.equal(place, program.place);
  if (outcome === undefined || outcome.kind === "running") return;
  assert.ok(outcome.elapsedMs < program.limits.timeMs! + LATE_MS, `took ${outcome.elapsedMs} ms`);
}
