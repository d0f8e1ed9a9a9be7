import { RuntimeError } from "../errors";
import type { Tensor } from "../tensor";
import type { Node } from "./node";

/**
 * How a view was made. Where gradients are recorded, only a "default" one may be changed in place, and only its
 * memory may be changed through others.
 */
export type ViewCreation = "default" | "no_grad" | "inference" | "multi_output" | "custom_function";

/**
 * Throws where a change in place would lose the history of a view: one made while recording was off, one of
 * several made at once, one that a custom function gave. `changed` says what happened to which memory.
 * Source: torch/csrc/autograd/variable.cpp, handle_view_on_rebase.
 */
export function refuseChangeThrough(
  { node, outputNr }: Tensor,
  creation: ViewCreation,
  changed: "is being" | "its base or another view of its base has been",
): void {
  if (creation === "default") return;
  const output = node === null ? null : `Output ${outputNr} of ${stepName(node)} is a view`;
  const hint = HINTS[creation];
  if (output !== null && (creation === "multi_output" || creation === "custom_function"))
    throw new RuntimeError(`${output} and ${changed} modified inplace. ${hint}`);
  const view = output === null ? "A view was" : `${output} of a view which was`;
  throw new RuntimeError(
    creation === "inference"
      ? `${view} created in inference mode and ${changed} modified inplace in normal mode. ${hint}`
      : `${view} created in no_grad mode and ${changed} modified inplace with grad mode enabled. ${hint}`,
  );
}

/** `Mul` for `MulBackward0`. */
export function stepName(node: Node): string {
  return node.typeName.replace(/Backward\d*$/, "");
}

const bothInside = (block: string) =>
  `Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both inside the ${block} block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked).`;

const HINTS = {
  no_grad: bothInside("no_grad"),
  inference: bothInside("inference_mode"),
  multi_output:
    "This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.",
  custom_function:
    "This view was created inside a custom Function (or because an input was returned as-is) and the autograd logic to handle view+inplace would override the custom backward associated with the custom Function, leading to incorrect gradients. This behavior is forbidden. You can fix this by cloning the output of the custom Function.",
};
