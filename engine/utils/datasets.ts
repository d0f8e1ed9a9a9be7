import { AssertionError, IndexError, NotImplementedError, ValueError } from "../errors";
import { torch } from "../op/define";
import { isKeywords } from "../op/keywords";
import { signature } from "../op/signature";
import type { Generator } from "../random/generator";
import { Tensor } from "../tensor";

/** What samples can be taken from: a dataset, an array or a tensor (its rows). */
export type Samples<T> = Dataset<T> | readonly T[] | Tensor;

/**
 * Base class of datasets: a subclass gives its samples by `__getitem__(index)` and their number by `__len__()`.
 * Source: torch.utils.data.Dataset.
 */
export class Dataset<T = unknown> {
  /** The sample at an index. */
  __getitem__(_index: number): T {
    throw new NotImplementedError("Subclasses of Dataset should implement __getitem__.");
  }

  /** How many samples there are. */
  __len__(): number {
    throw new TypeError(`object of type '${this.constructor.name}' has no len()`);
  }

  get length(): number {
    return this.__len__();
  }

  /** Both datasets one after the other: `a + b`. */
  __add__(other: Dataset<T>): Dataset<T> {
    return new ConcatDataset([this, other]);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = 0; i < this.length; i++) yield this.__getitem__(i);
  }
}

/** How many samples there are. */
export function countOf(samples: Samples<unknown>): number {
  return samples instanceof Tensor ? samples.size(0) : samples.length;
}

/** The sample at an index. */
export function sampleAt<T>(samples: Samples<T>, index: number): T {
  if (samples instanceof Dataset) return samples.__getitem__(index);
  if (samples instanceof Tensor) return samples.__getitem__(index) as T;
  if (index >= samples.length) throw new IndexError("list index out of range");
  return samples[index];
}

/** Rows of several tensors side by side. Source: torch.utils.data.TensorDataset. */
export class TensorDataset extends Dataset<Tensor[]> {
  readonly tensors: readonly Tensor[];

  constructor(...tensors: Tensor[]) {
    super();
    if (tensors.some((tensor) => tensor.size(0) !== tensors[0].size(0)))
      throw new AssertionError("Size mismatch between tensors");
    this.tensors = tensors;
  }

  override __getitem__(index: number): Tensor[] {
    return this.tensors.map((tensor) => tensor.__getitem__(index));
  }

  override __len__(): number {
    return this.tensors[0].size(0);
  }
}

const subsetArguments = signature("Subset(dataset: any, indices: any)");

/** Some of a dataset's samples, by index. Source: torch.utils.data.Subset. */
export class Subset<T> extends Dataset<T> {
  readonly dataset: Samples<T>;
  readonly indices: readonly number[];

  constructor(dataset: Samples<T>, indices: readonly number[] | { indices: readonly number[] });
  constructor(options: { dataset: Samples<T>; indices: readonly number[] });
  constructor(...args: unknown[]) {
    super();
    const [dataset, indices] = subsetArguments(args);
    this.dataset = dataset as Samples<T>;
    this.indices = indices as readonly number[];
  }

  override __getitem__(index: number): T {
    return sampleAt(this.dataset, sampleAt(this.indices, index));
  }

  override __len__(): number {
    return this.indices.length;
  }
}

/** The datasets of a stack: in order, or by name. */
type Stacked = readonly Samples<unknown>[] | Readonly<Record<string, Samples<unknown>>>;

/**
 * Datasets of equal length side by side: a sample is the list of theirs, or with an object of datasets an
 * object of theirs. Source: torch.utils.data.StackDataset.
 */
export class StackDataset<T = Tensor[]> extends Dataset<T> {
  readonly datasets: Stacked;

  constructor(...datasets: Samples<unknown>[]);
  constructor(datasets: { readonly [K in keyof T]: Samples<T[K]> });
  constructor(...given: unknown[]) {
    super();
    this.datasets = (isKeywords(given[0]) && given.length === 1 ? given[0] : given) as Stacked;
    const all: Samples<unknown>[] = Object.values(this.datasets);
    if (all.length === 0) throw new ValueError("At least one dataset should be passed");
    if (all.some((dataset) => countOf(dataset) !== countOf(all[0])))
      throw new ValueError("Size mismatch between datasets");
  }

