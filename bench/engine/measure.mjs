/**
 * Steps per second of the processor's time, once per sample: on one core what a clock would show if the machine
 * did nothing else, with the threads of collector and compiler counted. The steps of a sample are chosen so that
 * it lasts `sampleMs`; the samples on the way there warm the step up. Awaits what a step returns only if it is a promise.
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
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    const pending = step();
    if (pending instanceof Promise) await pending;
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
