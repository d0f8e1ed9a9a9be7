import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Trace } from "../../src/trace/model";
import { type Started, TestRunner } from "./harness";

const COUNTING = `let n = 0;
for (let i = 0; i < 1e9; i++) {
  const before = n;
  n = before + 1;
}`;
const HANGING = `/(a+)+$/.test("a".repeat(40) + "!");`;

describe("a paused run", () => {
  let test: TestRunner;
  before(() => {
    test = new TestRunner();
  });
  after(() => test.dispose());

  async function paused(source = COUNTING, timeMs: number | null = null): Promise<Started> {
    const run = test.start(source, { timeMs });
    await run.until(hasLooped);
    const isPaused = run.paused(true);
    run.handle.pause(true);
    await isPaused;
    return run;
  }

  async function goOn(run: Started): Promise<void> {
    const goesOn = run.paused(false);
    run.handle.pause(false);
    await goesOn;
  }

  it("rests before an iteration, and computes nothing", async () => {
    const run = test.start(`let n = 0;
for (let i = 0; i < 1e9; i++) {
  const first = i;
  n += 1;
  const last = i;
}`);
    const trace = await run.until(hasLooped);
    const isPaused = run.paused(true);
    run.handle.pause(true);
    await isPaused;
    const counts = () => ["first", "last"].map((name) => countOf(trace, name));
    const [first, last] = counts();
    assert.equal(first, last);
    await delay(200);
    assert.deepEqual(counts(), [first, last]);
    await goOn(run);
    await run.until(() => counts()[0] > first);
    run.handle.cancel();
    assert.equal((await run.result).kind, "stopped");
  });

  it("tells its values when it is asked", async () => {
    const run = await paused(`import torch from "torch";
const x = torch.zeros(1);
for (let i = 0; i < 1e9; i++) x.add_(1);`);
    const ask = () => test.runner.query(run.handle.run, { kind: "curves", have: [] });
    const first = await ask();
    assert.ok(first!.curves.length > 0);
    assert.deepEqual(await ask(), first);
    run.handle.cancel();
    await run.result;
  });

  it("goes on where it was", async () => {
    const run = await paused(`let sum = 0;
for (let i = 0; i < 3e7; i++) sum += 1;
print(sum);`);
    await goOn(run);
    const { kind, output } = await run.result;
    assert.equal(kind, "done");
    assert.equal(output, "30000000\n");
  });

  it("is not stopped at its time limit before it went on and used it up", async () => {
    const run = await paused(COUNTING, 300);
    await delay(1200);
    await goOn(run);
    const { kind, message, trace } = await run.result;
    assert.equal(kind, "stopped");
    assert.match(message, /Stopped after 300 ms/);
    const { outcome } = trace!;
    assert.ok(outcome.kind === "stopped" && outcome.elapsedMs < 1000, "its pause does not count");
  });

  it("stops at once", async () => {
    const run = await paused();
    const startedAt = performance.now();
    run.handle.cancel();
    const { message } = await run.result;
    assert.match(message, /Stopped by you/);
    assert.ok(performance.now() - startedAt < 500);
  });

  it("makes way for another at once", async () => {
    await paused();
    const startedAt = performance.now();
    assert.equal((await test.run("print(2)")).output, "2\n");
    assert.ok(performance.now() - startedAt < 1000);
  });

  it("leaves the next run alone", async () => {
    const run = await paused();
    run.handle.cancel();
    await run.result;
    assert.equal((await test.run("for (let i = 0; i < 5000; i++);\nprint(3)")).output, "3\n");
  });

  it("runs anew when its process is killed", async () => {
    const run = await paused("for (let i = 0; ; i++) { const n = i }");
    const child = test.children.at(-1)!;
    const goesOn = run.paused(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    await goesOn;
    await run.until(({ seen }) => seen.size > 0);
    run.handle.cancel();
    assert.equal((await run.result).kind, "stopped");
  });

  it("ends at its time limit if a loop's program hangs elsewhere", async () => {
    const { kind, message } = await test.run(`for (let i = 0; i < 3; i++);\n${HANGING}`, { timeMs: 200 });
    assert.equal(kind, "stopped");
    assert.match(message, /Stopped after 200 ms/);
  });
});

function hasLooped({ seen }: Trace): boolean {
  return [...seen.values()].some(({ count }) => count > 1);
}

function countOf({ sites, seen }: Trace, name: string): number {
  return seen.get(sites.findIndex((site) => site.name === name))!.count;
}
