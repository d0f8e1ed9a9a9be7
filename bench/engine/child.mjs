// One engine, one row, one process: `node child.mjs ENGINE ROW SAMPLES SAMPLE_MS CHECK_AFTER` prints a line of JSON.
// A peer that has no such row prints null. All are collected as programs are in the runner: see src/runner/program.ts.
import { setFlagsFromString } from "node:v8";
import { measure } from "./measure.mjs";

setFlagsFromString("--scavenger-max-new-space-capacity-mb=8");
const [engine, row, ...numbers] = process.argv.slice(2);
const [samples, sampleMs, checkAfter] = numbers.map(Number);
const { version, work } = await import(`./peers/${engine}.mjs`);
if (work[row] === undefined) console.log("null");
else {
  const { step, result } = await work[row]();
  for (let i = 0; i < checkAfter; i++) await step();
  const checked = await result();
  console.log(JSON.stringify({ version, result: checked, rates: await measure(step, samples, sampleMs) }));
}
