import type { Node } from "../../engine/autograd/node";
import type { Tensor } from "../../engine/tensor";
import { cut } from "./describe";
import { type Observed, observed, type Share } from "./gradients";
import type { TensorMoment } from "./history";
import { isTensor } from "./kinds";
import type { Names } from "./names";
import type { GradientExplanation, GradientShare } from "./queries";

/** Longest text of a tensor within an explanation. */
const MAX_CHARS = 400;

/** What an explanation needs to know of the program. */
export interface Source {
  names: Names;
  /** The variable of a binding's site. */
  nameOfSite(site: number): string | null;
  /** What a tensor was when a backward pass used it; null if that is not known. */
  asOfPass(tensor: Tensor): Tensor | null;
}

/** The gradient of a tensor as the sum of what each consumer of it sent back; null if it is not known. */
export function explainGradient(moment: TensorMoment, source: Source): GradientExplanation | null {
  const { step, outputNr, grad } = moment;
  if (step === null || grad === null || step.isForgotten) return null;
  const shares: GradientShare[] = [];
  const given = step.sharesOf(outputNr);
  for (let i = 0; i < given.length; i++) shares[i] = explainShare(given[i], source);
  const sum = step.grads[outputNr] ?? grad;
  const isAccumulated = step.accumulated !== null && !sameNumbers(step.accumulated, sum);
  return {
    shares,
    sum: brief(sum),
    accumulated: isAccumulated ? brief(step.accumulated!) : null,
    isRoot: isRootOf(step, moment),
  };
}

function isRootOf({ pass }: Observed, { value, step, outputNr }: TensorMoment): boolean {
  const roots = pass?.roots ?? [];
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i];
    if (root === value) return true;
    if (root.grad_fn?.observed === step && root.outputNr === outputNr) return true;
  }
  return false;
}

function explainShare({ consumer, input, computed, sent }: Share, source: Source): GradientShare {
  const step = observed(consumer);
  const words = consumer.derivativeOf(input, step.saved);
  const uses: GradientShare["uses"] = [];
  const used = words?.uses ?? [];
  for (let i = 0; i < used.length; i++) {
    const [name, value] = used[i];
    const use = describeUse(value, source);
    if (use !== null) uses[uses.length] = { name, ...use };
  }
  const upstream = upstreamOf(step);
  return {
    gradFn: consumer.name(),
    site: step.site < 0 ? null : step.site,
    name: step.binding < 0 ? null : source.nameOfSite(step.binding),
    parameter: words?.parameter ?? null,
    formula: words?.formula ?? null,
    uses,
    upstream: upstream === null ? null : brief(upstream),
    upstreamShape: upstream?.shape ?? null,
    computed: brief(computed),
    computedShape: computed.shape,
    sent: brief(sent),
    summedOver: summedDimensions(computed.shape, sent.shape),
  };
}

/** The gradient that a step with a single result got. */
function upstreamOf({ grads }: Observed): Tensor | null {
  return grads.length === 1 ? (grads[0] ?? null) : null;
}

function describeUse(
  value: unknown,
  source: Source,
): { variable: string | null; text: string; elements: number } | null {
  if (isTensor(value)) {
    const then = source.asOfPass(value);
    if (then === null) return null;
    return { variable: variableOf(value, source), text: brief(then), elements: value.numel() };
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return { variable: null, text: `${value}`, elements: 1 };
  }
  if (Array.isArray(value) && value.every((item) => typeof item === "number")) {
    return { variable: null, text: `[${value.join(", ")}]`, elements: value.length };
  }
  return null;
}

/** The variable that holds a tensor: a leaf's own, or that of the step that computed it. */
export function variableOf(tensor: Tensor, { names, nameOfSite }: Source): string | null {
  const known = names.of(tensor);
  if (known !== null) return known.name;
  const step = tensor.grad_fn?.observed as Observed | null | undefined;
  return step == null || step.binding < 0 ? null : nameOfSite(step.binding);
}

/** The dimensions of `from` that were summed to come to `to`, counting from 0. */
function summedDimensions(from: readonly number[], to: readonly number[]): number[] {
  const dimensions: number[] = [];
  const lead = from.length - to.length;
  for (let i = 0; i < from.length; i++) {
    if (i < lead || from[i] !== to[i - lead]) dimensions[dimensions.length] = i;
  }
  return dimensions;
}

function sameNumbers(a: Tensor, b: Tensor): boolean {
  return a === b || (a.numel() === b.numel() && a.formatValue() === b.formatValue() && a.equal(b));
}

function brief(tensor: Tensor): string {
  return cut(tensor.formatValue(), MAX_CHARS);
}

/** The name of each input's step; null for an input that needs no gradient. */
export function nextNames(node: Node | null): (string | null)[] {
  const names: (string | null)[] = [];
  if (node === null) return names;
  for (let i = 0; i < node.next.length; i++) names[i] = node.next[i]?.name() ?? null;
  return names;
}
