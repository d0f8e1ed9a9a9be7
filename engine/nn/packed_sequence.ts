import type { Device } from "../device";
import { type DType, float16, float32, float64, int8, int16, int32, int64, uint8 } from "../dtype";
import { AssertionError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";

const packedArguments = signature(
  "PackedSequence(data: any, batch_sizes: Tensor? = null, sorted_indices: Tensor? = null, unsorted_indices: Tensor? = null)",
);

export interface PackedSequenceOptions {
  sorted_indices?: Tensor | null;
  unsorted_indices?: Tensor | null;
}

/**
 * Sequences of different lengths step by step, as recurrent layers take them: `data` holds the first elements of all
 * sequences, then the second ones of those that have any, and so on. Made by `pack_padded_sequence` and
 * `pack_sequence`. It is a named tuple: `const [data, batch_sizes] = packed`. Source: torch.nn.utils.rnn.PackedSequence.
 */
export class PackedSequence {
  /** (elements of all sequences, …) */
  readonly data: Tensor;
  /** How many sequences have a first element, a second one, …: (longest). */
  readonly batch_sizes: Tensor;
  /** Which sequence is the longest, the second longest, …; null where they came in that order. */
  readonly sorted_indices: Tensor | null;
  /** Where in that order each sequence is. */
  readonly unsorted_indices: Tensor | null;

  constructor(data: Tensor, batch_sizes: Tensor, options?: PackedSequenceOptions);
  constructor(
    data: Tensor,
    batch_sizes: Tensor,
    sorted_indices: Tensor | null,
    unsorted_indices?: Tensor | null,
  );
  constructor(options: { data: Tensor; batch_sizes: Tensor } & PackedSequenceOptions);
  constructor(...args: unknown[]) {
    const [data, sizes, sorted, unsorted] = packedArguments(args);
    const pair: unknown = sizes === null ? data : [data, sizes];
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new AssertionError("Expected data to be a list or tuple of length 2");
    [this.data, this.batch_sizes] = pair as [Tensor, Tensor];
    this.sorted_indices = sorted;
    this.unsorted_indices = unsorted ?? invert_permutation(sorted);
  }

  /** Always 4: Python's `len` of the tuple. */
  get length(): number {
    return 4;
  }

  *[Symbol.iterator](): IterableIterator<Tensor | null> {
    yield* [this.data, this.batch_sizes, this.sorted_indices, this.unsorted_indices];
  }

  get is_cuda(): boolean {
    return false;
  }

  is_pinned(): boolean {
    return false;
  }

  pin_memory(): PackedSequence {
    return this;
  }

  cpu(): PackedSequence {
    return this;
  }

  /** The same sequences with `data` converted as `Tensor.to` does; itself where nothing changes. */
  to(
    target: DType | Device | string | Tensor | { dtype?: DType; device?: Device | string; copy?: boolean },
  ): PackedSequence {
    const data = this.data.to(target as DType);
    return data === this.data ? this : this.with(data);
  }

  double(): PackedSequence {
    return this.to(float64);
  }

  float(): PackedSequence {
    return this.to(float32);
  }

  half(): PackedSequence {
    return this.to(float16);
  }

  long(): PackedSequence {
    return this.to(int64);
  }

  int(): PackedSequence {
    return this.to(int32);
  }

  short(): PackedSequence {
    return this.to(int16);
  }

  char(): PackedSequence {
    return this.to(int8);
  }

  byte(): PackedSequence {
    return this.to(uint8);
  }

  /** Other elements in the same places. @internal */
  with(data: Tensor): PackedSequence {
    return new PackedSequence(data, this.batch_sizes, this.sorted_indices, this.unsorted_indices);
  }

  /** As Python prints the named tuple. */
  toString(): string {
    const { data, batch_sizes, sorted_indices, unsorted_indices } = this;
    const fields = Object.entries({ data, batch_sizes, sorted_indices, unsorted_indices });
    return `PackedSequence(${fields.map(([name, value]) => `${name}=${value ?? "None"}`).join(", ")})`;
  }
}

/** Where each index is in `permutation`; null for null. Source: torch.nn.utils.rnn.invert_permutation. */
export function invert_permutation(permutation: Tensor | null): Tensor | null {
  if (permutation === null) return null;
  return torch.zeros_like(permutation).scatter_(0, permutation, torch.arange(permutation.numel()));
}
