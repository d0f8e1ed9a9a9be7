import assert from "node:assert/strict";
import { fuzz } from "./fuzz";

describe("random edits of the examples", () => {
  it("compile and run, or say at a place of the text why not", async () => {
    const seed = 1; // another one each time is for `npm run fuzz`
    const findings = await fuzz({ seed, edits: 250, timeMs: 40 });
    const told = findings.map(
      ({ edit, problem, source }) => `seed ${seed}, edit ${edit}: ${problem}\n${source}`,
    );
    assert.equal(told.join("\n\n"), "");
  }).timeout(120_000);
});
