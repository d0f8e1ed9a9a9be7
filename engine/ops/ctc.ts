import { int32, int64 } from "../dtype";
import { RuntimeError } from "../errors";
import { ctcGradient, ctcLosses } from "../kernels/ctc";
import { op, torch } from "../op/define";
import { noDerivative } from "../op/no_derivative";
import { numel } from "../shape";
import { elements, type Tensor } from "../tensor";
import { checkReduction } from "./loss";

/**
 * −ln of the probability of label sequences over all alignments: log_probs (T, N, C) or (T, C), targets (N, S) or
 * all in a row, and the lengths of both. The mean divides each loss by its target's length first.
 * Source: torch.nn.functional.ctc_loss.
 */
op(
  "nn.functional.ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: Tensor | int[], target_lengths: Tensor | int[], blank: int = 0, reduction: str = 'mean', zero_infinity = false)",
  (log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity) => {
    checkReduction(reduction);
    const single = log_probs.shape.length === 2;
    const batch = single ? log_probs.unsqueeze(1) : log_probs;
    const [inputs, lengths] = [input_lengths, target_lengths].map(lengthsOf);
    checkLengths(batch, targets, inputs, lengths, blank);
    const losses = torch._ctc_loss(batch, targets, inputs, lengths, blank, zero_infinity);
    if (reduction === "none") return single ? losses.squeeze(0) : losses;
    if (reduction === "sum") return losses.sum();
    const divisors = losses.new_zeros([lengths.length]);
    lengths.forEach((length, i) => {
      divisors.storage.data[i] = Math.max(length, 1);
    });
    return losses.div(divisors).mean();
  },
  { alias: ["torch.ctc_loss"] },
);

function lengthsOf(lengths: Tensor | number[]): number[] {
  return Array.isArray(lengths) ? lengths : Array.from(elements(lengths));
}

function checkLengths(
  log_probs: Tensor,
  targets: Tensor,
  inputs: readonly number[],
  lengths: readonly number[],
  blank: number,
): void {
  const [steps, batch, classes] = log_probs.shape;
  if (log_probs.shape.length !== 3)
    throw new RuntimeError(
      `Expected 3-dimensional tensor, but got ${log_probs.shape.length}-dimensional tensor for argument #1 'log_probs' (while checking arguments for ctc_loss_allocate_outputs)`,
    );
  if (targets.dtype !== int64 && targets.dtype !== int32)
    throw new RuntimeError("Expected targets to have type Long or Int");
  if (blank < 0 || blank >= classes) throw new RuntimeError("blank must be in label range");
  if (inputs.length !== batch) throw new RuntimeError("input_lengths must be of size batch_size");
  if (lengths.length !== batch) throw new RuntimeError("target_lengths must be of size batch_size");
  for (const length of inputs) {
    if (length < 0)
      throw new RuntimeError(
        `Expected input_lengths to have value at least 0, but got value ${length} (while checking arguments for ctc_loss_allocate_outputs)`,
      );
    if (length > steps)
      throw new RuntimeError(
        `Expected input_lengths to have value at most ${steps}, but got value ${length} (while checking arguments for ctc_loss_allocate_outputs)`,
      );
  }
  const longest = Math.max(0, ...lengths);
  if (lengths.some((length) => length < 0))
    throw new RuntimeError("Expected target_lengths to have values of at least 0");
  if (targets.shape.length === 1) {
    const total = lengths.reduce((sum, length) => sum + length, 0);
    if (numel(targets.shape) !== total)
      throw new RuntimeError(
        `Expected tensor to have size ${total} at dimension 0, but got size ${targets.shape[0]} for argument #2 'targets' (while checking arguments for ctc_loss_allocate_outputs)`,
      );
  } else if (targets.shape[0] !== batch || targets.shape[1] < longest)
    throw new RuntimeError(
      `Expected tensor to have size at least ${longest} at dimension 1, but got size ${targets.shape[1]} for argument #2 'targets' (while checking arguments for ctc_loss_allocate_outputs)`,
    );
  for (const label of elements(targets))
    if (label < 0 || label >= classes)
      throw new RuntimeError(`Expected targets to be class ids from 0 to ${classes - 1}, but got ${label}`);
}

/** The loss of each sequence. @internal */
op(
  "_ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: int[], target_lengths: int[], blank: int, zero_infinity: bool)",
  {
    grad_fn: "CtcLossBackward0",
    forward: (log_probs, targets, inputs, lengths, blank, zero_infinity) =>
      ctcLosses(log_probs, targets, { inputs, lengths, blank, zero_infinity }),
    backward: {
      log_probs: [
        ["log_probs", "targets", "input_lengths", "target_lengths", "blank", "zero_infinity"],
        (grad, ...saved) => torch._ctc_loss_backward(grad, ...saved),
        "grad · (e^log_probs − the share of alignments through each label)",
      ],
      targets: null,
    },
  },
);

/** The gradient of the CTC loss, of which PyTorch has no derivative. @internal */
op(
  "_ctc_loss_backward(input, log_probs: Tensor, targets: Tensor, input_lengths: int[], target_lengths: int[], blank: int, zero_infinity: bool)",
  {
    grad_fn: "NotImplemented",
    forward: (input, log_probs, targets, inputs, lengths, blank, zero_infinity) =>
      ctcGradient(input, log_probs, targets, { inputs, lengths, blank, zero_infinity }),
    backward: {
      input: [[], () => noDerivative("_ctc_loss_backward"), "not implemented in PyTorch"],
      log_probs: [[], () => noDerivative("_ctc_loss_backward"), "not implemented in PyTorch"],
      targets: null,
    },
  },
);
