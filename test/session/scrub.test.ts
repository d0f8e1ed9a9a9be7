import assert from "node:assert/strict";
import { iterationText } from "../../src/annotations/iteration";
import { carryOver, loopAt, traceThen } from "../../src/session/moment";
import { choices, type Move, moved, nextFrame } from "../../src/session/scrub";
import type { Seen, Trace } from "../../src/trace/model";

const source = `for (const epoch of epochs) {
  for (const item of items) {
    use(item)
  }
}
done()`;

/** Runs of a loop in a loop: 3 epochs of 4 items. */
function traceOf(counts: [outer: number, inner: number] = [3, 12], run = 1): Trace {
  const head = (text: string) => {
    const start = source.indexOf(text);
    return { kind: "loop" as const, start, end: source.indexOf(") {", start) + 1, line: 0 };
  };
  const outer = { ...head("for (const epoch"), bodyEnd: source.lastIndexOf("}") + 1 };
  const inner = { ...head("for (const item"), bodyEnd: source.indexOf("}") + 1 };
  const seen = (count: number): Seen => ({ count, value: { kind: "plain", text: "" } });
  const entries = counts.map((count, id) => [id, seen(count)] as const).filter(([, { count }]) => count > 0);
  return {
    run,
    source,
    sites: [outer, inner],
    seen: new Map(entries),
    output: "",
    outcome: { kind: "done", elapsedMs: 1 },
  };
}

const inInner = source.indexOf("use");
const inOuter = source.indexOf("  for");
const after = source.indexOf("done");

describe("the loop at the cursor", () => {
  it("is the innermost one around it", () => {
    assert.equal(loopAt(traceOf(), inInner, null), 1);
    assert.equal(loopAt(traceOf(), inOuter, null), 0);
  });

  it("is the one that is shown, where there is none around it", () => {
    assert.equal(loopAt(traceOf(), after, { loop: 0, iteration: 2 }), 0);
    assert.equal(loopAt(traceOf(), after, null), 1);
  });

  it("is one that ran", () => {
    assert.equal(loopAt(traceOf([3, 0]), inInner, null), 0);
    assert.equal(loopAt(traceOf([0, 0]), inInner, null), null);
  });
});

describe("moving through the iterations of a loop", () => {
  const at = (iteration: number | null, move: Move) =>
    moved(traceOf(), inOuter, iteration === null ? null : { loop: 0, iteration }, move)?.iteration ?? null;

  it("goes back from the end of the run, whose values are the last iteration's", () => {
    assert.equal(at(null, "previous"), 2);
    assert.equal(at(2, "previous"), 1);
    assert.equal(at(1, "previous"), 1);
  });

  it("goes on to the end of the run", () => {
    assert.equal(at(1, "next"), 2);
    assert.equal(at(3, "next"), null);
    assert.equal(at(null, "next"), null);
  });

  it("jumps to either end", () => {
    assert.equal(at(2, "first"), 1);
    assert.equal(at(null, "last"), 3);
  });

  it("plays from the first iteration to the last, a long loop in larger steps", () => {
    const frames = (total: number) => {
      const trace = traceOf([total, 0]);
      const shown: number[] = [];
      for (let p = nextFrame(trace, 0, null); p !== null; p = nextFrame(trace, 0, p)) shown.push(p.iteration);
      return shown;
    };
    assert.deepEqual(frames(3), [1, 2, 3]);
    const long = frames(100_000);
    assert.ok(long.length <= 102);
    assert.deepEqual([long[0], long[long.length - 1]], [1, 100_000]);
  });

  it("offers all iterations of a short loop to choose from, of a long one some from first to last", () => {
    assert.deepEqual(choices(4, 10), [1, 2, 3, 4]);
    assert.deepEqual(choices(1001, 3), [1, 501, 1001]);
  });

  it("says where it is in the loop's own words", () => {
    assert.equal(iterationText(traceOf(), { position: { loop: 0, iteration: 2 }, total: 3 }), "epoch 2 of 3");
    assert.equal(
      iterationText(traceOf(), { position: { loop: 1, iteration: 5 }, total: 12 }),
      "iteration 5 of 12",
    );
  });
});

describe("a trace at an earlier iteration", () => {
  const trace = traceOf();
  const use = { kind: "statement" as const, start: inInner, end: inInner + 9, line: 2 };
  const last: Trace = { ...trace, sites: [...trace.sites, use, use, use] };
  const value = (text: string) => ({ kind: "plain", text }) as const;
  last.seen.set(2, { count: 12, value: value("12"), series: [1, 12] });
  last.seen.set(3, {
    count: 12,
    value: value("null"),
    event: { kind: "backward", leaves: [{ name: "w", shape: [], grad: "tensor(9.)" }] },
  });
  last.seen.set(4, { count: 3, value: value("end") });
  const event = { kind: "backward" as const, leaves: [{ name: "w", shape: [], grad: "tensor(4.)" }] };
  const seenThen = { count: 7, value: value("7"), iteration: 1 };
  const answer = {
    seen: [[2, seenThen] as [number, typeof seenThen]],
    events: [{ site: 3, iteration: 2, event }],
  };
  const then = traceThen(last, { loop: 0, iteration: 2 }, answer);

  it("has what was seen by then and nothing later", () => {
    assert.equal(then.trace.seen.get(2)!.value.text, "7");
    assert.equal(then.trace.seen.has(4), false);
    assert.equal(then.past.total, 3);
  });

  it("knows what the loop passed by in that iteration", () => {
    assert.deepEqual([...then.past.older], [2]);
  });

  it("tells what backward did then, not the last time", () => {
    assert.deepEqual(then.trace.seen.get(3)!.event, event);
  });

  it("is looked for in the next run's loop of the same place", () => {
    const next = traceOf([3, 12], 2);
    assert.deepEqual(carryOver({ loop: 1, iteration: 5 }, trace, next), { loop: 1, iteration: 5 });
    assert.equal(carryOver({ loop: 1, iteration: 5 }, trace, { ...next, sites: [next.sites[0]!] }), null);
  });
});
