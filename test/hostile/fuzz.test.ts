import assert from "node:assert/strict";
import { fuzz } from "./fuzz";

describe("random edits of the examples", () => {
  it("compile and run, or say at a place of the text why not", async () => {
    const seed = Date.now() % 2 ** 31;
    const findings = await fuzz({ seed, edits: 250, timeMs: 40 });
    const told = findings.map(
      ({ edit, problem, source }) => `seed ${seed}, edit ${edit}: ${problem}\n${source}`,
    );
    assert.equal(told.join("\n\n"), "");
  }).timeout(120_000);
});
