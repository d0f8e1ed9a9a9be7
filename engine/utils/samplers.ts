import { NotImplementedError, ValueError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import { defaultGenerator, Generator } from "../random/generator";
import { multinomial } from "../random/multinomial";
import type { Tensor } from "../tensor";

/** Anything with a number of elements. */
export interface Sized {
  readonly length: number;
}

/** Gives the indices of samples, in the order in which they are to be taken. Source: torch.utils.data.Sampler. */
export abstract class Sampler<T = number> {
  [Symbol.iterator](): IterableIterator<T> {
    throw new NotImplementedError("");
  }

  abstract get length(): number;
}

/** All indices in order. Source: torch.utils.data.SequentialSampler. */
export class SequentialSampler extends Sampler {
  constructor(readonly data_source: Sized) {
    super();
  }

  override get length(): number {
    return this.data_source.length;
  }

  override *[Symbol.iterator](): IterableIterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

const randomArguments = signature(
  "RandomSampler(replacement: any = false, num_samples: int? = null, generator: Generator? = null)",
);

export interface RandomSamplerOptions {
  /** Whether an index may come more than once. */
  replacement?: boolean;
  num_samples?: number | null;
  generator?: Generator | null;
}

/** All indices in random order, or random ones with replacement. Source: torch.utils.data.RandomSampler. */
export class RandomSampler extends Sampler {
  readonly replacement: boolean;
  readonly generator: Generator | null;
  private readonly wanted: number | null;

  constructor(data_source: Sized, options?: RandomSamplerOptions);
  constructor(data_source: Sized, replacement: boolean, num_samples?: number | null);
  constructor(
    readonly data_source: Sized,
    ...args: unknown[]
  ) {
    super();
    const [replacement, num_samples, generator] = randomArguments(args);
    if (typeof replacement !== "boolean")
      throw new TypeError(`replacement should be a boolean value, but got replacement=${replacement}`);
    this.replacement = replacement;
    this.wanted = num_samples;
    this.generator = generator;
    requirePositive("num_samples", this.num_samples);
  }

  get num_samples(): number {
    return this.wanted ?? this.data_source.length;
  }

  override get length(): number {
    return this.num_samples;
  }

  override *[Symbol.iterator](): IterableIterator<number> {
    const n = this.data_source.length;
    const generator = this.generator ?? seededGenerator(defaultGenerator);
    const { num_samples } = this;
    if (this.replacement)
      // PyTorch draws in blocks of 32; what it draws is the same, one by one or not.
      for (let left = num_samples; left > 0; left -= 32)
        yield* numbers(torch.randint(n, [Math.min(left, 32)], { generator }));
    else {
      for (let round = 0; round < Math.floor(num_samples / n); round++)
        yield* numbers(torch.randperm(n, { generator }));
      yield* numbers(torch.randperm(n, { generator })).slice(0, num_samples % n);
    }
  }
}

/** A generator of its own, seeded from another one. */
function seededGenerator(from: Generator): Generator {
  return new Generator().manual_seed(randomSeed(from));
}

/** As PyTorch draws a seed: a random int64 that is not negative. */
export function randomSeed(generator: Generator): bigint {
  return generator.random64() & (2n ** 63n - 1n);
}

function numbers(indices: Tensor): number[] {
  return indices.tolist() as number[];
}

function requirePositive(name: string, value: number): void {
  if (!Number.isInteger(value) || value <= 0)
    throw new ValueError(`${name} should be a positive integer value, but got ${name}=${value}`);
}

/** The given indices in random order. Source: torch.utils.data.SubsetRandomSampler. */
export class SubsetRandomSampler extends Sampler {
  readonly generator: Generator | null;

  constructor(
    readonly indices: readonly number[],
    generator: Generator | null | { generator?: Generator | null } = null,
  ) {
    super();
    this.generator = generator instanceof Generator ? generator : (generator?.generator ?? null);
  }

  override get length(): number {
    return this.indices.length;
  }

  override *[Symbol.iterator](): IterableIterator<number> {
    for (const i of numbers(torch.randperm(this.indices.length, { generator: this.generator })))
      yield this.indices[i];
  }
}

const weightedArguments = signature(
  "WeightedRandomSampler(weights: float[], num_samples: int, replacement: any = true, generator: Generator? = null)",
);

/** Random indices, each as likely as its weight says. Source: torch.utils.data.WeightedRandomSampler. */
export class WeightedRandomSampler extends Sampler {
  readonly weights: readonly number[];
  readonly num_samples: number;
  readonly replacement: boolean;
  readonly generator: Generator | null;

  constructor(
    weights: readonly number[] | Tensor,
    num_samples: number,
    options?: { replacement?: boolean; generator?: Generator | null } | boolean,
  );
  constructor(weights: unknown, ...args: unknown[]) {
    super();
    const list = Array.isArray(weights) ? weights : (weights as Tensor).tolist();
    const [checked, num_samples, replacement, generator] = weightedArguments([list, ...args]);
    requirePositive("num_samples", num_samples);
    if (typeof replacement !== "boolean")
      throw new ValueError(`replacement should be a boolean value, but got replacement=${replacement}`);
    this.weights = checked;
    this.num_samples = num_samples;
    this.replacement = replacement;
    this.generator = generator;
  }

  override get length(): number {
    return this.num_samples;
  }

  override *[Symbol.iterator](): IterableIterator<number> {
    const { weights, num_samples, replacement } = this;
    const generator = this.generator ?? defaultGenerator;
    yield* multinomial(Float64Array.from(weights), weights.length, num_samples, replacement, generator);
  }
}

/** Groups the indices of a sampler into batches. Source: torch.utils.data.BatchSampler. */
export class BatchSampler extends Sampler<number[]> {
  constructor(
    readonly sampler: Iterable<number> & Sized,
    readonly batch_size: number,
    readonly drop_last: boolean,
  ) {
    super();
    if (!Number.isInteger(batch_size) || batch_size <= 0)
      throw new ValueError(`batch_size should be a positive integer value, but got batch_size=${batch_size}`);
    if (typeof drop_last !== "boolean")
      throw new ValueError(`drop_last should be a boolean value, but got drop_last=${drop_last}`);
  }

  override get length(): number {
    const batches = this.sampler.length / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  override *[Symbol.iterator](): IterableIterator<number[]> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length < this.batch_size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.drop_last) yield batch;
  }
}
