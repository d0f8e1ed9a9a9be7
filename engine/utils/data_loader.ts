import { pythonTypeName, ValueError } from "../errors";
import { signature } from "../op/signature";
import { pythonRepr } from "../printing/python";
import { defaultGenerator, type Generator } from "../random/generator";
import type { Tensor } from "../tensor";
import { default_collate } from "./collate";
import { countOf, type Samples, sampleAt } from "./datasets";
import { IterableDataset } from "./iterable_datasets";
import { BatchSampler, RandomSampler, randomSeed, Sampler, SequentialSampler, type Sized } from "./samplers";

export interface DataLoaderOptions<T, B> {
  /** Samples in a batch; null gives single samples as they are. */
  batch_size?: number | null;
  shuffle?: boolean | null;
  sampler?: (Iterable<number> & Sized) | null;
  batch_sampler?: (Iterable<readonly number[]> & Sized) | null;
  /** Taken for PyTorch's sake: everything is loaded here and now. */
  num_workers?: number;
  /** Makes a batch of a list of samples. */
  collate_fn?: ((samples: T[]) => B) | null;
  pin_memory?: boolean;
  /** Leaves out a last batch that is not full. */
  drop_last?: boolean;
  timeout?: number;
  generator?: Generator | null;
}

/** What `default_collate` makes of samples of this type. */
export type Collated<T> = T extends Tensor | number | boolean | bigint
  ? Tensor
  : T extends string
    ? string[]
    : T extends readonly unknown[]
      ? { -readonly [K in keyof T]: Collated<T[K]> }
      : T extends object
        ? { [K in keyof T]: Collated<T[K]> }
        : unknown;

/** A dataset or a tensor. */
interface Indexed<T> {
  __getitem__(index: number): T;
}

const loaderArguments = signature(
  "DataLoader(dataset: any, batch_size: int? = 1, shuffle: bool? = null, sampler: any = null, batch_sampler: any = null, num_workers: int = 0, collate_fn: any = null, pin_memory = false, drop_last = false, timeout: float = 0, worker_init_fn: any = null, *, generator: Generator? = null)",
);

/**
 * Goes through a dataset in batches, in PyTorch's order if shuffled under a seed:
 * `for (const [x, y] of loader)`. Source: torch.utils.data.DataLoader.
 * @differs torch.utils.data.DataLoader: loads here and now, whatever `num_workers` says.
 */
export class DataLoader<T, B = Collated<T>> {
  readonly dataset: Samples<T>;
  readonly batch_size: number | null;
  readonly drop_last: boolean;
  readonly sampler: Iterable<number> & Sized;
  readonly batch_sampler: (Iterable<readonly number[]> & Sized) | null;
  readonly collate_fn: (samples: T[]) => B;
  readonly generator: Generator | null;

  constructor(dataset: Indexed<T>, options?: DataLoaderOptions<T, B>);
  constructor(dataset: Indexed<T>, batch_size: number | null, options?: DataLoaderOptions<T, B>);
  constructor(
    dataset: Indexed<T>,
    batch_size: number | null,
    shuffle: boolean,
    options?: DataLoaderOptions<T, B>,
  );
  constructor(dataset: readonly T[], options?: DataLoaderOptions<T, B>);
  constructor(options: { dataset: Indexed<T> | readonly T[] } & DataLoaderOptions<T, B>);
  constructor(...args: unknown[]) {
    const bound = loaderArguments(args);
    const [dataset, batch_size, shuffle, sampler, batch_sampler, num_workers, collate_fn, , drop_last] =
      bound;
    const [timeout, , generator] = bound.slice(9) as [number, unknown, Generator | null];
    if (num_workers < 0)
      throw new ValueError(
        "num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.",
      );
    if (timeout < 0) throw new ValueError("timeout option should be non-negative");
    if (dataset instanceof IterableDataset) requireNoOrder(shuffle, sampler, batch_sampler);
    if (sampler !== null && shuffle === true)
      throw new ValueError("sampler option is mutually exclusive with shuffle");
    const plain = batch_size === 1 && shuffle !== true && sampler === null && !drop_last;
    if (batch_sampler !== null && !plain)
      throw new ValueError(
        "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last",
      );
    if (batch_size === null && drop_last)
      throw new ValueError(
        "batch_size=None option disables auto-batching and is mutually exclusive with drop_last",
      );
    this.dataset = dataset as Samples<T>;
    this.batch_size = batch_sampler === null ? batch_size : null;
    this.drop_last = drop_last;
    this.generator = generator;
    this.sampler =
      (sampler as this["sampler"] | null) ?? samplerOf(this.dataset, shuffle === true, generator);
    this.batch_sampler =
      (batch_sampler as this["batch_sampler"]) ??
      (batch_size === null ? null : new BatchSampler(this.sampler, batch_size, drop_last));
    this.collate_fn = (collate_fn ?? default_collate) as (samples: T[]) => B;
    this.collates = collate_fn !== null;
  }

