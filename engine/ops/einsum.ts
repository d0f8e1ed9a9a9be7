import { RuntimeError } from "../errors";
import { op } from "../op/define";
import { Tensor } from "../tensor";

/**
 * Sums of products in Einstein's notation: `"bij,bjk->bik"` multiplies batches of matrices. Letters name
 * dimensions, repeated in one operand take its diagonal, missing after `->` are summed; `...` stands for any
 * further dimensions. Without `->` the letters that occur once remain, in alphabetical order.
 * Source: torch.einsum.
 */
op("einsum(equation: str, operands: Tensor...)", (equation, operands) =>
  contractAll(parseEquation(equation, operands.length), operands),
);

/** The operands before the equation. Source: torch.einsum. */
op("einsum.operands(operands: Tensor[], equation: str)", (operands, equation) =>
  contractAll(parseEquation(equation, operands.length), operands),
);

/**
 * As with an equation; each operand is followed by the list of its labels, integers from 0 to 51, and the
 * list of the result's labels may come last; `"..."` in a list stands for any further dimensions.
 * Source: torch.einsum.
 */
op("einsum.sublists(operands: Sublist...)", (operands) => {
  const tensors = operands.filter((each) => each instanceof Tensor);
  const lists = operands.filter((each): each is Label[] => !(each instanceof Tensor));
  if (lists.length < tensors.length || lists.length > tensors.length + 1)
    throw new RuntimeError("einsum(): every operand must be followed by the list of its subscripts");
  const terms = lists.map((list) => list.map(letterOf));
  const output = terms.length > tensors.length ? terms.pop()! : implicitOutput(terms);
  return contractAll({ inputs: terms, output }, tensors);
});

/** A dimension in the sublist form: by number, or all that are not named. */
type Label = number | "...";

/** The letter that a label of the sublist form stands for: A to Z, then a to z. */
function letterOf(label: Label): string {
  if (label === "...") return ELLIPSIS;
  if (label < 0 || label >= 52)
    throw new RuntimeError(`einsum(): subscript ${label} is not within the valid range [0, 52)`);
  return String.fromCharCode(label < 26 ? 65 + label : 71 + label);
}

const ELLIPSIS = "...";

/** The labels of each operand and of the result, `...` counting as one. */
interface Equation {
  inputs: string[][];
  output: string[];
}

function parseEquation(equation: string, operandCount: number): Equation {
  const arrow = equation.indexOf("->");
  const left = arrow < 0 ? equation : equation.slice(0, arrow);
  const inputs: string[][] = [];
  let start = 0;
  for (const [i, term] of left.split(",").entries()) {
    if (i >= operandCount)
      throw new RuntimeError("einsum(): fewer operands were provided than specified in the equation");
    inputs.push(parseLabels(term, start, `operand ${i}`));
    start += term.length + 1;
  }
  if (inputs.length < operandCount)
    throw new RuntimeError("einsum(): more operands were provided than specified in the equation");
  if (arrow < 0) return { inputs, output: implicitOutput(inputs) };
  return { inputs, output: parseLabels(equation.slice(arrow + 2), arrow + 2, "output") };
}

function parseLabels(text: string, start: number, where: string): string[] {
  const labels: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === " ") continue;
    if (c === ".") {
      if (labels.includes(ELLIPSIS))
        throw new RuntimeError(
          `einsum(): found '.' for ${where} ${where === "output" ? "but an ellipsis (...) was already found" : "for which an ellipsis was already found"}`,
        );
      if (text.slice(i, i + 3) !== ELLIPSIS)
        throw new RuntimeError(`einsum(): found '.' for ${where} that is not part of any ellipsis`);
      labels.push(ELLIPSIS);
      i += 2;
    } else if (/[a-zA-Z]/.test(c)) labels.push(c);
    else
      throw new RuntimeError(
        `einsum(): invalid subscript given at index ${start + i} in the equation string, subscripts must be in [a-zA-Z]`,
      );
  }
  return labels;
}

