import assert from "node:assert/strict";
import { Pace } from "../../src/panel/model/pace";

describe("the pace of questions", () => {
  it("leaves a program in peace for fifty times as long as an answer took it", () => {
    const pace = new Pace();
    assert.ok(pace.isDue(0));
    pace.answered(0, 10_000); // a millisecond's work
    assert.ok(!pace.isDue(49));
    assert.ok(pace.isDue(50));
  });

  it("waits until a run is old enough", () => {
    const pace = new Pace();
    pace.restart(500);
    assert.ok(!pace.isDue(499));
    assert.ok(pace.isDue(500));
  });
});
