import { RuntimeError } from "../errors";
import { exponential, type FloatArray } from "./continuous";
import { defaultGenerator, type Generator } from "./generator";

/**
 * Draws category indices by weight: `weights` holds rows of `categories` weights, in float32 or
 * float64; gives rows of `samples` indices. Source: torch.multinomial.
 */
export function multinomial(
  weights: FloatArray,
  categories: number,
  samples: number,
  replacement = false,
  generator: Generator = defaultGenerator,
): Float64Array {
  if (samples <= 0) throw new RuntimeError("cannot sample n_sample <= 0 samples");
  if (!replacement && samples > categories)
    throw new RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
  return replacement && samples > 1
    ? withReplacement(weights, categories, samples, generator)
    : withoutReplacement(weights, categories, samples, generator);
}

/** Inverts each row's cumulative distribution. */
function withReplacement(
  weights: FloatArray,
  categories: number,
  samples: number,
  generator: Generator,
): Float64Array {
  const rows = weights.length / categories;
  const result = new Float64Array(rows * samples);
  for (let row = 0; row < rows; row++) {
    const cumulative = normalizedCumulative(weights.subarray(row * categories, (row + 1) * categories));
    for (let j = 0; j < samples; j++)
      result[row * samples + j] = firstNotBelow(cumulative, generator.uniformDouble());
  }
  return result;
}

function normalizedCumulative(weights: FloatArray): FloatArray {
  const cumulative = weights.slice();
  for (let j = 0; j < weights.length; j++) {
    if (!(weights[j] >= 0))
      throw new RuntimeError("invalid multinomial distribution (encountering probability entry < 0)");
    if (weights[j] === Infinity)
      throw new RuntimeError(
        "invalid multinomial distribution (encountering probability entry = infinity or NaN)",
      );
    if (j > 0) cumulative[j] += cumulative[j - 1];
  }
  const sum = cumulative[weights.length - 1];
  if (!(sum > 0)) throw new RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)");
  for (let j = 0; j < weights.length; j++) cumulative[j] /= sum;
  return cumulative;
}

/** Index of the first element that is not below `value`, in an ascending array. */
function firstNotBelow(ascending: FloatArray, value: number): number {
  let left = 0;
  let right = ascending.length;
  while (left < right) {
    const middle = (left + right) >>> 1;
    if (ascending[middle] < value) left = middle + 1;
    else right = middle;
  }
  return left;
}

/** The categories of the largest weight / Exp(1), which is the Gumbel-max trick without logarithms. */
function withoutReplacement(
  weights: FloatArray,
  categories: number,
  samples: number,
  generator: Generator,
): Float64Array {
  checkWeights(weights, categories);
  const rows = weights.length / categories;
  const race = exponential(weights.slice(), 1, generator);
  for (let i = 0; i < race.length; i++) race[i] = weights[i] / race[i];
  const result = new Float64Array(rows * samples);
  for (let row = 0; row < rows; row++) {
    const ranks = race.subarray(row * categories, (row + 1) * categories);
    result.set(largest(ranks, samples), row * samples);
  }
  return result;
}

function checkWeights(weights: FloatArray, categories: number): void {
  if (!weights.every((weight) => weight >= 0 && weight < Infinity))
    throw new RuntimeError("probability tensor contains either `inf`, `nan` or element < 0");
  for (let start = 0; start < weights.length; start += categories) {
    if (weights.subarray(start, start + categories).every((weight) => weight === 0))
      throw new RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)");
  }
}

/** Indices of the `count` largest values, largest first. */
function largest(values: FloatArray, count: number): number[] {
  const order = Array.from(values, (_, index) => index);
  return order.sort((a, b) => values[b] - values[a]).slice(0, count);
}