/** What remains where nothing is said: an ellipsis' dimensions, then the labels that occur exactly once. */
function implicitOutput(inputs: readonly string[][]): string[] {
  const all = inputs.flat();
  const once = all.filter((label) => label !== ELLIPSIS && all.indexOf(label) === all.lastIndexOf(label));
  return [...(all.includes(ELLIPSIS) ? [ELLIPSIS] : []), ...once.sort()];
}

function contractAll(equation: Equation, operands: readonly Tensor[]): Tensor {
  if (operands.length === 0) throw new RuntimeError("einsum(): must provide at least one operand");
  const { inputs, output } = equation;
  const ellipsis = ellipsisSize(inputs, operands);
  const places = placesOf(inputs, output, ellipsis);
  const aligned = operands.map((operand, i) => align(operand, inputs[i], i, places, ellipsis));
  const { ndim, outputDims } = places;
  // How many operands still extend along each dimension: one left means that it can be summed.
  const counts = new Array<number>(ndim).fill(0);
  const sizes = new Array<number>(ndim).fill(1);
  aligned.forEach((operand, i) => {
    operand.shape.forEach((size, d) => {
      if (size === 1) return;
      if (sizes[d] !== 1 && sizes[d] !== size) throw notBroadcastable(places, d, i, size, sizes[d]);
      sizes[d] = size;
      counts[d]++;
    });
  });
  let result = aligned[0];
  for (const operand of aligned.slice(1)) result = contractPair(result, operand, counts, outputDims);
  if (ndim === outputDims) return result;
  if (aligned.length > 1) return result.reshape(result.shape.slice(0, outputDims));
  return result.sum(range(outputDims, ndim));
}

/** The number of dimensions that `...` stands for: as many as the operand with most has. */
function ellipsisSize(inputs: readonly string[][], operands: readonly Tensor[]): number {
  let most = 0;
  operands.forEach((operand, i) => {
    const labels = inputs[i];
    const ndim = operand.shape.length;
    const named = labels.filter((label) => label !== ELLIPSIS).length;
    if (!labels.includes(ELLIPSIS)) {
      if (named !== ndim)
        throw new RuntimeError(
          `einsum(): the number of subscripts in the equation (${named}) does not match the number of dimensions (${ndim}) for operand ${i} and no ellipsis was given`,
        );
      return;
    }
    if (named > ndim)
      throw new RuntimeError(
        `einsum(): the number of subscripts in the equation (${named}) is more than the number of dimensions (${ndim}) for operand ${i}`,
      );
    most = Math.max(most, ndim - named);
  });
  return most;
}

/** Where each label's dimension goes: first the result's, in its order, then those that are summed. */
interface Places {
  of: Map<string, number>;
  outputDims: number;
  ndim: number;
}

function placesOf(inputs: readonly string[][], output: readonly string[], ellipsis: number): Places {
  const of = new Map<string, number>();
  let ndim = 0;
  const place = (label: string) => {
    of.set(label, ndim);
    ndim += label === ELLIPSIS ? ellipsis : 1;
  };
  for (const label of output) {
    if (of.has(label))
      throw new RuntimeError(`einsum(): output subscript ${label} appears more than once in the output`);
    if (label !== ELLIPSIS && !inputs.some((labels) => labels.includes(label)))
      throw new RuntimeError(
        `einsum(): output subscript ${label} does not appear in the equation for any input operand`,
      );
    place(label);
  }
  const outputDims = ndim;
  const summed = [...new Set(inputs.flat())].filter((label) => !of.has(label)).sort();
  for (const label of summed) place(label);
  return { of, outputDims, ndim };
}

