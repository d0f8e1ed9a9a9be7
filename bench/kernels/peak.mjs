// `npm run build && node bench/kernels/peak.mjs`: how near matrix products come to what this machine can do in
// WebAssembly. The peak is that of a loop which only multiplies and adds in registers, once as two instructions
// and, where the host has relaxed SIMD, once as one.
import asc from "assemblyscript/asc";
import torch from "../../dist/torch.js";

/** Sums that do not wait for each other: too few leave the machine idle, too many do not fit V8's registers. */
const SUMS = [6, 8, 10, 12];
const STEPS = 100_000;
const SAMPLES = 60;

function source(madd, sums) {
  const names = Array.from({ length: sums }, (_, i) => `s${i}`);
  return `
  export function peak(steps: i32, at: usize): void {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    ${names.map((s, i) => `let ${s} = v128.load(at, ${32 + 16 * i});`).join("\n")}
    for (let i = 0; i < steps; i++) {
      ${names.map((s) => `${s} = ${madd(s)};`).join("\n")}
    }
    ${names.map((s, i) => `v128.store(at, ${s}, ${32 + 16 * i});`).join("\n")}
  }`;
}

async function peak(madd, features) {
  const rates = [];
  for (const sums of SUMS) rates.push(await rateOf(madd, features, sums));
  return rates.includes(null) ? null : Math.max(...rates);
}

async function rateOf(madd, features, sums) {
  const { error, binary } = await asc.compileString(source(madd, sums), {
    optimizeLevel: 3,
    runtime: "stub",
    noAssert: true,
    initialMemory: 1,
    enable: features,
  });
  if (error || !binary) throw error;
  if (!WebAssembly.validate(binary)) return null;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary));
  const run = instance.exports.peak;
  return gflops(() => run(STEPS, 1024), STEPS * sums * 4 * 2);
}

function gflops(work, operations) {
  const repeat = Math.max(1, Math.round(2e7 / operations));
  for (let i = 0; i < 20 * repeat; i++) work();
  let best = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = performance.now();
    for (let i = 0; i < repeat; i++) work();
    best = Math.min(best, (performance.now() - start) / repeat);
  }
  return operations / best / 1e6;
}

const separate = await peak((s) => `f32x4.add(f32x4.mul(${s}, a), b)`, ["simd"]);
const fused = await peak((s) => `f32x4.relaxed_madd(${s}, a, b)`, ["simd", "relaxed-simd"]);
const best = fused ?? separate;
console.log(`Node ${process.version}, one thread, best of ${SAMPLES}`);
console.log(`multiply, then add   ${separate.toFixed(1)} GFLOP/s`);
console.log(`relaxed multiply-add ${fused === null ? "not on this host" : `${fused.toFixed(1)} GFLOP/s`}\n`);

const products = [
  ["512 x 512 @ 512 x 512", 512, 512, 512, false],
  ["the same, transposed", 512, 512, 512, true],
  ["1024 x 1024 @ 1024 x 1024", 1024, 1024, 1024, false],
  ["256 x 256 @ 256 x 256", 256, 256, 256, false],
  ["64 x 64 @ 64 x 64", 64, 64, 64, false],
  ["64 x 784 @ (128 x 784)ᵀ", 64, 784, 128, true],
  ["(64 x 128)ᵀ @ 64 x 784", 128, 64, 784, false],
];
for (const [name, n, k, m, transposed] of products) {
  const a = torch.randn(n, k);
  const b = transposed ? torch.randn(m, k).t() : torch.randn(k, m);
  const rate = gflops(() => a.mm(b), 2 * n * k * m);
  console.log(
    `${name.padEnd(27)} ${rate.toFixed(1).padStart(5)} GFLOP/s  ${((rate / best) * 100).toFixed(0)} % of the peak`,
  );
}
