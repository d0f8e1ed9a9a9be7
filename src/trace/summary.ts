import { printOptions } from "../../engine/printing/state";
import { formatTensor } from "../../engine/printing/tensor";
import { elements, type Tensor } from "../../engine/tensor";
import { cut, describe } from "./describe";
import { explainGradient, type Source } from "./explain";
import type { TensorMoment } from "./history";
import { writeJson } from "./json";
import { isGenerator, isModule, isTensor } from "./kinds";
import { SUMMARY_CHARS, type ValueSummary } from "./model";
import type { Inspection, Statistics, TextFormat } from "./queries";
import { statisticsOf } from "./statistics";

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

export function summarizeTensor({ value, requiresGrad, gradFn, grad }: TensorMoment): ValueSummary {
  return {
    kind: "tensor",
    text: cut(value.formatValue(), SUMMARY_CHARS),
    shape: value.shape,
    dtype: String(value.dtype),
    requiresGrad,
    gradFn,
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

export function inspectTensor(moment: TensorMoment, count: number, source: Source): Inspection {
  const { value, requiresGrad, isLeaf, gradFn, nextFunctions, grad } = moment;
  return {
    text: printed(moment),
    count,
    tensor: {
      shape: value.shape,
      dtype: String(value.dtype),
      requiresGrad,
      isLeaf,
      gradFn,
      nextFunctions: nextFunctions.slice(),
      grad: grad?.formatValue() ?? null,
      statistics: describeNumbers(value),
      gradStatistics: grad === null ? null : describeNumbers(grad),
      why: explainGradient(moment, source),
    },
  };
}

/** Null for a tensor without elements or of booleans. */
function describeNumbers(tensor: Tensor): Statistics | null {
  if (tensor.dtype.category === "bool" || tensor.numel() === 0) return null;
  return statisticsOf(elements(tensor));
}

/** As `print` shows it, graph included. */
function printed({ value, gradFn, requiresGrad, isLeaf, isParameter }: TensorMoment): string {
  const graph = { gradFn, requiresGrad: requiresGrad && isLeaf };
  const text = formatTensor(viewOf(value), graph, printOptions.current);
  return isParameter ? `Parameter containing:\n${text}` : text;
}

function viewOf(tensor: Tensor) {
  return {
    shape: tensor.shape,
    strides: tensor.stride(),
    offset: tensor.offset,
    data: tensor.storage.data,
    dtype: tensor.dtype.name,
  };
}

export function inspectPlain(value: unknown, count: number): Inspection {
  return { text: describe(value, whole), count, tensor: null };
}

/**
 * A tensor as text to take elsewhere: as PyTorch prints it, nothing left out; as JSON; or as CSV, one line per
 * row of the last dimension.
 */
export function copyText(tensor: Tensor, format: TextFormat): string {
  if (format === "json") return writeJson(tensor.tolist());
  if (format === "csv") return rowsOf(tensor);
  return formatTensor(viewOf(tensor), {}, { ...printOptions.current, threshold: 1 / 0 });
}

function rowsOf(tensor: Tensor): string {
  const { shape } = tensor;
  const values = elements(tensor);
  const width = shape.length === 0 ? 1 : shape[shape.length - 1];
  let text = "";
  for (let i = 0; i < values.length; i++) text += `${values[i]}${(i + 1) % width === 0 ? "\n" : ","}`;
  return text;
}
