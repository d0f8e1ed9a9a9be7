import assert from "node:assert/strict";
import { changeBetween, LineTracker, type TextChange } from "../../src/session/lines";

/** Where the lines of `before` are after `edits`, each a [removed, inserted] pair at a marked place. */
function linesAfter(
  before: string,
  ...edits: [at: string, removed: string, inserted: string][]
): (number | null)[] {
  const changes: TextChange[] = edits.map(([at, removed, text]) => {
    const offset = before.indexOf(at + removed) + at.length;
    return { offset, length: removed.length, text };
  });
  let result = before;
  for (const { offset, length, text } of changes.toSorted((a, b) => b.offset - a.offset)) {
    result = result.slice(0, offset) + text + result.slice(offset + length);
  }
  const tracker = new LineTracker(before);
  tracker.apply(result, changes);
  return before.split("\n").map((_, line) => tracker.now(line));
}

describe("LineTracker", () => {
  it("keeps a line in its place while it is typed in, before, within and at its end", () => {
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["aa\n", "", "x"]), [0, 1, 2]);
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["aa\nb", "", "x"]), [0, 1, 2]);
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["bb", "", "x"]), [0, 1, 2]);
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["", "bb", ""]), [0, 1, 2]);
  });

  it("moves the lines below an inserted line", () => {
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["aa", "", "\nnew"]), [0, 2, 3]);
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["aa\n", "", "new\n"]), [0, 2, 3]);
  });

  it("takes the label along with the end of a line that is broken in two", () => {
    assert.deepEqual(linesAfter("aabb\ncc", ["aa", "", "\n"]), [1, 2]);
  });

  it("forgets a deleted line and moves those below it up", () => {
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["aa\n", "bb\n", ""]), [0, null, 1]);
    assert.deepEqual(linesAfter("aa\nbb\ncc\ndd", ["aa\n", "bb\ncc\n", ""]), [0, null, null, 1]);
  });

  it("joins two lines into one", () => {
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["aa", "\n", ""]), [0, 0, 1]);
  });

  it("follows several edits of one event", () => {
    assert.deepEqual(linesAfter("aa\nbb\ncc", ["", "aa", "x\ny"], ["bb\n", "", "z\n"]), [1, 2, 4]);
  });

  it("holds the end of a line before CR LF", () => {
    assert.deepEqual(linesAfter("aa\r\nbb\r\ncc", ["aa", "", "1"]), [0, 1, 2]);
    assert.deepEqual(linesAfter("aa\r\nbb\r\ncc", ["aa\r\n", "bb\r\n", ""]), [0, null, 1]);
  });

  it("sees what really changed when the whole text is replaced", () => {
    const tracker = new LineTracker("aa\nbb\ncc");
    const text = "aa\nnew\nbb\ncc";
    tracker.apply(text, [{ offset: 0, length: 8, text }]);
    assert.deepEqual(
      [0, 1, 2].map((line) => tracker.now(line)),
      [0, 2, 3],
    );
  });

  it("adds up over edits", () => {
    const tracker = new LineTracker("aa\nbb");
    tracker.apply("\naa\nbb", [changeBetween("aa\nbb", "\naa\nbb")]);
    tracker.apply("\n\naa\nbb", [changeBetween("\naa\nbb", "\n\naa\nbb")]);
    assert.equal(tracker.now(1), 3);
  });
});
