import type { Tensor } from "../../engine/tensor";
import { cut, describe } from "./describe";
import { isGenerator, isModule, isTensor } from "./kinds";
import { SUMMARY_CHARS, type ValueSummary } from "./model";
import { writeNumbers, writeOptional } from "./wire";

const brief = {
  maxChars: 200,
  maxItems: 20,
  maxDepth: 2,
  ownText: (value: object) => {
    if (isTensor(value)) return cut(value.formatValue(), 80);
    return isModule(value) ? value.toString().replace(/\s*\n\s*/g, " ") : null;
  },
};

const whole = {
  maxChars: 10_000,
  maxItems: 100,
  maxDepth: 5,
  ownText: (value: object) => (isTensor(value) || isModule(value) ? value.toString() : null),
};

export function summarizeTensor(tensor: Tensor, grad: Tensor | null): ValueSummary {
  return {
    kind: "tensor",
    text: cut(tensor.formatValue(), SUMMARY_CHARS),
    shape: tensor.shape,
    dtype: String(tensor.dtype),
    requiresGrad: tensor.requires_grad,
    gradFn: tensor.grad_fn?.name() ?? null,
    grad: grad === null ? null : cut(grad.formatValue(), SUMMARY_CHARS),
  };
}

/** A module, though callable, is worth a label; other functions are not, nor what `manual_seed` returns. */
export function summarizePlain(value: unknown): ValueSummary {
  return plain(isSilent(value) ? "" : describe(value, brief));
}

function isSilent(value: unknown): boolean {
  return value === undefined || (typeof value === "function" && !isModule(value)) || isGenerator(value);
}

export function plain(text: string): ValueSummary {
  return { kind: "plain", text };
}

/** An `Inspection` as JSON, for the way out of the realm. */
export function inspectTensor(tensor: Tensor, grad: Tensor | null, count: number): string {
  let next = "";
  for (const [node] of tensor.grad_fn?.next_functions ?? []) {
    next += `${next === "" ? "" : ","}${writeOptional(node?.name() ?? null)}`;
  }
  const details =
    `{"shape":${writeNumbers(tensor.shape)},"dtype":${writeOptional(String(tensor.dtype))},` +
    `"requiresGrad":${tensor.requires_grad},"isLeaf":${tensor.is_leaf},` +
    `"gradFn":${writeOptional(tensor.grad_fn?.name() ?? null)},"nextFunctions":[${next}],` +
    `"grad":${writeOptional(grad?.formatValue() ?? null)}}`;
  return inspection(tensor.toString(), count, details);
}

export function inspectPlain(value: unknown, count: number): string {
  return inspection(describe(value, whole), count, "null");
}

function inspection(text: string, count: number, tensor: string): string {
  return `{"text":${writeOptional(text)},"count":${count},"tensor":${tensor}}`;
}
