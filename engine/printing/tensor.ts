import { type ElementTexts, formatElements } from "./elements";
import { defaultPrintOptions, type PrintOptions } from "./options";

/** A tensor as its printing needs it: element [i, j] is `data[offset + i * strides[0] + j * strides[1]]`. */
export interface TensorView {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  /** Booleans as 0 and 1. */
  readonly data: ArrayLike<number>;
  /** Without prefix: `float32`. */
  readonly dtype: string;
}

/** What is said of a tensor's place in the graph; `gradFn` (`MulBackward0`) excludes `requiresGrad`. */
export interface GraphSuffix {
  readonly gradFn?: string | null;
  readonly requiresGrad?: boolean;
}

const PREFIX = "tensor(";

/**
 * What Python's `repr` gives for the tensor, to the character: `tensor([1., 2.], grad_fn=<MulBackward0>)`.
 * Only the elements that are shown are read. Source: torch._tensor_str.
 */
export function formatTensor(
  view: TensorView,
  suffix: GraphSuffix = {},
  options: PrintOptions = defaultPrintOptions,
  defaultDtype = "float32",
): string {
  const numel = view.shape.reduce((product, size) => product * size, 1);
  const contents = numel === 0 ? "[]" : formatContents(view, numel > options.threshold, options);
  return withSuffixes(PREFIX + contents, suffixes(view, numel, suffix, options, defaultDtype), options);
}

function formatContents(view: TensorView, summarize: boolean, options: PrintOptions): string {
  // An edge longer than any dimension is no edge: nothing is left out.
  const edge = summarize ? options.edgeitems : Infinity;
  const elements = formatElements(shownValues(view, edge), view.dtype, options);
  if (view.shape.length === 0) return elements.texts[0];
  return nested(view.shape, elements, edge, options.linewidth);
}

/** The elements that will be shown, in order. */
function shownValues({ shape, strides, offset, data }: TensorView, edge: number): number[] {
  const values: number[] = [];
  const visit = (dim: number, position: number): void => {
    if (dim === shape.length) {
      values.push(data[position]);
      return;
    }
    const size = shape[dim];
    const gapEnd = size > 2 * edge ? size - edge : 0;
    for (let i = 0; i < size; i++) {
      if (i === edge && gapEnd > 0) i = gapEnd;
      if (i < size) visit(dim + 1, position + i * strides[dim]);
    }
  };
  visit(0, offset);
  return values;
}

/** Lays the texts out in brackets, a row's continuation lines below its first element. */
function nested(
  shape: readonly number[],
  { texts, width }: ElementTexts,
  edge: number,
  linewidth: number,
): string {
  let next = 0;
  const lay = (dim: number, indent: number): string => {
    const size = shape[dim];
    const cut = size > 2 * edge;
    const shown = cut ? 2 * edge : size;
    if (dim === shape.length - 1) {
      const row = texts.slice(next, next + shown);
      next += shown;
      if (cut) row.splice(edge, 0, edge === 0 ? "..." : " ...");
      return vector(row, width, indent, linewidth);
    }
    const rows: string[] = [];
    for (let i = 0; i < shown; i++) rows.push(lay(dim + 1, indent + 1));
    if (cut) rows.splice(edge, 0, "...");
    const separator = `,${"\n".repeat(shape.length - 1 - dim)}${" ".repeat(indent + 1)}`;
    return `[${rows.join(separator)}]`;
  };
  return lay(0, PREFIX.length);
}

function vector(row: string[], width: number, indent: number, linewidth: number): string {
  const perLine = Math.max(1, Math.floor((linewidth - indent) / (width + 2)));
  if (row.length <= perLine) return `[${row.join(", ")}]`;
  const lines: string[] = [];
  for (let i = 0; i < row.length; i += perLine) lines.push(row.slice(i, i + perLine).join(", "));
  return `[${lines.join(`,\n${" ".repeat(indent + 1)}`)}]`;
}

function suffixes(
  { shape, dtype }: TensorView,
  numel: number,
  { gradFn, requiresGrad }: GraphSuffix,
  options: PrintOptions,
  defaultDtype: string,
): string[] {
  const parts: string[] = [];
  if (numel === 0) {
    // Without elements neither the shape nor the dtype can be seen from them.
    if (shape.length !== 1) parts.push(`size=${tuple(shape)}`);
    if (dtype !== defaultDtype) parts.push(`dtype=torch.${dtype}`);
  } else {
    if (options.edgeitems === 0) parts.push(`size=${tuple(shape)}`);
    if (dtype !== defaultDtype && dtype !== "int64" && dtype !== "bool") parts.push(`dtype=torch.${dtype}`);
  }
  if (gradFn) parts.push(`grad_fn=<${gradFn}>`);
  else if (requiresGrad) parts.push("requires_grad=True");
  return parts;
}

function tuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** Each suffix on the last line if it fits, else on a line of its own. */
function withSuffixes(text: string, parts: string[], { linewidth }: PrintOptions): string {
  let result = text;
  // PyTorch counts two more characters than the last line has; the wrapping shows it.
  let lineLength = text.length - text.lastIndexOf("\n") + 1;
  for (const part of parts) {
    if (lineLength + part.length + 2 > linewidth) {
      result += `,\n${" ".repeat(PREFIX.length)}${part}`;
      lineLength = PREFIX.length + part.length;
    } else {
      result += `, ${part}`;
      lineLength += part.length + 2;
    }
  }
  return `${result})`;
}
