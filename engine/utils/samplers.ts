import { type TensorData, tensor } from "../construct";
import { float64 } from "../dtype";
import { NotImplementedError, ValueError } from "../errors";
import { tuple } from "../nn/repr";
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

const sequentialArguments = signature("SequentialSampler(data_source: any)");

/** All indices in order. Source: torch.utils.data.SequentialSampler. */
export class SequentialSampler extends Sampler {
  readonly data_source: Sized;

  constructor(data_source: Sized);
  constructor(options: { data_source: Sized });
  constructor(...args: unknown[]) {
    super();
    const [data_source] = sequentialArguments(args);
    this.data_source = data_source as Sized;
  }

  override get length(): number {
    return this.data_source.length;
  }

  override *[Symbol.iterator](): IterableIterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

const randomArguments = signature(
  "RandomSampler(data_source: any, replacement: any = false, num_samples: int? = null, generator: Generator? = null)",
);

export interface RandomSamplerOptions {
  /** Whether an index may come more than once. */
  replacement?: boolean;
  num_samples?: number | null;
  generator?: Generator | null;
}

/** All indices in random order, or random ones with replacement. Source: torch.utils.data.RandomSampler. */
export class RandomSampler extends Sampler {
  readonly data_source: Sized;
  readonly replacement: boolean;
  readonly generator: Generator | null;
  private readonly wanted: number | null;

  constructor(data_source: Sized, options?: RandomSamplerOptions);
  constructor(data_source: Sized, replacement: boolean, num_samples?: number | null);
  constructor(options: { data_source: Sized } & RandomSamplerOptions);
  constructor(...args: unknown[]) {
    super();
    const [data_source, replacement, num_samples, generator] = randomArguments(args);
    this.data_source = data_source as Sized;
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

const subsetArguments = signature("SubsetRandomSampler(indices: any, generator: Generator? = null)");

/** The given indices in random order. Source: torch.utils.data.SubsetRandomSampler. */
export class SubsetRandomSampler extends Sampler {
  readonly generator: Generator | null;

  readonly indices: readonly number[];

  constructor(indices: readonly number[], generator?: Generator | null | { generator?: Generator | null });
  constructor(options: { indices: readonly number[]; generator?: Generator | null });
  constructor(...args: unknown[]) {
    super();
    const [indices, generator] = subsetArguments(args);
    this.indices = indices as readonly number[];
    this.generator = generator;
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
  "WeightedRandomSampler(weights: any, num_samples: int, replacement: any = true, generator: Generator? = null)",
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
  constructor(options: {
    weights: readonly number[] | Tensor;
    num_samples: number;
    replacement?: boolean;
    generator?: Generator | null;
  });
  constructor(...args: unknown[]) {
    super();
    const [weights, num_samples, replacement, generator] = weightedArguments(args);
    requirePositive("num_samples", num_samples);
    if (typeof replacement !== "boolean")
      throw new ValueError(`replacement should be a boolean value, but got replacement=${replacement}`);
    const list = Array.isArray(weights)
      ? tensor(weights as TensorData, { dtype: float64 })
      : (weights as Tensor);
    if (list.dim() !== 1)
      throw new ValueError(
        `weights should be a 1d sequence but given weights have shape ${tuple(list.shape)}`,
      );
    this.weights = numbers(list);
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

const batchArguments = signature("BatchSampler(sampler: any, batch_size: any, drop_last: any)");

/** Groups the indices of a sampler into batches. Source: torch.utils.data.BatchSampler. */
export class BatchSampler extends Sampler<number[]> {
  readonly sampler: Iterable<number> & Sized;
  readonly batch_size: number;
  readonly drop_last: boolean;

  constructor(
    sampler: Iterable<number> & Sized,
    batch_size: number,
    drop_last: boolean | { drop_last: boolean },
  );
  constructor(sampler: Iterable<number> & Sized, options: { batch_size: number; drop_last: boolean });
  constructor(options: { sampler: Iterable<number> & Sized; batch_size: number; drop_last: boolean });
  constructor(...args: unknown[]) {
    super();
    const [sampler, batch_size, drop_last] = batchArguments(args) as [
      Iterable<number> & Sized,
      number,
      boolean,
    ];
    if (!Number.isInteger(batch_size) || batch_size <= 0)
      throw new ValueError(`batch_size should be a positive integer value, but got batch_size=${batch_size}`);
    if (typeof drop_last !== "boolean")
      throw new ValueError(`drop_last should be a boolean value, but got drop_last=${drop_last}`);
    this.sampler = sampler;
    this.batch_size = batch_size;
    this.drop_last = drop_last;
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
