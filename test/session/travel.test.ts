import assert from "node:assert/strict";
import type { RunEvents, Runner } from "../../src/runner/client";
import { Session } from "../../src/session/session";
import { addPart, startTrace } from "../../src/trace/collect";
import type { Trace } from "../../src/trace/model";
import type { MomentAnswer, Query } from "../../src/trace/queries";

/** A runner whose programs are a loop around one statement, and which answers when it is told to. */
class FakeRunner implements Runner {
  readonly runs: { events: RunEvents; trace: Trace }[] = [];
  readonly asked: { iteration: number; answer: () => Promise<void> }[] = [];

  run: Runner["run"] = (source, _options, events) => {
    const site = (kind: "loop" | "statement") => ({ kind, start: 0, end: source.length, line: 0 });
    const run = this.runs.length + 1;
    this.runs.push({ events, trace: startTrace(run, source, [site("loop"), site("statement")]) });
    return { run, cancel: () => {}, pause: () => {} };
  };

  /** The last run goes through `iterations`, and is over. */
  finish(iterations: number): void {
    const { trace, events } = this.runs[this.runs.length - 1]!;
    events.started?.(trace);
    const seen = [0, 1].map((site): [number, { count: number; value: { kind: "plain"; text: string } }] => [
      site,
      { count: iterations, value: { kind: "plain", text: "last" } },
    ]);
    addPart(trace, { seen, output: "", at: 1 });
    trace.outcome = { kind: "done", elapsedMs: 1 };
    events.ended?.(trace);
  }

  query = (run: number, query: Query) =>
    new Promise<never>((resolve) => {
      const { at } = query as Extract<Query, { kind: "moment" }>;
      const value = { kind: "plain", text: `run ${run}, ${at.iteration}` } as const;
      const answer: MomentAnswer = { seen: [[1, { count: 1, value, iteration: at.iteration }]], events: [] };
      this.asked.push({
        iteration: at.iteration,
        answer: async () => {
          resolve(answer as never);
          await new Promise(setImmediate);
        },
      });
    });

  warmUp(): void {}
  dispose(): void {}
}

function openAfter(iterations: number) {
  const runner = new FakeRunner();
  const limits = { timeMs: null, memoryMb: null, outputChars: null };
  const session = new Session(runner as Runner, "a.grad.ts", "loop", 1, { runOn: "type", limits });
  session.open();
  runner.finish(iterations);
  return { runner, session };
}

const shownThen = (session: Session) => session.state.moment?.trace.seen.get(1)?.value.text;

describe("going back in time", () => {
  it("shows the iteration once it is known, and the end again when left", async () => {
    const { runner, session } = openAfter(9);
    session.travel.set({ loop: 0, iteration: 4 });
    assert.equal(session.state.moment, null);
    await runner.asked[0]!.answer();
    assert.equal(shownThen(session), "run 1, 4");
    session.travel.set(null);
    assert.equal(session.state.moment, null);
  });

  it("asks once at a time, and of what a fast hand passed only for the last", async () => {
    const { runner, session } = openAfter(100);
    for (let iteration = 1; iteration <= 50; iteration++) session.travel.set({ loop: 0, iteration });
    assert.deepEqual(
      runner.asked.map(({ iteration }) => iteration),
      [1],
    );
    await runner.asked[0]!.answer();
    await runner.asked[1]!.answer();
    assert.deepEqual(
      runner.asked.map(({ iteration }) => iteration),
      [1, 50],
    );
    assert.equal(shownThen(session), "run 1, 50");
  });

  it("stays at its iteration when the program is edited, with what was shown until the new run is known", async () => {
    const { runner, session } = openAfter(9);
    session.travel.set({ loop: 0, iteration: 4 });
    await runner.asked[0]!.answer();
    session.edit("loop!", 2);
    runner.finish(9);
    assert.equal(shownThen(session), "run 1, 4");
    await runner.asked[1]!.answer();
    assert.equal(shownThen(session), "run 2, 4");
  });

  it("comes to the last iteration of a run that has fewer", async () => {
    const { runner, session } = openAfter(9);
    session.travel.set({ loop: 0, iteration: 8 });
    session.edit("loop!", 2);
    runner.finish(3);
    assert.deepEqual(session.travel.position, { loop: 0, iteration: 3 });
  });

  it("drops an answer that comes after it was left", async () => {
    const { runner, session } = openAfter(9);
    session.travel.set({ loop: 0, iteration: 4 });
    session.travel.set(null);
    await runner.asked[0]!.answer();
    assert.equal(session.state.moment, null);
  });
});
