import assert from "node:assert/strict";
import type { RunEvents, Runner } from "../../src/runner/client";
import { Session, type SessionConfig, type SessionState } from "../../src/session/session";
import { addPart, startTrace } from "../../src/trace/collect";
import type { Outcome, Trace } from "../../src/trace/model";

/** Stands in for the process; each run is told what to answer, as the real one would report it. */
class FakeRunner implements Runner {
  readonly runs: {
    source: string;
    events: RunEvents;
    trace: Trace;
    timeMs: number | null;
    cancelled: boolean;
  }[] = [];
  disposed = false;

  run: Runner["run"] = (source, { limits }, events) => {
    const number = this.runs.length + 1;
    const lines = source.split("\n");
    const sites = lines.map((_, line) => ({ kind: "statement", start: 0, end: 0, line }) as const);
    const run = {
      source,
      events,
      trace: startTrace(number, source, sites),
      timeMs: limits.timeMs,
      cancelled: false,
    };
    this.runs.push(run);
    return {
      run: number,
      cancel: () => {
        run.cancelled = true;
      },
      pause: (on) => {
        if (run.trace.outcome.kind === "running") run.events.paused?.(on);
      },
    };
  };

  /** Reports that run `index` (0-based) reached its first `reached` lines. */
  part(index: number, reached: number): void {
    this.reach(index, reached);
    const { trace, events } = this.runs[index];
    events.part?.(trace);
  }

  private reach(index: number, reached: number): void {
    const { trace, events } = this.runs[index];
    if (trace.seen.size === 0) events.started?.(trace);
    for (let site = 0; site < reached; site++) {
      addPart(trace, {
        seen: [[site, { count: 1, value: { kind: "plain", text: `${trace.run}` } }]],
        output: "",
        at: site,
      });
    }
  }

  end(index: number, reached: number, outcome: Outcome = { kind: "done", elapsedMs: 1 }): void {
    this.reach(index, reached);
    const { trace, events } = this.runs[index];
    trace.outcome = outcome;
    events.ended?.(trace);
  }

  reject(index: number): void {
    this.runs[index].events.rejected?.([{ message: "no", start: 0, end: 1 }]);
  }

  query: Runner["query"] = () => Promise.resolve(null);
  warmUp(): void {}
  dispose(): void {
    this.disposed = true;
  }
}

const failed: Outcome = {
  kind: "failed",
  error: { name: "RuntimeError", message: "no", start: 0, end: 1 },
  elapsedMs: 1,
};

function open(text: string, config: Partial<SessionConfig> = {}) {
  const runner = new FakeRunner();
  const limits = { timeMs: 10_000, memoryMb: null, outputChars: null };
  const session = new Session(runner, "a.grad.ts", text, 1, { runOn: "type", limits, ...config });
  const states: SessionState[] = [];
  session.onDidChange((state) => states.push(state));
  session.open();
  return { runner, session, states };
}

