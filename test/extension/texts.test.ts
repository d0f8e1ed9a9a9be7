import assert from "node:assert/strict";
import { problemsOf } from "../../src/diagnostics/problems";
import { describeLesson } from "../../src/extension/lessonText";
import { outputText } from "../../src/extension/outputText";
import { describeStatus, duration } from "../../src/extension/statusText";
import type { SessionState } from "../../src/session/session";
import type { Outcome } from "../../src/trace/model";

const error = { name: "RuntimeError", message: "shapes differ", start: 4, end: 9 };

function stateAfter(outcome: Outcome, more: Partial<SessionState> = {}): SessionState {
  const trace = { run: 1, source: "1\nabc\n", sites: [], seen: new Map(), output: "2\n", outcome };
  const live = { trace, lineNow: (line: number) => line };
  return {
    version: 1,
    status: { kind: "running" },
    live,
    stale: false,
    older: null,
    isBeginning: false,
    moment: null,
    seed: null,
    diagnostics: [],
    ...more,
  };
}

describe("the status bar", () => {
  const texts: [Parameters<typeof describeStatus>[0], string][] = [
    [undefined, "$(shield) not trusted"],
    [{ kind: "running" }, "$(sync~spin) running"],
    [{ kind: "done", elapsedMs: 12.4 }, "$(check) 12 ms"],
    [{ kind: "failed", error }, "$(error) failed: RuntimeError"],
    [{ kind: "stopped", error }, "$(circle-slash) stopped"],
    [{ kind: "rejected" }, "$(error) cannot run"],
  ];
  for (const [status, text] of texts) {
    it(`says "${text.replace(/\$\(.*\) /, "")}"`, () => assert.equal(describeStatus(status).text, text));
  }

  it("shows a program's own error name as text, not as an icon", () => {
    const { text } = describeStatus({ kind: "failed", error: { ...error, name: "$(bug)\nx" } });
    assert.equal(text, "$(error) failed: $\u200b(bug) x");
  });

  it("gives durations in readable units", () => {
    assert.deepEqual([0.2, 12.4, 3400, 125_000].map(duration), ["< 1 ms", "12 ms", "3.4 s", "2 min"]);
  });
});

describe("problems of a run", () => {
  it("are the error at its place", () => {
    assert.deepEqual(problemsOf(stateAfter({ kind: "failed", error, elapsedMs: 1 })), [
      { severity: "error", message: "RuntimeError: shapes differ", start: 4, end: 9 },
    ]);
  });

  it("warn where a limit ended it", () => {
    assert.deepEqual(problemsOf(stateAfter({ kind: "stopped", reason: "time", error, elapsedMs: 1 })), [
      { severity: "warning", message: "shapes differ", start: 4, end: 9 },
    ]);
  });

  it("say nothing about a stop that the user wished for", () => {
    assert.deepEqual(problemsOf(stateAfter({ kind: "stopped", reason: "user", error, elapsedMs: 1 })), []);
  });

  it("end with the run that has none", () => {
    assert.deepEqual(problemsOf(stateAfter({ kind: "done", elapsedMs: 1 })), []);
  });

  it("stay as they are until the current text's own are known", () => {
    assert.equal(problemsOf(stateAfter({ kind: "running" })), null);
    assert.equal(problemsOf(stateAfter({ kind: "done", elapsedMs: 1 }, { stale: true })), null);
  });

  it("are why the text cannot run", () => {
    const diagnostics = [{ message: "';' expected.", start: 1, end: 2 }];
    const state = stateAfter(
      { kind: "done", elapsedMs: 1 },
      { stale: true, status: { kind: "rejected" }, diagnostics },
    );
    assert.deepEqual(problemsOf(state), [{ severity: "error", message: "';' expected.", start: 1, end: 2 }]);
  });
});

describe("the output of a run", () => {
  it("is what was printed", () => {
    assert.equal(outputText(stateAfter({ kind: "done", elapsedMs: 1 })), "2\n");
  });

  it("ends with the error and its line", () => {
    assert.equal(
      outputText(stateAfter({ kind: "failed", error, elapsedMs: 1 })),
      "2\nRuntimeError: shapes differ (line 2)\n",
    );
  });

  it("is unknown while the text is newer", () => {
    assert.equal(outputText(stateAfter({ kind: "running" }, { stale: true })), null);
  });
});

describe("the list of lessons", () => {
  it("names a lesson by the sentence it begins with", () => {
    const content = "// Lesson 0: what training\n// does. A forward pass.\n//\n// More.\nimport x";
    assert.deepEqual(describeLesson("0-training.grad.ts", content), {
      label: "Lesson 0: what training does",
      description: "0-training.grad.ts",
    });
  });

  it("names one without a comment by its file", () => {
    assert.equal(describeLesson("0-training.grad.ts", "const a = 1").label, "0-training.grad.ts");
  });
});
