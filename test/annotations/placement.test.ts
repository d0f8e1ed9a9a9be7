import assert from "node:assert/strict";
import { placeLabels } from "../../src/annotations/placement";
import type { ShownTrace } from "../../src/session/session";

const options = { maxLength: 80, gradFn: true, gradient: true, sparkline: true };

/** A trace with one value per line, by line; `moved` says where lines are now. */
function shownTrace(values: Record<number, string>, moved: Record<number, number | null> = {}): ShownTrace {
  const lines = Object.keys(values).map(Number);
  return {
    trace: {
      run: 1,
      source: "",
      sites: lines.map((line) => ({ kind: "statement", line, start: line, end: line })),
      seen: new Map(
        lines.map((line, id) => [id, { count: 1, value: { kind: "plain", text: values[line]! } }]),
      ),
      output: "",
      outcome: { kind: "running" },
    },
    lineNow: (line) => (line in moved ? moved[line]! : line),
  };
}

describe("labels in a text that is being edited", () => {
  it("are dimmed as long as the text is newer", () => {
    const live = shownTrace({ 0: "1" });
    assert.deepEqual(placeLabels({ live, older: null, stale: true }, options), [
      { line: 0, text: "1", dimmed: true },
    ]);
    assert.deepEqual(placeLabels({ live, older: null, stale: false }, options), [
      { line: 0, text: "1", dimmed: false },
    ]);
  });

  it("of the run before stay, dimmed, on lines that the latest has not reached", () => {
    const state = { live: shownTrace({ 0: "new" }), older: shownTrace({ 0: "old", 1: "old" }), stale: false };
    assert.deepEqual(placeLabels(state, options), [
      { line: 0, text: "new", dimmed: false },
      { line: 1, text: "old", dimmed: true },
    ]);
  });

  it("follow their lines and go with them", () => {
    const live = shownTrace({ 0: "a", 1: "b" }, { 0: null, 1: 4 });
    assert.deepEqual(placeLabels({ live, older: null, stale: false }, options), [
      { line: 4, text: "b", dimmed: false },
    ]);
  });
});
