// Everything in `torch.nn.utils.rnn`.
import { tensor } from "../construct";
import { int64 } from "../dtype";
import { pythonTypeName, RuntimeError, ValueError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import { Tensor } from "../tensor";
import { PackedSequence } from "./packed_sequence";

export { invert_permutation, PackedSequence, type PackedSequenceOptions } from "./packed_sequence";

/** How long each sequence is. */
type Lengths = Tensor | readonly number[];

interface BatchFirst {
  /** Whether the sequences are the first dimension, and their elements the second. */
  batch_first?: boolean;
}

interface EnforceSorted {
  /** Whether the sequences must come longest first; else they are put in that order. */
  enforce_sorted?: boolean;
}

const padArguments = signature(
  "pad_sequence(sequences: any, batch_first = false, padding_value: float = 0, padding_side: str = 'right')",
);

export interface PadOptions extends BatchFirst {
  padding_value?: number;
  padding_side?: "right" | "left";
}

/**
 * Sequences (Lᵢ, …) of different lengths in one tensor: (longest, N, …), or (N, longest, …) if `batch_first`.
 * Source: torch.nn.utils.rnn.pad_sequence.
 */
export function pad_sequence(sequences: Iterable<Tensor>, options?: PadOptions): Tensor;
export function pad_sequence(sequences: Iterable<Tensor>, batch_first: boolean, options?: PadOptions): Tensor;
export function pad_sequence(
  sequences: Iterable<Tensor>,
  batch_first: boolean,
  padding_value: number,
  padding_side?: "right" | "left" | PadOptions,
): Tensor;
export function pad_sequence(options: { sequences: Iterable<Tensor> } & PadOptions): Tensor;
export function pad_sequence(...args: unknown[]): Tensor {
  const [given, batch_first, padding_value, padding_side] = padArguments(args);
  const sequences = listedSequences(given);
  if (sequences.length === 0) throw new RuntimeError("received an empty list of sequences");
  if (padding_side !== "right" && padding_side !== "left")
    throw new RuntimeError(
      `Expected padding_side to be one of left or right, but got ${String(padding_side)}.`,
    );
  const longest = Math.max(...sequences.map((each) => each.shape[0]));
  const [first] = sequences;
  const outer = batch_first ? [sequences.length, longest] : [longest, sequences.length];
  const padded = first.new_full([...outer, ...first.shape.slice(1)], padding_value);
  sequences.forEach((each: Tensor, i) => {
    const length = each.shape[0];
    const start = padding_side === "right" ? 0 : longest - length;
    padded
      .select(batch_first ? 0 : 1, i)
      .narrow(0, start, length)
      .copy_(each);
  });
  return padded;
}

function listedSequences(given: unknown): Tensor[] {
  const iterable = typeof (given as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function";
  const list = iterable ? [...(given as Iterable<unknown>)] : null;
  if (list === null)
    throw new RuntimeError(
      `pad_sequence: Expected iterable for input sequences, but got arg of type: <class '${pythonTypeName(given)}'>`,
    );
  const other = list.findIndex((each) => !(each instanceof Tensor));
  if (other >= 0)
    throw new TypeError(
      `pad_sequence(): argument 'sequences' (position 1) must be tuple of Tensors, not tuple of ${list.length} elements, with element ${other} of type ${pythonTypeName(list[other])}`,
    );
  return list as Tensor[];
}

const unpadArguments = signature(
  "unpad_sequence(padded_sequences: Tensor, lengths: Tensor | int[], batch_first = false)",
);

/**
 * The sequences that `pad_sequence` put together, by their lengths. Source: torch.nn.utils.rnn.unpad_sequence.
 */
export function unpad_sequence(
  padded_sequences: Tensor,
  lengths: Lengths,
  batch_first?: boolean | BatchFirst,
): Tensor[];
export function unpad_sequence(
  options: { padded_sequences: Tensor; lengths: Lengths } & BatchFirst,
): Tensor[];
export function unpad_sequence(...args: unknown[]): Tensor[] {
  const [padded, lengths, batch_first] = unpadArguments(args);
  const batch = batch_first ? padded : padded.transpose(0, 1);
  const counts = numbers(lengths);
  if (counts.length !== batch.shape[0])
    throw new ValueError(`expected ${batch.shape[0]} lengths, but got ${counts.length}`);
  const places = torch.arange(batch.shape[1]);
  return counts.map((count, i) => batch.select(0, i).index(places.lt(count)));
}

function numbers(lengths: Lengths): number[] {
  return (lengths instanceof Tensor ? lengths.tolist() : lengths) as number[];
}

const packPaddedArguments = signature(
  "pack_padded_sequence(input: Tensor, lengths: any, batch_first = false, enforce_sorted = true)",
);

/**
 * Padded sequences (longest, N, …), or (N, longest, …) if `batch_first`, without their padding, as recurrent layers
 * take them. Source: torch.nn.utils.rnn.pack_padded_sequence.
 */
export function pack_padded_sequence(
  input: Tensor,
  lengths: Lengths,
  options?: BatchFirst & EnforceSorted,
): PackedSequence;
export function pack_padded_sequence(
  input: Tensor,
  lengths: Lengths,
  batch_first: boolean,
  enforce_sorted?: boolean | EnforceSorted,
): PackedSequence;
export function pack_padded_sequence(
  options: { input: Tensor; lengths: Lengths } & BatchFirst & EnforceSorted,
): PackedSequence;
export function pack_padded_sequence(...args: unknown[]): PackedSequence {
  const [input, given, batch_first, enforce_sorted] = packPaddedArguments(args);
  const lengths = given instanceof Tensor ? given.to(int64) : tensor(given as number[]).to(int64);
  const batchDim = batch_first ? 0 : 1;
  if (enforce_sorted) return packSorted(input, lengths, batchDim, null);
  const [descending, order] = lengths.sort({ descending: true });
  return packSorted(input.index_select(batchDim, order), descending, batchDim, order);
}

/** Packs sequences of which none is longer than the one before. */
function packSorted(
  input: Tensor,
  lengths: Tensor,
  batchDim: number,
  sorted_indices: Tensor | null,
): PackedSequence {
  const counts = numbers(lengths);
  const batch = input.size(batchDim);
  if (counts.length !== batch)
    throw new RuntimeError(
      `Expected \`len(lengths)\` to be equal to batch_size, but got ${counts.length} (batch_size=${batch})`,
    );
  if (counts[counts.length - 1] <= 0)
    throw new RuntimeError(
      "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0",
    );
  if (counts.some((count, i) => i > 0 && count > counts[i - 1]))
    throw new RuntimeError(
      "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability.",
    );
  const sizes = Array.from({ length: counts[0] }, (_, step) => counts.filter((n) => n > step).length);
  const steps = batchDim === 0 ? input.transpose(0, 1) : input;
  const data = torch._pack_padded_sequence(steps, sizes) as Tensor;
  return new PackedSequence(data, tensor(sizes, { dtype: int64 }), sorted_indices, null);
}

const padPackedArguments = signature(
  "pad_packed_sequence(sequence: any, batch_first = false, padding_value: float = 0, total_length: int? = null)",
);

export interface PadPackedOptions extends BatchFirst {
  padding_value?: number;
  /** Pads to this length instead of that of the longest sequence. */
  total_length?: number | null;
}

/**
 * What `pack_padded_sequence` packed, padded again: (longest, N, …), or (N, longest, …) if `batch_first`, and the
 * lengths (N). Source: torch.nn.utils.rnn.pad_packed_sequence.
 */
export function pad_packed_sequence(sequence: PackedSequence, options?: PadPackedOptions): [Tensor, Tensor];
export function pad_packed_sequence(
  sequence: PackedSequence,
  batch_first: boolean,
  options?: PadPackedOptions,
): [Tensor, Tensor];
export function pad_packed_sequence(
  sequence: PackedSequence,
  batch_first: boolean,
  padding_value: number,
  total_length?: number | null | PadPackedOptions,
): [Tensor, Tensor];
export function pad_packed_sequence(
  options: { sequence: PackedSequence } & PadPackedOptions,
): [Tensor, Tensor];
export function pad_packed_sequence(...args: unknown[]): [Tensor, Tensor] {
  const [given, batch_first, padding_value, total] = padPackedArguments(args);
  const { data, batch_sizes, unsorted_indices } = given as PackedSequence;
  const sizes = numbers(batch_sizes);
  if (total !== null && total < sizes.length)
    throw new ValueError(
      `Expected total_length to be at least the length of the longest sequence in input, but got total_length=${total} and max sequence length being ${sizes.length}`,
    );
  const padded = padSteps(data, sizes, total ?? sizes.length, padding_value);
  const output = batch_first ? padded.transpose(0, 1) : padded;
  const lengths = tensor(
    Array.from({ length: sizes[0] }, (_, i) => sizes.filter((size) => size > i).length),
    { dtype: int64 },
  );
  if (unsorted_indices === null) return [output, lengths];
  return [
    output.index_select(batch_first ? 0 : 1, unsorted_indices),
    lengths.index_select(0, unsorted_indices),
  ];
}

/** (steps, N, …), filled run by run of steps with the same sequences, as PyTorch does. */
function padSteps(data: Tensor, sizes: readonly number[], steps: number, padding: number): Tensor {
  const rest = data.shape.slice(1);
  const padded = data.new_full([steps, sizes[0], ...rest], padding);
  let from = 0;
  let at = 0;
  for (let step = 1; step <= sizes.length; step++) {
    const size = sizes[from];
    if (sizes[step] === size) continue;
    const count = step - from;
    const part = data.narrow(0, at, size * count).view([count, size, ...rest]);
    padded.narrow(0, from, count).narrow(1, 0, size).copy_(part);
    at += size * count;
    from = step;
  }
  return padded;
}

const packArguments = signature("pack_sequence(sequences: any, enforce_sorted = true)");

/** Sequences (Lᵢ, …) of different lengths, as recurrent layers take them. Source: torch.nn.utils.rnn.pack_sequence. */
export function pack_sequence(
  sequences: readonly Tensor[],
  enforce_sorted?: boolean | EnforceSorted,
): PackedSequence;
export function pack_sequence(options: { sequences: readonly Tensor[] } & EnforceSorted): PackedSequence;
export function pack_sequence(...args: unknown[]): PackedSequence {
  const [given, enforce_sorted] = packArguments(args);
  const sequences = given as readonly Tensor[];
  const padded = pad_sequence(sequences);
  return pack_padded_sequence(
    padded,
    sequences.map((each) => each.size(0)),
    { enforce_sorted },
  );
}

const unpackArguments = signature("unpack_sequence(packed_sequences: any)");

/** The sequences that `pack_sequence` packed. Source: torch.nn.utils.rnn.unpack_sequence. */
export function unpack_sequence(
  packed_sequences: PackedSequence | { packed_sequences: PackedSequence },
): Tensor[];
export function unpack_sequence(...args: unknown[]): Tensor[] {
  const [packed] = unpackArguments(args);
  const [padded, lengths] = pad_packed_sequence(packed as PackedSequence, { batch_first: true });
  return unpad_sequence(padded, lengths, true);
}
