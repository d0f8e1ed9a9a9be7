import { RuntimeError } from "../errors";
import { defaultGenerator, type Generator } from "./generator";

/**
 * Samplers of whole numbers: each fills `out` from its first element to its last and takes from the
 * generator what PyTorch's CPU kernel takes. The array may belong to any dtype; int64 comes in doubles.
 */
export type NumberArray = Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/** Integers in [low, high). Source: torch.randint, torch.Tensor.random_(from, to). */
export function randint<A extends NumberArray>(
  out: A,
  low: number,
  high: number,
  generator: Generator = defaultGenerator,
): A {
  if (low >= high)
    throw new RuntimeError(`random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`);
  const range = high - low;
  // From 2²⁸ on 32 random bits would be visibly skewed by the remainder.
  if (range < 2 ** 28) {
    for (let i = 0; i < out.length; i++) out[i] = (generator.random() % range) + low;
  } else {
    const wide = BigInt(high) - BigInt(low);
    for (let i = 0; i < out.length; i++) out[i] = Number((generator.random64() % wide) + BigInt(low));
  }
  return out;
}

/** One more than the largest value `random_()` draws, for the dtypes that take 32 random bits. */
const FULL_RANGE: Record<string, number> = {
  bool: 2,
  uint8: 2 ** 8,
  int8: 2 ** 7,
  int16: 2 ** 15,
  int32: 2 ** 31,
  float32: 2 ** 24 + 1,
};

/**
 * Integers over all that `dtype` holds from zero up (its mantissa for floats). Refuses int64, whose
 * range of 2⁶³ is beyond the integers kept exactly. Source: torch.Tensor.random_().
 */
export function random<A extends NumberArray>(
  out: A,
  dtype: string,
  generator: Generator = defaultGenerator,
): A {
  if (dtype === "float64") {
    for (let i = 0; i < out.length; i++) out[i] = Number(generator.random64() % (2n ** 53n + 1n));
    return out;
  }
  const range = FULL_RANGE[dtype];
  if (range === undefined)
    throw new RuntimeError(
      `random_() draws ${dtype} up to 2⁶³, but integers are exact here only to ±2⁵³: give a bound, random_(to)`,
    );
  for (let i = 0; i < out.length; i++) out[i] = generator.random() % range;
  return out;
}

/** A random order of 0 … out.length - 1. Source: torch.randperm. */
export function randperm<A extends NumberArray>(out: A, generator: Generator = defaultGenerator): A {
  const n = out.length;
  for (let i = 0; i < n; i++) out[i] = i;
  for (let i = 0; i < n - 1; i++) {
    const other = i + (generator.random() % (n - i));
    const kept = out[i];
    out[i] = out[other];
    out[other] = kept;
  }
  return out;
}

/** Ones with probability `p`, else zeros. Dropout's mask. Source: torch.Tensor.bernoulli_(p). */
export function bernoulli<A extends NumberArray>(
  out: A,
  p = 0.5,
  generator: Generator = defaultGenerator,
): A {
  if (!(p >= 0 && p <= 1)) throw new RuntimeError(`bernoulli_ expects p to be in [0, 1], but got p=${p}`);
  for (let i = 0; i < out.length; i++) out[i] = generator.uniformDouble() < p ? 1 : 0;
  return out;
}

/**
 * Ones with the probability that stands at the same place in `p`, else zeros; `p` is as long as `out`
 * and its precision decides how many bits each draw takes. Source: torch.bernoulli.
 */
export function bernoulliEach<A extends NumberArray>(
  out: A,
  p: Float32Array | Float64Array,
  generator: Generator = defaultGenerator,
): A {
  const inDouble = p instanceof Float64Array;
  for (let i = 0; i < out.length; i++) {
    if (!(p[i] >= 0 && p[i] <= 1))
      throw new RuntimeError(
        "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  If so, please report an enhancement request to PyTorch.)",
      );
    out[i] = (inDouble ? generator.uniformDouble() : generator.uniformFloat()) < p[i] ? 1 : 0;
  }
  return out;
}

/** Number of trials until the first success of probability `p`. Source: torch.Tensor.geometric_. */
export function geometric<A extends NumberArray>(
  out: A,
  p: number,
  generator: Generator = defaultGenerator,
): A {
  if (!(p > 0 && p < 1)) throw new RuntimeError(`geometric_ expects p to be in (0, 1), but got p=${p}`);
  const logOfFailure = Math.log1p(-p);
  for (let i = 0; i < out.length; i++) out[i] = Math.ceil(Math.log(generator.uniformDouble()) / logOfFailure);
  return out;
}
