import type { Node } from "../../engine/autograd/node";
import type { Tensor } from "../../engine/tensor";
import { isModule, isOptimizer, isTensor } from "./kinds";
import type { Leaf } from "./leaves";
import type { Names } from "./names";
import { observed } from "./passes";
import type { BroadcastDifference, LeafFacts, LossFacts, SquashedTwice, TrainingFacts } from "./queries";
import type { TraceRecorder } from "./recorder";
import type { Series } from "./series";
import { Snapshot } from "./snapshot";

const { sqrt, min, max, floor } = Math;

/** What a run's training did, for those who look for mistakes in it. */
export function trainingFacts(recorder: TraceRecorder): TrainingFacts {
  const names = recorder.names();
  const leaves: LeafFacts[] = [];
  const { optimizers, optimized } = optimizersOf(recorder);
  const { all } = recorder.leaves;
  for (let i = 0; i < all.length; i++) leaves[i] = factsOf(all[i], names, optimized);
  for (const tensor of neverReached(recorder))
    leaves[leaves.length] = unreachedFacts(tensor, names, optimized);
  return {
    passes: recorder.passes,
    losses: losses(recorder),
    leaves,
    nan: recorder.nonFinites.nan,
    inf: recorder.nonFinites.inf,
    optimizers,
    warnings: recorder.warnings,
    squashedTwice: squashedTwice(recorder),
    broadcastDifferences: broadcastDifferences(recorder),
  };
}

function losses(recorder: TraceRecorder): LossFacts[] {
  const list: LossFacts[] = [];
  for (let i = 0; i < recorder.rootSites.length; i++) {
    const site = recorder.rootSites[i];
    const series = recorder.seriesOf(site);
    if (series === null || series.length === 0) continue;
    let least = 1 / 0;
    for (let k = 0; k < series.length; k++) least = min(least, series.valueAt(k));
    list[list.length] = {
      site,
      first: series.valueAt(0),
      last: series.valueAt(series.length - 1),
      min: least,
      count: recorder.countAt(site),
      ...windows(series),
    };
  }
  return list;
}

const WINDOWS = 10;

/** Means over the first and the last tenth, and the lowest over any: single steps are too noisy to compare. */
function windows(series: Series): Pick<LossFacts, "start" | "end" | "lowest"> {
  const length = max(1, floor(series.length / WINDOWS));
  const start = meanOf(series, 0, length);
  const end = meanOf(series, series.length - length, length);
  let lowest = min(start, end);
  for (let from = length; from + length <= series.length; from += length) {
    lowest = min(lowest, meanOf(series, from, length));
  }
  return { start, end, lowest };
}

function meanOf(series: Series, from: number, length: number): number {
  let sum = 0;
  for (let i = from; i < from + length; i++) sum += series.valueAt(i);
  return sum / length;
}

/** The optimizers in variables, and all that they have. */
function optimizersOf(recorder: TraceRecorder) {
  const optimizers: TrainingFacts["optimizers"] = [];
  const optimized = new Set<Tensor>();
  for (let site = 0; site < recorder.sites.length; site++) {
    const { kind, name } = recorder.sites[site];
    const value = kind === "binding" ? recorder.valueAt(site) : null;
    if (name === undefined || !isOptimizer(value)) continue;
    optimizers[optimizers.length] = { name, site };
    for (let i = 0; i < value.param_groups.length; i++) {
      const { params } = value.param_groups[i];
      for (let k = 0; k < params.length; k++) optimized.add(params[k]);
    }
  }
  return { optimizers, optimized };
}

/** Steps of losses that take a softmax or sigmoid by themselves, and what is one too many before them. */
const SQUASHED: readonly (readonly [string, string])[] = [
  ["LogSoftmaxBackward0", "SoftmaxBackward0"],
  ["BinaryCrossEntropyWithLogitsBackward0", "SigmoidBackward0"],
];
/** A loss's own steps are the first of its graph. */
const MAX_STEPS = 16;

function squashedTwice(recorder: TraceRecorder): SquashedTwice[] {
  const found: SquashedTwice[] = [];
  for (let i = 0; i < recorder.rootSites.length; i++) {
    const site = recorder.rootSites[i];
    const squash = squashBefore(recorder.tensorMoment(site)?.value.grad_fn ?? null);
    if (squash === null) continue;
    const { binding, site: own } = observed(squash);
    found[found.length] = { site, gradFn: squash.name(), squashedAt: own >= 0 ? own : binding };
  }
  return found;
}

