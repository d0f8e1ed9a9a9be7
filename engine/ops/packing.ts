import { RuntimeError } from "../errors";
import { op, torch } from "../op/define";

/**
 * The steps of padded sequences (L, N, …) one after another, each without the sequences that ended before it.
 * `batch_sizes` says how many there are in each step. Source: aten::_pack_padded_sequence. @internal
 */
op("_pack_padded_sequence(input, batch_sizes: int[])", {
  grad_fn: "PackPaddedSequenceBackward0",
  forward: (input, batch_sizes) =>
    torch.cat(
      batch_sizes.map((size, step) => {
        if (step >= input.shape[0]) throw new RuntimeError(tooLong(batch_sizes.length, input.shape[0]));
        return input.select(0, step).narrow(0, 0, size);
      }),
    ),
  backward: {
    input: [
      ["batch_sizes", "input.shape"],
      (grad, batch_sizes, shape) => {
        const spread = grad.new_zeros(shape);
        let at = 0;
        batch_sizes.forEach((size, step) => {
          spread
            .select(0, step)
            .narrow(0, 0, size)
            .copy_(grad.narrow(0, at, size));
          at += size;
        });
        return spread;
      },
      "grad, each element in its place, 0 in the padding",
    ],
  },
});

function tooLong(length: number, steps: number): string {
  return `Expected the longest sequence to have at most ${steps} steps, but got a length of ${length}`;
}
