import { RuntimeError } from "../errors";
import type { FloatArray } from "./continuous";
import { defaultGenerator, type Generator } from "./generator";

/** Poisson counts, each with the rate at the same place in `rates`. Source: torch.poisson. */
export function poisson<A extends FloatArray>(
  out: A,
  rates: FloatArray,
  generator: Generator = defaultGenerator,
): A {
  for (let i = 0; i < out.length; i++) out[i] = poissonSample(rates[i], generator);
  return out;
}

function poissonSample(rate: number, generator: Generator): number {
  if (!(rate >= 0)) throw new RuntimeError("invalid Poisson rate, expected rate to be non-negative");
  if (rate === 0) return 0;
  return rate < 10 ? byMultiplication(rate, generator) : byRejection(rate, generator);
}

/** Counts how many uniforms can be multiplied before the product falls to e⁻ʳᵃᵗᵉ. */
function byMultiplication(rate: number, generator: Generator): number {
  const limit = Math.exp(-rate);
  let count = 0;
  for (let product = generator.uniformDouble(); product > limit; product *= generator.uniformDouble())
    count++;
  return count;
}

/** Hörmann, "The transformed rejection method for generating Poisson random variables" (1993), PTRS. */
function byRejection(rate: number, generator: Generator): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = generator.uniformDouble() - 0.5;
    const v = generator.uniformDouble();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const logRatio = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b);
    if (logRatio <= -rate + k * Math.log(rate) - logFactorial(k)) return k;
  }
}

/** log k!, by Stirling's series after shifting k up to where it holds to a double. */
function logFactorial(k: number): number {
  let x = k + 1;
  let shift = 1;
  while (x < 10) shift *= x++;
  const inverse = 1 / (x * x);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - Math.log(shift);
}
