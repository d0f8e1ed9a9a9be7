import assert from "node:assert/strict";
import { programFrame } from "../../src/runner/frames";
import { shielded } from "../../src/runner/harden";

describe("a call out of the realm", () => {
  it("passes its arguments and result", () => {
    assert.equal(shielded((a: number, b: number) => a - b)(3, 1), 2);
  });

  it("never lets the other realm's error in", () => {
    const theirs = new Error("theirs");
    const call = shielded(() => {
      throw theirs;
    });
    assert.throws(call, (error) => error !== theirs && error instanceof RangeError);
  });
});

describe("programFrame", () => {
  const frame = (stack: string) => programFrame(stack, "a.grad.ts");

  it("is the program's innermost, below the engine's", () => {
    const stack =
      "Error: no\n    at mm (gradlens:realm:9:9)\n    at f (a.grad.ts:3:14)\n    at a.grad.ts:7:1";
    assert.deepEqual(frame(stack), { line: 3, column: 14 });
  });

  it("is found outside any function and in a path with brackets", () => {
    assert.deepEqual(frame("Error\n    at a.grad.ts:7:1"), { line: 7, column: 1 });
    assert.deepEqual(programFrame("Error\n    at f (b (1).grad.ts:2:3)", "b (1).grad.ts"), {
      line: 2,
      column: 3,
    });
  });

  it("is not taken from the message or from a file whose name ends alike", () => {
    assert.equal(frame("Error: see\na.grad.ts:1:2\n    at f (data.grad.ts:3:1)"), null);
  });
});
