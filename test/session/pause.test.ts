import assert from "node:assert/strict";
import type { Site } from "../../src/compiler/site";
import type { RunEvents, Runner } from "../../src/runner/client";
import { Session, type SessionConfig, type SessionState } from "../../src/session/session";
import { startTrace } from "../../src/trace/collect";
import type { Outcome } from "../../src/trace/model";

const SLOW = "let n = 0\nfor (;;) {\n  n += 1\n}\nprint(n)\n";
const LOOP = { start: SLOW.indexOf("for"), end: SLOW.indexOf(")") + 1, bodyEnd: SLOW.indexOf("}") + 1 };
const INSIDE = SLOW.indexOf("+= 1");

const limits = { timeMs: 1000, memoryMb: null, outputChars: null };
const error = { name: "Stopped", message: "Stopped after 1000 ms.", start: INSIDE, end: INSIDE + 4 };
const tooSlow: Outcome = { kind: "stopped", reason: "time", error, elapsedMs: 1000 };
const done: Outcome = { kind: "done", elapsedMs: 1 };

/** A session whose runs end as they are told. */
function open(text = SLOW, config: Partial<SessionConfig> = {}) {
  const runs: { source: string; timeMs: number | null; end(outcome: Outcome): void }[] = [];
  const runner: Runner = {
    run(source, options, events: RunEvents) {
      const sites = [{ kind: "loop", ...LOOP, line: 1 }] as Site[];
      const trace = startTrace(runs.length + 1, source, sites);
      const end = (outcome: Outcome) => {
        events.started?.(trace);
        trace.outcome = outcome;
        events.ended?.(trace);
      };
      runs.push({ source, timeMs: options.limits.timeMs, end });
      return { run: runs.length, cancel: () => {}, pause: () => {} };
    },
    query: () => Promise.resolve(null),
    warmUp: () => {},
    dispose: () => {},
  };
  const session = new Session(runner, "a.grad.ts", text, 1, { runOn: "type", limits, ...config });
  const states: SessionState[] = [];
  session.onDidChange((state) => states.push(state));
  session.open();
  let version = 1;
  let current = text;
  /** Puts `inserted` at `offset`, in place of `length` characters. */
  const edit = (offset: number, inserted: string, length = 0) => {
    current = current.slice(0, offset) + inserted + current.slice(offset + length);
    session.edit(current, ++version, [{ offset, length, text: inserted }]);
  };
  const status = () => states.at(-1)!.status;
  return { runs, session, status, edit };
}

/** A session that hit its time limit twice. */
function halted() {
  const opened = open();
  opened.runs[0].end(tooSlow);
  opened.edit(0, " ");
  opened.runs[1].end(tooSlow);
  return opened;
}

describe("a program that takes too long", () => {
  it("runs by itself until it hit its time limit twice in a row, and then says that it no longer does", () => {
    const { runs, status, edit } = open();
    runs[0].end(tooSlow);
    assert.equal(status().kind, "stopped");
    edit(0, " ");
    runs[1].end(tooSlow);
    assert.deepEqual(status(), { kind: "halted", error });
    edit(0, " ");
    assert.equal(runs.length, 2);
    assert.equal(status().kind, "halted");
  });

  it("goes on running by itself if it ended in time in between", () => {
    const { runs, edit } = open();
    for (const outcome of [tooSlow, done, tooSlow, done]) {
      runs.at(-1)!.end(outcome);
      edit(0, " ");
    }
    assert.equal(runs.length, 5);
  });

  it("runs again once its loop is edited, wherever the loop has moved", () => {
    const { runs, edit } = halted();
    edit(0, "// above\n");
    assert.equal(runs.length, 2);
    edit("// above\n".length + 1 + INSIDE, "+");
    assert.equal(runs.length, 3);
  });

  it("runs again when the user says so, with the limit and by every edit", () => {
    const { runs, session, edit } = halted();
    session.resume();
    assert.deepEqual([runs.length, runs[2].timeMs], [3, 1000]);
    edit(0, " ");
    assert.equal(runs.length, 4);
  });

  it("runs again when the user runs it, without counting that run", () => {
    const { runs, session, status, edit } = halted();
    session.run({ ...limits, timeMs: 5000 });
    runs[2].end(tooSlow);
    assert.equal(status().kind, "stopped");
    edit(0, " ");
    assert.equal(runs.length, 4);
  });
});

describe("a session that starts paused", () => {
  it("runs nothing by itself before the user wants it", () => {
    const { runs, session, status, edit } = open("a", { startPaused: true });
    edit(0, "b");
    assert.equal(runs.length, 0);
    assert.deepEqual(status(), { kind: "halted", error: null });
    session.resume();
    edit(0, "c");
    assert.equal(runs.length, 2);
  });
});
