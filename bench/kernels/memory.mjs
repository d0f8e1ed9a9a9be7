// `npm run build && node bench/kernels/memory.mjs`: what memory costs beside arithmetic. The same 4 MB are copied
// into an array that the caches hold, into eight arrays in turns, which they do not, and into new ones, as every
// operator makes them; then two tensors of that size are added.
import torch from "../../dist/torch.js";

const COUNT = 1_000_000;
const WARM_UP = 20;
const SAMPLES = 100;

const from = new Float32Array(COUNT).fill(1);
const same = new Float32Array(COUNT);
const turns = Array.from({ length: 8 }, () => new Float32Array(COUNT));
const x = torch.randn(COUNT);
const y = torch.randn(COUNT);
let turn = 0;
let kept;

const work = {
  "copy into the same array": () => same.set(from),
  "copy into eight in turns": () => turns[turn++ & 7].set(from),
  "copy into a new array": () => {
    kept = new Float32Array(COUNT);
    kept.set(from);
  },
  "x + y": () => {
    kept = x.add(y);
  },
};

console.log(`Node ${process.version}, ${COUNT} floats, processor's time, median of ${SAMPLES}`);
for (const [name, run] of Object.entries(work))
  console.log(`${name.padEnd(26)} ${medianMs(run).toFixed(2)} ms`);

/** The collector's threads count: what a new array costs is partly paid later. */
function medianMs(run) {
  for (let i = 0; i < WARM_UP; i++) run();
  const times = [];
  for (let i = 0; i < SAMPLES; i++) {
    const start = process.cpuUsage();
    for (let k = 0; k < 5; k++) run();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 5000);
  }
  return times.sort((a, b) => a - b)[SAMPLES / 2];
}
