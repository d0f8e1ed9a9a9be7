import assert from "node:assert/strict";
import { playPace } from "../../src/panel/model/play";

describe("a play through the epochs", () => {
  it("takes six seconds however many there are, and less for a few", () => {
    for (const rounds of [100, 150, 10_000, 1_000_000]) {
      const { stride, frameMs } = playPace(rounds, false);
      assert.ok(Math.abs((rounds / stride) * frameMs - 6000) < 600, `${rounds} rounds`);
    }
    assert.deepEqual(playPace(5, false), { stride: 1, frameMs: 300 });
  });

  it("shows two pictures a second where little is to move", () => {
    assert.deepEqual(playPace(100, true), { stride: 9, frameMs: 500 });
    assert.deepEqual(playPace(5, true), { stride: 1, frameMs: 500 });
  });
});
