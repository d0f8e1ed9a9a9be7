import { AccumulateGrad, type Node } from "../../engine/autograd/node";
import type { Tensor } from "../../engine/tensor";
import { cut } from "./describe";
import { isNonFinite } from "./nonfinite";
import { observed } from "./passes";
import type { NonFiniteInput } from "./queries";
import type { TraceRecorder } from "./recorder";

const MAX_CHARS = 60;

/** The values that went into a step: those of leaves, and of steps that a probe has seen. */
export function inputsOf(step: Node, recorder: TraceRecorder): NonFiniteInput[] {
  const inputs: NonFiniteInput[] = [];
  for (let i = 0; i < step.next.length; i++) {
    const node = step.next[i];
    const input = node === null ? null : inputOf(node, recorder);
    if (input !== null) inputs[inputs.length] = input;
  }
  return inputs;
}

function inputOf(node: Node, recorder: TraceRecorder): NonFiniteInput | null {
  if (node instanceof AccumulateGrad) {
    const known = recorder.names().of(node.variable);
    return describe(node.variable, known?.name ?? null, null);
  }
  const { binding, site } = observed(node);
  const at = binding >= 0 ? binding : site;
  const value = at < 0 ? null : (recorder.tensorMoment(at)?.value ?? null);
  if (value === null || value.grad_fn !== node) return null;
  return describe(value, binding >= 0 ? (recorder.sites[binding].name ?? null) : null, at);
}

function describe(tensor: Tensor, name: string | null, site: number | null): NonFiniteInput {
  return { name, site, text: cut(tensor.formatValue(), MAX_CHARS), isNonFinite: isNonFinite(tensor) };
}
