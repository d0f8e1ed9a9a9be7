import type { Tensor } from "../../engine/tensor";
import { isModule, isTensor } from "./kinds";
import type { Leaf } from "./leaves";
import type { Names } from "./names";
import type { LeafFacts, TrainingFacts } from "./queries";
import type { TraceRecorder } from "./recorder";
import { Snapshot } from "./snapshot";

const { sqrt, min } = Math;

/** What a run's training did, for those who look for mistakes in it. */
export function trainingFacts(recorder: TraceRecorder): TrainingFacts {
  const names = recorder.names();
  const leaves: LeafFacts[] = [];
  const { all } = recorder.leaves;
  for (let i = 0; i < all.length; i++) leaves[i] = factsOf(all[i], names);
  for (const tensor of neverReached(recorder)) leaves[leaves.length] = unreachedFacts(tensor, names);
  return {
    passes: recorder.passes,
    losses: losses(recorder),
    leaves,
    nan: recorder.nonFinites.nan,
    inf: recorder.nonFinites.inf,
  };
}

function losses(recorder: TraceRecorder): TrainingFacts["losses"] {
  const list: TrainingFacts["losses"] = [];
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
    };
  }
  return list;
}

function factsOf(
  { tensor, received, accumulatedStale, changed, grad, version }: Leaf,
  names: Names,
): LeafFacts {
  const known = names.of(tensor);
  return {
    name: known?.name ?? null,
    site: known?.site ?? null,
    isParameter: tensor.isParameter,
    shape: tensor.shape.slice(),
    received,
    accumulatedStale,
    gradSize: grad === null ? null : (grad.norm().item() as number) / sqrt(grad.numel()),
    changed: changed || tensor.storage.version !== version,
  };
}

function unreachedFacts(tensor: Tensor, names: Names): LeafFacts {
  const known = names.of(tensor);
  return {
    name: known?.name ?? null,
    site: known?.site ?? null,
    isParameter: tensor.isParameter,
    shape: tensor.shape.slice(),
    received: 0,
    accumulatedStale: 0,
    gradSize: null,
    changed: tensor.storage.version > 0,
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
