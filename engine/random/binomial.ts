import type { FloatArray } from "./continuous";
import { defaultGenerator, type Generator } from "./generator";

/**
 * Numbers of successes, each with the count of trials and the probability at the same place.
 * Source: torch.binomial; at::native::sample_binomial.
 */
export function binomial<A extends FloatArray>(
  out: A,
  counts: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  generator: Generator = defaultGenerator,
): A {
  const round = out instanceof Float32Array ? Math.fround : (x: number) => x;
  for (let i = 0; i < out.length; i++) out[i] = sample(counts[i], probabilities[i], round, generator);
  return out;
}

type Round = (x: number) => number;

function sample(count: number, p: number, round: Round, generator: Generator): number {
  if (count <= 0 || p <= 0) return 0;
  if (p >= 1) return count;
  if (!(p > 0)) return Number.NaN;
  if (p <= 0.5) return successes(count, p, round, generator);
  return count - successes(count, round(1 - p), round, generator);
}

function successes(count: number, p: number, round: Round, generator: Generator): number {
  return round(count * p) >= 10 ? byRejection(count, p, round, generator) : byWaiting(count, p, generator);
}

/** Counts how many geometric waiting times fit into the trials. */
function byWaiting(count: number, p: number, generator: Generator): number {
  const logOfFailure = Math.log1p(-p);
  let successes = 0;
  for (let trials = 0; ; successes++) {
    trials += Math.ceil(Math.log(generator.uniformDouble()) / logOfFailure);
    if (!(trials <= count)) return successes;
  }
}

/** Hörmann, "The generation of binomial random variates" (1993), BTRS; the letters are the paper's. */
function byRejection(count: number, p: number, round: Round, generator: Generator): number {
  const stddev = Math.sqrt(round(round(count * p) * round(1 - p)));
  const b = 1.15 + 2.53 * stddev;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = round(count * p) + 0.5;
  const vr = 0.92 - 4.2 / b;
  const r = round(p / round(1 - p));
  const alpha = (2.83 + 5.1 / b) * stddev;
  const m = Math.floor(round(round(count + 1) * p));
  for (;;) {
    const u = generator.uniformDouble() - 0.5;
    const v = generator.uniformDouble();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (k < 0 || k > count) continue;
    if (us >= 0.07 && v <= vr) return k;
    const bound =
      (m + 0.5) * Math.log((m + 1) / (r * (count - m + 1))) +
      (count + 1) * Math.log((count - m + 1) / (count - k + 1)) +
      (k + 0.5) * Math.log((r * (count - k + 1)) / (k + 1)) +
      stirlingTail(m) +
      stirlingTail(count - m) -
      stirlingTail(k) -
      stirlingTail(count - k);
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k;
  }
}

const TAILS = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];

/** What Stirling's formula leaves of log k!. */
function stirlingTail(k: number): number {
  if (k <= 9) return TAILS[k];
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}
