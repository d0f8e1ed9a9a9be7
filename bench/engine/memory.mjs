// Whether memory holds steady in one synchronous loop, in which no finalizer ever runs: 10⁴ steps of the larger
// network. Prints the process's memory as it goes; fails beyond the limit or where the second half grew.
// `node bench/engine/memory.mjs` after `npm run build`.
import { work } from "./peers/gradlens.mjs";

const STEPS = 10_000;
const EVERY = 500;
const LIMIT_MB = 512;
/** Noise of the collector's timing. */
const MAX_GROWTH = 1.1;

const { step } = work["mlp-large"]();
const samples = [];
for (let i = 1; i <= STEPS; i++) {
  step();
  if (i % EVERY === 0) samples.push(process.memoryUsage.rss() / 2 ** 20);
}
const half = samples.length / 2;
const first = Math.max(...samples.slice(0, half));
const second = Math.max(...samples.slice(half));
console.log(`Resident memory every ${EVERY} steps, in MB: ${samples.map((mb) => mb.toFixed(0)).join(" ")}`);
console.log(`Most in the first half ${first.toFixed(0)} MB, in the second ${second.toFixed(0)} MB.`);
if (second > LIMIT_MB || second > MAX_GROWTH * first) process.exitCode = 1;
