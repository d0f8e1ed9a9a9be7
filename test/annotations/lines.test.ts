import assert from "node:assert/strict";
import { marginChars } from "../../src/annotations/alignment";
import { HiddenLines, type LineChange } from "../../src/annotations/hiddenLines";

describe("a hidden annotation", () => {
  const change = (
    firstLine: number,
    lastLine: number,
    breaks: number,
    fromLineStart = false,
  ): LineChange => ({
    firstLine,
    lastLine,
    breaks,
    fromLineStart,
  });
  function afterEdits(line: number, ...changes: LineChange[]): number[] {
    const hidden = new HiddenLines();
    hidden.toggle(line);
    hidden.move(changes);
    return Array.from({ length: 20 }, (_, i) => i).filter((i) => hidden.has(i));
  }

  it("stays hidden when its line moves down or up", () => {
    assert.deepEqual(afterEdits(5, change(2, 2, 3)), [8]);
    assert.deepEqual(afterEdits(5, change(2, 4, 0)), [3]);
    assert.deepEqual(afterEdits(5, change(8, 9, 4)), [5]);
    assert.deepEqual(afterEdits(5, change(4, 4, 1), change(1, 2, 0)), [5]);
  });

  it("stays on its line when a break is typed at its end, and moves with one at its start", () => {
    assert.deepEqual(afterEdits(5, change(5, 5, 1)), [5]);
    assert.deepEqual(afterEdits(5, change(5, 5, 1, true)), [6]);
  });

  it("is forgotten with its line", () => {
    assert.deepEqual(afterEdits(5, change(4, 6, 0)), []);
  });

  it("is shown again by a second toggle", () => {
    const hidden = new HiddenLines();
    hidden.toggle(3);
    hidden.toggle(3);
    assert.equal(hidden.has(3), false);
  });
});

describe("an annotation in a column", () => {
  it("begins there, whatever is on the line before it", () => {
    assert.equal(marginChars("const x = 1", 4, 40) + "const x = 1".length, 40);
    assert.equal(marginChars("\tx\ty", 4, 40) + 9, 40);
  });

  it("follows a line that is longer, and every line's end where there is no column", () => {
    assert.equal(marginChars("x".repeat(60), 4, 40), 3);
    assert.equal(marginChars("x", 4, null), 3);
  });
});
