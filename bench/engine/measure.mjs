import { performance } from "node:perf_hooks";

/**
 * Steps per second of `step`, once per sample. The steps of a sample are chosen so that it lasts `sampleMs`; the
 * samples on the way there warm the step up. Awaits what a step returns only if it is a promise.
 */
export async function measure(step, samples, sampleMs) {
  let count = 1;
  let elapsedMs = 0;
  while (elapsedMs < sampleMs) {
    count = Math.max(
      count + 1,
      Math.floor(count * Math.min(2, (1.2 * sampleMs) / Math.max(elapsedMs, 1e-3))),
    );
    elapsedMs = await timeOf(step, count);
  }
  const rates = [];
  for (let i = 0; i < samples; i++) rates.push((count / (await timeOf(step, count))) * 1000);
  return rates;
}

async function timeOf(step, count) {
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const pending = step();
    if (pending instanceof Promise) await pending;
  }
  return performance.now() - start;
}
