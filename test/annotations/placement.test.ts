import assert from "node:assert/strict";
import { placeLabels } from "../../src/annotations/placement";
import type { ShownTrace } from "../../src/session/session";

const options = {
  maxLength: 80,
  shape: "large",
  gradFn: true,
  gradient: true,
  sparkline: true,
  count: true,
  conditions: true,
  printed: true,
  training: true,
} as const;

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
    assert.deepEqual(
      placeLabels({ live, older: null, isBeginning: false, moment: null, stale: true }, options),
      [{ line: 0, text: "1", dimmed: true, isError: false }],
    );
    assert.deepEqual(
      placeLabels({ live, older: null, isBeginning: false, moment: null, stale: false }, options),
      [{ line: 0, text: "1", dimmed: false, isError: false }],
    );
  });

  it("of the run before stay, dimmed, on lines that the latest has not reached", () => {
    const state = {
      live: shownTrace({ 0: "new" }),
      older: shownTrace({ 0: "old", 1: "old" }),
      isBeginning: false,
      moment: null,
      stale: false,
    };
    assert.deepEqual(placeLabels(state, options), [
      { line: 0, text: "new", dimmed: false, isError: false },
      { line: 1, text: "old", dimmed: true, isError: false },
    ]);
    assert.deepEqual(placeLabels({ ...state, isBeginning: true }, options), [
      { line: 0, text: "new", dimmed: false, isError: false },
      { line: 1, text: "old", dimmed: false, isError: false },
    ]);
  });

  it("follow their lines and go with them", () => {
    const live = shownTrace({ 0: "a", 1: "b" }, { 0: null, 1: 4 });
    assert.deepEqual(
      placeLabels({ live, older: null, isBeginning: false, moment: null, stale: false }, options),
      [{ line: 4, text: "b", dimmed: false, isError: false }],
    );
  });

  it("are laid out only where they are looked at", () => {
    const live = shownTrace({ 0: "a", 1: "b", 7: "c" }, { 7: 3 });
    const placed = placeLabels(
      { live, older: null, isBeginning: false, moment: null, stale: false },
      options,
      1,
      3,
    );
    assert.deepEqual(
      placed.map(({ line, text }) => [line, text]),
      [
        [1, "b"],
        [3, "c"],
      ],
    );
  });
});

describe("labels of an earlier iteration", () => {
  /** A loop on line 0 around line 1, and line 2 after it. */
  const live = shownTrace({ 0: "head", 1: "now", 2: "after" });
  const trace = { ...live.trace, seen: new Map([...live.trace.seen].slice(0, 2)) };
  const past = { position: { loop: 0, iteration: 3 }, total: 8, older: new Set([1]) };
  const moment = { ...live, trace, past };

  it("take the place of all others and say which iteration they are of", () => {
    const placed = placeLabels({ live, older: null, isBeginning: false, moment, stale: false }, options);
    assert.deepEqual(
      placed.map(({ line, text }) => [line, text]),
      [
        [0, "head  ⟲ iteration 3 of 8"],
        [1, "now"],
      ],
    );
  });

  it("are dimmed where the loop did not come by in that iteration", () => {
    const placed = placeLabels({ live, older: null, isBeginning: false, moment, stale: false }, options);
    assert.deepEqual(
      placed.map(({ dimmed }) => dimmed),
      [false, true],
    );
  });

  it("are dimmed as long as those of an edited program are not there", () => {
    const older = { ...moment, trace: { ...trace, run: 0 } };
    const placed = placeLabels(
      { live, older: null, isBeginning: false, moment: older, stale: false },
      options,
    );
    assert.ok(placed.every(({ dimmed }) => dimmed));
  });
});
