import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "../repo";
import { folders } from "./editing";
import { answerHalfTyped, percentile } from "./halfTyped";

/** `npm run bench:half-typed` cuts at every character. */
const CUTS_PER_LESSON = 25;

describe("half-typed lessons", () => {
  const lessons = readdirSync(join(repoRoot, "examples")).filter((file) => /^[0-4].*\.grad\.ts$/.test(file));
  const took: number[] = [];

  for (const lesson of lessons) {
    it(`${lesson} is answered for wherever the text ends`, function () {
      this.timeout(120_000);
      const text = readFileSync(join(repoRoot, "examples", lesson), "utf8");
      const step = Math.ceil(text.length / CUTS_PER_LESSON);
      const answers = answerHalfTyped(text, step, folders, step % 7);
      took.push(...answers.map(({ cpuMs }) => cpuMs));
    });
  }

  it("are answered for in under 100 ms, 99 times of 100", () => {
    assert.equal(lessons.length, 5);
    const slowest = percentile(took, 0.99);
    assert.ok(slowest < 100, `${slowest.toFixed(1)} ms of the processor at the 99th percentile`);
  });
});
