// Everything in `torch.nn.utils.rnn`.
import { RuntimeError, ValueError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import { Tensor } from "../tensor";

const padArguments = signature(
  "pad_sequence(batch_first = false, padding_value: float = 0, padding_side: str = 'right')",
);

export interface PadOptions {
  batch_first?: boolean;
  padding_value?: number;
  padding_side?: "right" | "left";
}

/**
 * Sequences (Lᵢ, …) of different lengths in one tensor: (longest, N, …), or (N, longest, …) if `batch_first`.
 * Source: torch.nn.utils.rnn.pad_sequence.
 */
export function pad_sequence(sequences: readonly Tensor[], options?: PadOptions): Tensor;
export function pad_sequence(
  sequences: readonly Tensor[],
  batch_first: boolean,
  options?: PadOptions,
): Tensor;
export function pad_sequence(sequences: readonly Tensor[], ...args: unknown[]): Tensor {
  const [batch_first, padding_value, padding_side] = padArguments(args);
  if (!Array.isArray(sequences) || !sequences.every((each) => each instanceof Tensor))
    throw new RuntimeError(
      `pad_sequence: Expected iterable for input sequences, but got arg of type: <class '${typeof sequences}'>`,
    );
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

/**
 * The sequences that `pad_sequence` put together, by their lengths. Source: torch.nn.utils.rnn.unpad_sequence.
 */
export function unpad_sequence(
  padded_sequences: Tensor,
  lengths: Tensor | readonly number[],
  batch_first: boolean | { batch_first?: boolean } = false,
): Tensor[] {
  const first = typeof batch_first === "boolean" ? batch_first : (batch_first.batch_first ?? false);
  const batch = first ? padded_sequences : padded_sequences.transpose(0, 1);
  const counts = (lengths instanceof Tensor ? lengths.tolist() : lengths) as number[];
  if (counts.length !== batch.shape[0])
    throw new ValueError(`expected ${batch.shape[0]} lengths, but got ${counts.length}`);
  const places = torch.arange(batch.shape[1]);
  return counts.map((count, i) => batch.select(0, i).index(places.lt(count)));
}
