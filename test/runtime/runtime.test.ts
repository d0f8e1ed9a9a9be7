import assert from "node:assert/strict";
import { countOf, createCounters, Latest, type Recorder } from "../../src/runtime/recorder";
import { createRuntime } from "../../src/runtime/runtime";

/** A recorder that asks for every `steps`-th value and notes what it was asked. */
function recording(siteCount: number, steps: number) {
  const calls: string[] = [];
  const recorder: Recorder = {
    counters: createCounters(siteCount),
    see: (site, value) => void calls.push(`see ${site} ${value}`),
    sample(site, value) {
      calls.push(`sample ${site} ${value}`);
      return steps;
    },
    tick(site) {
      calls.push(`tick ${site}`);
      return steps;
    },
    thrown(site, error) {
      calls.push(`thrown ${site} ${error}`);
      return error;
    },
  };
  return { calls, recorder, runtime: createRuntime(recorder, () => ({ default: 1 })) };
}

describe("the runtime tells the recorder", () => {
  it("of the first number and then every so many, and keeps the latest", () => {
    const { calls, recorder, runtime } = recording(3, 4);
    for (let i = 0; i < 10; i++) {
      assert.equal(runtime.num(1, i), i);
      assert.equal(runtime.see(2, i / 2), i / 2);
    }
    assert.deepEqual(
      calls.filter((call) => call.includes(" 1 ")),
      ["sample 1 0", "sample 1 4", "sample 1 8"],
    );
    assert.deepEqual([countOf(recorder.counters, 1), recorder.counters.last[1]], [10, 9]);
    assert.deepEqual([countOf(recorder.counters, 2), recorder.counters.last[2]], [10, 4.5]);
    assert.equal(countOf(recorder.counters, 0), 0);
  });

  it("of every other value, whatever came between", () => {
    const { calls, recorder, runtime } = recording(1, 100);
    for (const value of [1, "a", 2, null, true]) runtime.see(0, value);
    assert.deepEqual(calls, ["sample 0 1", "see 0 a", "see 0 null"]);
    const { latest, last } = recorder.counters;
    assert.deepEqual([countOf(recorder.counters, 0), latest[0], last[0]], [5, Latest.boolean, 1]);
    runtime.see(0, {});
    assert.equal(latest[0], Latest.other);
    runtime.see(0, 7);
    assert.deepEqual([latest[0], last[0]], [Latest.number, 7]);
  });

  it("of loops, as often as it wants to know", () => {
    const { calls, recorder, runtime } = recording(1, 3);
    for (let i = 0; i < 7; i++) runtime.tick(0);
    assert.deepEqual([calls.length, countOf(recorder.counters, 0)], [3, 7]);
  });

  it("of what is thrown", () => {
    const { calls, runtime } = recording(1, 1);
    assert.equal(runtime.thrown(0, null), null);
    assert.deepEqual(calls, ["thrown 0 null"]);
  });
});

describe("the runtime", () => {
  it("goes on when a program overwrites what it was built from", () => {
    const { runtime } = recording(1, 1);
    const reflect = { ...Object.getOwnPropertyDescriptors(Reflect) };
    const { hasOwn, assign } = Object;
    const broken = () => {
      throw new Error("overwritten");
    };
    const vector = {
      __add__: (x: number) => x + 1,
      __bool__: () => false,
      __format__: () => "v",
      __getitem__: () => (x: number) => x,
    };
    try {
      Object.assign(Reflect, { apply: broken });
      Object.hasOwn = broken;
      Object.assign = broken;
      assert.equal(runtime.add(vector, 2), 3);
      assert.equal(runtime.truth(vector), false);
      assert.equal(runtime.format(vector), "v");
      assert.equal(runtime.callItem(vector, [0], "v[0]", 5), 5);
      assert.equal(runtime.import("m", "default"), 1);
      runtime.export({ x: 1 });
    } finally {
      Object.hasOwn = hasOwn;
      Object.assign = assign;
      Object.defineProperties(Reflect, reflect);
    }
    assert.deepEqual({ ...runtime.exported }, { x: 1 });
  });

  it("keeps the left side of && and || no longer than needed", () => {
    const { runtime } = recording(1, 1);
    const value = { __bool__: () => false };
    assert.equal(runtime.holds(value), false);
    assert.equal(runtime.held(), value);
    assert.equal(runtime.held(), undefined);
  });
});