function squashBefore(root: Node | null): Node | null {
  const steps = root === null ? [] : [root];
  for (let i = 0; i < steps.length; i++) {
    const { next } = steps[i];
    for (let k = 0; k < next.length; k++) {
      const node = next[k];
      if (node === null) continue;
      for (let pair = 0; pair < SQUASHED.length; pair++) {
        const [loss, squash] = SQUASHED[pair];
        if (steps[i].name() === loss && node.name() === squash) return node;
      }
      if (steps.length < MAX_STEPS) steps[steps.length] = node;
    }
  }
  return null;
}

/** What a loss by hand is made of: a mean or sum, of squares or sizes, of a difference. */
const MEANS = ["MeanBackward0", "SumBackward0"];
const SIZES = ["PowBackward0", "AbsBackward0", "MulBackward0"];
const SCALES = ["DivBackward0", "MulBackward0"];

function broadcastDifferences(recorder: TraceRecorder): BroadcastDifference[] {
  const found: BroadcastDifference[] = [];
  for (let i = 0; i < recorder.rootSites.length; i++) {
    const root = recorder.tensorMoment(recorder.rootSites[i])?.value.grad_fn ?? null;
    const difference = differenceIn(root);
    if (difference === null) continue;
    const { site, binding } = observed(difference.node);
    const at = site >= 0 ? site : binding;
    if (at < 0) continue;
    found[found.length] = { site: at, prediction: difference.prediction, shape: difference.shape };
  }
  return found;
}

/** The difference between what has gradients and what has none, if it is larger than the former. */
function differenceIn(root: Node | null): { node: Node; prediction: number[]; shape: number[] } | null {
  let node = root;
  while (node !== null && isOneOf(SCALES, node) && node.results[0].shape.length === 0) node = node.next[0];
  if (node === null || !isOneOf(MEANS, node)) return null;
  const size = node.next[0];
  if (size === null || !isOneOf(SIZES, size)) return null;
  const difference = size.next[0];
  if (difference === null || difference.name() !== "SubBackward0") return null;
  const [a, b] = difference.next;
  const side = a === null ? 1 : 0;
  const input = difference.next[side];
  if (input === null || (a !== null && b !== null)) return null;
  const prediction = input.results[difference.nextOutput[side]].shape.slice();
  const shape = difference.results[0].shape.slice();
  return elementsOf(shape) > elementsOf(prediction) ? { node: difference, prediction, shape } : null;
}

function isOneOf(names: readonly string[], node: Node): boolean {
  const name = node.name();
  for (let i = 0; i < names.length; i++) if (names[i] === name) return true;
  return false;
}

function elementsOf(shape: readonly number[]): number {
  let count = 1;
  for (let i = 0; i < shape.length; i++) count *= shape[i];
  return count;
}

function factsOf(
  { tensor, received, accumulatedStale, changed, grad, version }: Leaf,
  names: Names,
  optimized: Set<Tensor>,
): LeafFacts {
  return {
    ...identityFacts(tensor, names, optimized),
    received,
    accumulatedStale,
    gradSize: grad === null ? null : (grad.norm().item() as number) / sqrt(grad.numel()),
    changed: changed || tensor.storage.version !== version,
  };
}

function unreachedFacts(tensor: Tensor, names: Names, optimized: Set<Tensor>): LeafFacts {
  return {
    ...identityFacts(tensor, names, optimized),
    received: 0,
    accumulatedStale: 0,
    gradSize: null,
    changed: tensor.storage.version > 0,
  };
}

/** What is known of a leaf whether or not a gradient reached it. */
function identityFacts(tensor: Tensor, names: Names, optimized: Set<Tensor>) {
  const known = names.of(tensor);
  return {
    name: known?.name ?? null,
    site: known?.site ?? null,
    isParameter: tensor.isParameter,
    shape: tensor.shape.slice(),
    optimized: optimized.has(tensor),
  };
}

/** Leaves in variables and modules that require a gradient and never got one. */
function neverReached(recorder: TraceRecorder): Set<Tensor> {
  const found = new Set<Tensor>();
  const note = (tensor: Tensor) => {
    if (tensor.leafRequiresGrad && recorder.leaves.of(tensor) === null) found.add(tensor);
  };
  for (let site = 0; site < recorder.sites.length; site++) {
    if (recorder.sites[site].kind !== "binding") continue;
    const value = recorder.valueAt(site);
    if (Snapshot.is(value)) note(value.tensor);
    else if (isTensor(value)) note(value);
    else if (isModule(value)) {
      const parameters = value.parameters();
      for (let i = 0; i < parameters.length; i++) note(parameters[i]);
    }
  }
  return found;
}
