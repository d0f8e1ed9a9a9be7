import assert from "node:assert/strict";
import { createCounters } from "../../src/runtime/recorder";
import { Budget } from "../../src/trace/budget";
import { SERIES_LENGTH } from "../../src/trace/model";
import { Moments } from "../../src/trace/moments";
import { Series } from "../../src/trace/series";

function seriesOf(length: number): number[] {
  const series = new Series(new Moments([], createCounters(0)), new Budget(1 << 20), SERIES_LENGTH);
  for (let step = 0; step < length; step++) if (step >= series.next) series.add(step, step);
  return series.toArray(SERIES_LENGTH);
}

describe("Series", () => {
  it("keeps every value of a short loop", () => {
    assert.deepEqual(seriesOf(5), [0, 1, 2, 3, 4]);
    assert.equal(seriesOf(SERIES_LENGTH).length, SERIES_LENGTH);
  });

  for (const length of [SERIES_LENGTH + 1, 100, 1000, 123_457]) {
    it(`thins ${length} steps evenly, from the first`, () => {
      const kept = seriesOf(length);
      const stride = kept[1] - kept[0];
      assert.equal(kept[0], 0);
      assert.ok(kept.length > SERIES_LENGTH / 2 && kept.length <= SERIES_LENGTH, `${kept.length} kept`);
      assert.ok(kept.every((step, i) => step === i * stride));
      assert.ok(length - 1 - kept[kept.length - 1] < stride);
    });
  }

  it("takes up its even steps again after values it was not given", () => {
    const series = new Series(new Moments([], createCounters(0)), new Budget(1 << 20), SERIES_LENGTH);
    for (const step of [0, 1, 70, 71]) if (step >= series.next) series.add(step, step);
    assert.deepEqual(series.toArray(SERIES_LENGTH), [0, 1, 70, 71]);
  });
});