  override __getitem__(index: number): T {
    const { datasets } = this;
    const sample: unknown = Array.isArray(datasets)
      ? datasets.map((dataset) => sampleAt(dataset, index))
      : Object.fromEntries(Object.entries(datasets).map(([name, each]) => [name, sampleAt(each, index)]));
    return sample as T;
  }

  override __len__(): number {
    return countOf(Object.values(this.datasets)[0]);
  }
}

const concatArguments = signature("ConcatDataset(datasets: any)");

/** Datasets one after another. Source: torch.utils.data.ConcatDataset. */
export class ConcatDataset<T> extends Dataset<T> {
  readonly datasets: readonly Samples<T>[];
  /** How many samples there are up to the end of each dataset. */
  readonly cumulative_sizes: readonly number[];

  constructor(datasets: Iterable<Samples<T>> | { datasets: Iterable<Samples<T>> });
  constructor(...args: unknown[]) {
    super();
    const [datasets] = concatArguments(args);
    this.datasets = [...(datasets as Iterable<Samples<T>>)];
    if (this.datasets.length === 0) throw new AssertionError("datasets should not be an empty iterable");
    let total = 0;
    this.cumulative_sizes = this.datasets.map((dataset) => {
      total += countOf(dataset);
      return total;
    });
  }

  override __getitem__(index: number): T {
    if (index < 0 && -index > this.length)
      throw new ValueError("absolute value of index should not exceed dataset length");
    const at = index < 0 ? index + this.length : index;
    const which = this.cumulative_sizes.findIndex((end) => at < end);
    if (which < 0) throw new IndexError("list index out of range");
    return sampleAt(this.datasets[which], which === 0 ? at : at - this.cumulative_sizes[which - 1]);
  }

  override __len__(): number {
    return this.cumulative_sizes.at(-1)!;
  }
}

const splitArguments = signature(
  "random_split(dataset: any, lengths: float[], generator: Generator? = null)",
);

/**
 * Splits a dataset at random into parts of these lengths, or of these fractions of the whole.
 * Source: torch.utils.data.random_split.
 */
export function random_split<T>(
  dataset: Samples<T>,
  lengths: readonly number[],
  generator?: Generator | null | { generator?: Generator | null },
): Subset<T>[];
export function random_split<T>(
  dataset: Samples<T>,
  options: { lengths: readonly number[]; generator?: Generator | null },
): Subset<T>[];
export function random_split<T>(options: {
  dataset: Samples<T>;
  lengths: readonly number[];
  generator?: Generator | null;
}): Subset<T>[];
export function random_split<T>(...args: unknown[]): Subset<T>[] {
  const [given, lengths, generator] = splitArguments(args);
  const dataset = given as Samples<T>;
  const count = countOf(dataset);
  const sum = lengths.reduce((total, length) => total + length, 0);
  const counts = Math.abs(sum - 1) <= 1e-9 && sum <= 1 ? countsOf(lengths, count) : lengths;
  if (counts.reduce((total, length) => total + length, 0) !== count)
    throw new ValueError("Sum of input lengths does not equal the length of the input dataset!");
  const indices = torch.randperm(count, { generator }).tolist() as number[];
  let end = 0;
  return counts.map((length) => {
    end += length;
    return new Subset(dataset, indices.slice(end - length, end));
  });
}

/** Fractions as counts; what rounding leaves goes to the first parts. */
function countsOf(fractions: readonly number[], count: number): number[] {
  const counts = fractions.map((fraction, i) => {
    if (fraction < 0 || fraction > 1) throw new ValueError(`Fraction at index ${i} is not between 0 and 1`);
    return Math.floor(count * fraction);
  });
  const left = count - counts.reduce((total, n) => total + n, 0);
  for (let i = 0; i < left; i++) counts[i % counts.length]++;
  return counts;
}