/** The operand with all dimensions of the equation at their places, those it does not have with size 1. */
function align(
  operand: Tensor,
  labels: readonly string[],
  index: number,
  { of, ndim }: Places,
  ellipsis: number,
): Tensor {
  const missing = ellipsis - (operand.shape.length - (labels.length - 1));
  const from = new Array<number>(ndim).fill(-1);
  let result = operand;
  let at = 0;
  for (const label of labels) {
    const place = of.get(label)!;
    if (label === ELLIPSIS) {
      for (let i = 0; i < missing; i++) result = result.unsqueeze(at);
      for (let i = 0; i < ellipsis; i++) from[place + i] = at++;
    } else if (from[place] === -1) from[place] = at++;
    else {
      const first = from[place];
      const [a, b] = [result.shape[first], result.shape[at]];
      if (a !== b)
        throw new RuntimeError(
          `einsum(): subscript ${label} is repeated for operand ${index} but the sizes don't match, ${b} != ${a}`,
        );
      result = result.diagonal(0, first, at).movedim(-1, first);
    }
  }
  for (let d = 0; d < ndim; d++) {
    if (from[d] !== -1) continue;
    result = result.unsqueeze(-1);
    from[d] = at++;
  }
  return result.permute(from);
}

function notBroadcastable(
  { of }: Places,
  dim: number,
  operand: number,
  size: number,
  seen: number,
): RuntimeError {
  const label = [...of].find(([name, place]) => place === dim && name !== ELLIPSIS)?.[0];
  return new RuntimeError(
    label === undefined
      ? `einsum(): dimension ${dim - (of.get(ELLIPSIS) ?? 0)} covered by ellipsis in operand ${operand}has size ${size} which does not broadcast with previously seen ellipsis with size ${seen} for the respective dimension`
      : `einsum(): subscript ${label} has size ${size} for operand ${operand} which does not broadcast with previously seen size ${seen}`,
  );
}

function contractPair(left: Tensor, right: Tensor, counts: number[], outputDims: number): Tensor {
  const together: number[] = [];
  const leftOnly: number[] = [];
  const rightOnly: number[] = [];
  for (let d = outputDims; d < counts.length; d++) {
    const inLeft = left.shape[d] !== 1;
    const inRight = right.shape[d] !== 1;
    if (inLeft && inRight) {
      if (--counts[d] !== 1) continue;
      together.push(d);
    } else if (counts[d] === 1 && inLeft) leftOnly.push(d);
    else if (counts[d] === 1 && inRight) rightOnly.push(d);
    else continue;
    counts[d] = 0;
  }
  const a = leftOnly.length > 0 ? left.sum(leftOnly, true) : left;
  const b = rightOnly.length > 0 ? right.sum(rightOnly, true) : right;
  return together.length === 0 ? a.mul(b) : sumProduct(a, b, together);
}

/** Σ left · right over `summed`, in which both extend, as one batched product. Source: at::native::sumproduct_pair. */
function sumProduct(left: Tensor, right: Tensor, summed: readonly number[]): Tensor {
  const both: number[] = [];
  const inLeft: number[] = [];
  const inRight: number[] = [];
  for (let d = 0; d < left.shape.length; d++) {
    if (summed.includes(d)) continue;
    if (left.shape[d] === 1) inRight.push(d);
    else if (right.shape[d] === 1) inLeft.push(d);
    else both.push(d);
  }
  const size = (t: Tensor, dims: readonly number[]) => dims.reduce((n, d) => n * t.shape[d], 1);
  const batches = size(left, both);
  const inner = size(left, summed);
  const a = left
    .permute([...both, ...inLeft, ...summed, ...inRight])
    .reshape([batches, size(left, inLeft), inner]);
  const b = right
    .permute([...both, ...summed, ...inRight, ...inLeft])
    .reshape([batches, inner, size(right, inRight)]);
  const order = [...both, ...inLeft, ...summed, ...inRight];
  const shape = order.map((d) =>
    summed.includes(d) ? 1 : inRight.includes(d) ? right.shape[d] : left.shape[d],
  );
  const back = new Array<number>(order.length);
  order.forEach((d, i) => {
    back[d] = i;
  });
  return a.bmm(b).reshape(shape).permute(back);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
