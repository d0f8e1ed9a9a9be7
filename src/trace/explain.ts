import type { Node } from "../../engine/autograd/node";
import type { Tensor } from "../../engine/tensor";
import { cut } from "./describe";
import type { TensorMoment } from "./history";
import { isTensor } from "./kinds";
import type { Names } from "./names";
import { type Observed, observed, type Share } from "./passes";
import type { DerivativeUse, GradientExplanation, GradientShare, PathStep } from "./queries";

/** Longest text of a tensor within an explanation. */
const MAX_CHARS = 400;

/** Longest way of a gradient that is told, in steps. */
const MAX_PATH = 16;

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
    path: given.length === 0 ? [] : pathFrom(given[0].consumer, source),
  };
}

/** The steps from `node` to where the pass began, along the first share of each. */
function pathFrom(node: Node, source: Source): PathStep[] {
  const path: PathStep[] = [];
  for (let next: Node | null = node; next !== null && path.length < MAX_PATH; ) {
    const step = observed(next);
    const output = firstReached(step);
    const sum = step.grads[output];
    if (step.isForgotten || sum == null) break;
    const given = step.sharesOf(output);
    const shares: GradientShare[] = [];
    for (let i = 0; i < given.length; i++) shares[i] = explainShare(given[i], source);
    const binding = step.binding < 0 ? null : step.binding;
    path[path.length] = { ...placeOf(next, source), binding, shares, sum: brief(sum), isRoot: beganAt(step) };
    next = given.length === 0 ? null : given[0].consumer;
  }
  return path;
}

/** The first of a step's results that a gradient came to. */
function firstReached({ grads }: Observed): number {
  for (let i = 0; i < grads.length; i++) if (grads[i] != null) return i;
  return 0;
}

function beganAt(step: Observed): boolean {
  const roots = step.pass?.roots ?? [];
  for (let i = 0; i < roots.length; i++) if (roots[i].grad_fn?.observed === step) return true;
  return false;
}

/** What a step is and where in the source: the expression, or else the variable set to it. */
function placeOf(node: Node, { nameOfSite }: Source): Pick<PathStep, "gradFn" | "site" | "name"> {
  const { site, binding } = observed(node);
  return {
    gradFn: node.typeName,
    site: site >= 0 ? site : binding >= 0 ? binding : null,
    name: binding < 0 ? null : nameOfSite(binding),
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
    ...placeOf(consumer, source),
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

function describeUse(value: unknown, source: Source): Omit<DerivativeUse, "name"> | null {
  if (isTensor(value)) {
    const then = source.asOfPass(value);
    if (then === null) return null;
    const step = value.grad_fn?.observed as Observed | null | undefined;
    const site = step == null || step.site < 0 ? null : step.site;
    return { variable: variableOf(value, source), site, text: brief(then), elements: value.numel() };
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return { variable: null, site: null, text: `${value}`, elements: 1 };
  }
  if (Array.isArray(value) && value.every((item) => typeof item === "number")) {
    return { variable: null, site: null, text: `[${value.join(", ")}]`, elements: value.length };
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
  for (let i = 0; i < node.next.length; i++) names[i] = node.next[i]?.typeName ?? null;
  return names;
}
