import assert from "node:assert/strict";
import { Restarts } from "../../src/extension/restarts";

const MINUTE = 60_000;

describe("a process that ends", () => {
  it("is started again at once, and quietly the first time", () => {
    assert.deepEqual(new Restarts().ended(0), { delayMs: 100, tell: false });
  });

  it("is told of once while it keeps ending", () => {
    const restarts = new Restarts();
    const told = [0, 1, 2, 3].map((minute) => restarts.ended(minute * MINUTE).tell);
    assert.deepEqual(told, [false, true, false, false]);
  });

  it("counts as new after a long time", () => {
    const restarts = new Restarts();
    const told = [0, 1, 30, 60, 61].map((minute) => restarts.ended(minute * MINUTE).tell);
    assert.deepEqual(told, [false, true, false, false, true]);
  });

  it("waits longer each time it cannot even start, and no longer once it could", () => {
    const restarts = new Restarts();
    const delays = Array.from({ length: 9 }, (_, k) => restarts.ended(k * 30 * MINUTE).delayMs);
    assert.deepEqual(delays, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
    restarts.started();
    assert.equal(restarts.ended(1000 * MINUTE).delayMs, 100);
  });
});