  private readonly collates: boolean;

  /** How many batches there are: Python's `len`. */
  get length(): number {
    if (this.dataset instanceof IterableDataset) {
      const batches = this.dataset.length / (this.batch_size ?? 1);
      return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
    }
    return (this.batch_sampler ?? this.sampler).length;
  }

  *[Symbol.iterator](): IterableIterator<B> {
    // PyTorch draws a seed for its workers at the start of each pass, also where there are none.
    randomSeed(this.generator ?? defaultGenerator);
    if (this.dataset instanceof IterableDataset) yield* this.batchesOf(this.dataset);
    else if (this.batch_sampler === null)
      for (const index of this.sampler) yield this.single(sampleAt(this.dataset, index));
    else
      for (const indices of this.batch_sampler)
        yield this.collate_fn(indices.map((index) => sampleAt(this.dataset, index)));
  }

  /** A sample that is not put into a batch. */
  private single(sample: T): B {
    return this.collates
      ? (this.collate_fn as unknown as (sample: T) => B)(sample)
      : (sample as unknown as B);
  }

  private *batchesOf(stream: IterableDataset<T>): IterableIterator<B> {
    let batch: T[] = [];
    for (const sample of stream) {
      if (this.batch_size === null) {
        yield this.single(sample);
        continue;
      }
      batch.push(sample);
      if (batch.length < this.batch_size) continue;
      yield this.collate_fn(batch);
      batch = [];
    }
    if (batch.length > 0 && !this.drop_last) yield this.collate_fn(batch);
  }
}

/** A stream comes in the order it comes in. */
function requireNoOrder(shuffle: boolean | null, sampler: unknown, batch_sampler: unknown): void {
  const refuse = (option: string, got: unknown) => {
    const shown = typeof got === "boolean" ? pythonRepr(got) : `<${pythonTypeName(got)} object>`;
    throw new ValueError(
      `DataLoader with IterableDataset: expected unspecified ${option} option, but got ${option}=${shown}`,
    );
  };
  if (shuffle === true) refuse("shuffle", shuffle);
  if (sampler !== null) refuse("sampler", sampler);
  if (batch_sampler !== null) refuse("batch_sampler", batch_sampler);
}

/** What stands for the order of a stream: the same index without end. */
class EndlessSampler extends Sampler {
  override get length(): number {
    throw new TypeError("object of type '_InfiniteConstantSampler' has no len()");
  }

  override *[Symbol.iterator](): IterableIterator<number> {
    for (;;) yield 0;
  }
}

function samplerOf(dataset: Samples<unknown>, shuffle: boolean, generator: Generator | null) {
  if (dataset instanceof IterableDataset) return new EndlessSampler();
  const sized: Sized = {
    get length() {
      return countOf(dataset);
    },
  };
  return shuffle ? new RandomSampler(sized, { generator }) : new SequentialSampler({ data_source: sized });
}
