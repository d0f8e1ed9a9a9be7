import { AssertionError, NotImplementedError } from "../errors";
import { Dataset } from "./datasets";

/**
 * Base class of datasets that come as a stream: a subclass gives its samples by `*__iter__()`, in the order in
 * which they are to be taken. Source: torch.utils.data.IterableDataset.
 */
export class IterableDataset<T = unknown> extends Dataset<T> {
  /** The samples, from the first on. */
  __iter__(): Iterator<T> {
    throw new NotImplementedError("Subclasses of IterableDataset should implement __iter__.");
  }

  override *[Symbol.iterator](): IterableIterator<T> {
    const samples = this.__iter__();
    for (let next = samples.next(); next.done !== true; next = samples.next()) yield next.value;
  }

  override __add__(other: IterableDataset<T>): IterableDataset<T> {
    return new ChainDataset([this, other]);
  }
}

/** Streams one after another. Source: torch.utils.data.ChainDataset. */
export class ChainDataset<T> extends IterableDataset<T> {
  constructor(readonly datasets: Iterable<IterableDataset<T>>) {
    super();
  }

  override *__iter__(): IterableIterator<T> {
    for (const dataset of this.streams()) yield* dataset;
  }

  override __len__(): number {
    let total = 0;
    for (const dataset of this.streams()) total += dataset.length;
    return total;
  }

  private *streams(): IterableIterator<IterableDataset<T>> {
    for (const dataset of this.datasets) {
      if (!(dataset instanceof IterableDataset))
        throw new AssertionError("ChainDataset only supports IterableDataset");
      yield dataset;
    }
  }
}