/** Per line of the current text: the run whose value stands there, in brackets if dimmed. */
function shown({ live, older, isBeginning, stale }: SessionState, lineCount: number): string[] {
  const lines = new Array<string>(lineCount).fill("");
  const put = (from: SessionState["live"], dimmed: boolean) => {
    for (const [site, { value }] of from?.trace.seen ?? []) {
      const line = from?.lineNow(from.trace.sites[site].line) ?? null;
      if (line !== null) lines[line] = dimmed ? `(${value.text})` : value.text;
    }
  };
  put(older, stale || !isBeginning);
  put(live, stale);
  return lines;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a session", () => {
  it("runs a document when it is opened and each time it is edited", () => {
    const { runner, session } = open("a");
    session.edit("ab", 2);
    session.edit("abc", 3);
    assert.deepEqual(
      runner.runs.map((run) => run.source),
      ["a", "ab", "abc"],
    );
  });

  it("shows a result as soon as it is there", () => {
    const { runner, session, states } = open("a\nb");
    runner.end(0, 2);
    assert.deepEqual(shown(session.state, 2), ["1", "1"]);
    assert.equal(states.at(-1)!.status.kind, "done");
  });

  it("tells nothing of a result that is for an older text", () => {
    const { runner, session, states } = open("a");
    session.edit("ab", 2);
    states.length = 0;
    runner.end(0, 1);
    runner.reject(0);
    assert.equal(states.length, 0);
    assert.equal(session.state.live, null);
    assert.equal(session.state.status.kind, "running");
  });

  it("does not dim values for a run that is over at once", async () => {
    const { runner, session, states } = open("a");
    runner.end(0, 1);
    states.length = 0;
    session.edit("b", 2);
    await pause(10);
    runner.end(1, 1);
    await pause(200);
    assert.ok(states.every((state) => !state.stale && state.status.kind === "done"));
  });

  it("dims the old values while a run takes its time", async () => {
    const { runner, session, states } = open("a");
    runner.end(0, 1);
    states.length = 0;
    session.edit("b", 2);
    await pause(200);
    assert.equal(states.length, 1);
    assert.equal(states[0].status.kind, "running");
    assert.deepEqual(shown(states[0], 1), ["(1)"]);
  });

  it("dims old values in their places while the text cannot run, and shows why", () => {
    const { runner, session, states } = open("a\nb");
    runner.end(0, 2);
    session.edit("a\n(\nb", 2);
    runner.reject(1);
    assert.deepEqual(shown(states.at(-1)!, 3), ["(1)", "", "(1)"]);
    assert.equal(states.at(-1)!.diagnostics.length, 1);
    session.edit("a\nb", 3);
    runner.end(2, 2);
    assert.deepEqual(shown(states.at(-1)!, 2), ["3", "3"]);
    assert.equal(states.at(-1)!.diagnostics.length, 0);
  });

  it("keeps dimmed values on the lines that a failed run did not reach, over several failures", () => {
    const { runner, session } = open("a\nb\nc");
    runner.end(0, 3);
    session.edit("a\nb!\nc", 2);
    runner.end(1, 1, failed);
    assert.deepEqual(shown(session.state, 3), ["2", "(1)", "(1)"]);
    session.edit("a\nb!!\nc", 3);
    runner.end(2, 2, failed);
    assert.deepEqual(shown(session.state, 3), ["3", "3", "(1)"]);
  });

  it("clears the lines that a finished run no longer reaches", () => {
    const { runner, session } = open("a\nb");
    runner.end(0, 2);
    session.edit("a\nb ", 2);
    runner.end(1, 1);
    assert.deepEqual(shown(session.state, 2), ["2", ""]);
  });

  it("shows a long run's values as they come, over the old ones, which are dimmed when it takes its time", async () => {
    const { runner, session, states } = open("a\nb");
    runner.end(0, 2);
    session.edit("a \nb", 2);
    runner.part(1, 1);
    assert.deepEqual(shown(session.state, 2), ["2", "1"]);
    assert.equal(session.state.status.kind, "running");
    await pause(200);
    assert.deepEqual(shown(states.at(-1)!, 2), ["2", "(1)"]);
  });

  it("runs on save only, where that is the setting", () => {
    const { runner, session, states } = open("a", { runOn: "save" });
    runner.end(0, 1);
    session.edit("ab", 2);
    assert.equal(runner.runs.length, 1);
    assert.equal(states.at(-1)!.status.kind, "paused");
    assert.deepEqual(shown(states.at(-1)!, 1), ["(1)"]);
    session.saved();
    assert.equal(runner.runs.length, 2);
  });

  it("runs by command only, where that is the setting, with the limits of the command", () => {
    const { runner, session } = open("a", { runOn: "command" });
    session.edit("ab", 2);
    session.saved();
    assert.equal(runner.runs.length, 0);
    session.run({ timeMs: null, memoryMb: null, outputChars: null });
    assert.equal(runner.runs[0].timeMs, null);
  });

  it("runs again when an imported file changed, by the same setting", () => {
    const runsAfter = (runOn: SessionConfig["runOn"], saved: boolean) => {
      const { runner, session } = open("a", { runOn });
      const before = runner.runs.length;
      session.importChanged(saved);
      return runner.runs.length - before;
    };
    assert.deepEqual([runsAfter("type", false), runsAfter("type", true)], [1, 1]);
    assert.deepEqual([runsAfter("save", false), runsAfter("save", true)], [0, 1]);
    assert.deepEqual([runsAfter("command", false), runsAfter("command", true)], [0, 0]);
  });

  it("runs what was edited meanwhile when it is to run on typing again", () => {
    const { runner, session } = open("a", { runOn: "command" });
    session.edit("ab", 2);
    session.configure({ runOn: "type", limits: { timeMs: 1, memoryMb: null, outputChars: null } });
    assert.equal(runner.runs[0].source, "ab");
    assert.equal(runner.runs[0].timeMs, 1);
  });

  it("stops the run under way", () => {
    const { runner, session } = open("a");
    session.stop();
    assert.ok(runner.runs[0].cancelled);
  });

  it("is frozen until it is to go on, and runs an edit at once", () => {
    const { runner, session } = open("a");
    runner.part(0, 1);
    session.freeze();
    assert.deepEqual(session.state.status, { kind: "frozen" });
    session.thaw();
    assert.deepEqual(session.state.status, { kind: "running" });
    session.freeze();
    session.edit("b", 2);
    assert.deepEqual(session.state.status, { kind: "running" });
    assert.equal(runner.runs.length, 2);
  });

  it("has whoever asks about a run that has only begun wait for its end, of the newest run's if it is replaced", async () => {
    const { runner, session } = open("a\nb");
    const told: string[] = [];
    void session.settled().then(() => told.push(session.state.status.kind));
    runner.part(0, 1);
    session.edit("ab", 2);
    runner.end(0, 2);
    await pause(10);
    assert.deepEqual(told, []);
    runner.end(1, 1);
    await pause(10);
    assert.deepEqual(told, ["done"]);
  });

  it("has nobody wait for a run that takes its time, nor for none", async () => {
    const { runner, session } = open("a");
    await session.settled();
    assert.equal(session.state.status.kind, "running");
    runner.end(0, 1);
    await session.settled();
    session.edit("b", 2);
    session.dispose();
    await session.settled();
  });

  it("is silent once it is disposed of", async () => {
    const { runner, session, states } = open("a");
    session.dispose();
    runner.end(0, 1);
    await pause(200);
    assert.equal(states.length, 0);
    assert.ok(runner.disposed);
  });
});
