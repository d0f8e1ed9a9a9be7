import type { Evidence, Finding, Rule } from "../finding";
import { accumulating } from "./accumulating";
import { broadcastTarget } from "./broadcastTarget";
import { doubleSoftmax } from "./doubleSoftmax";
import { layerGradients } from "./layerGradients";
import { lossDiverging, lossNotDecreasing } from "./lossCourse";
import { noGradient } from "./noGradient";
import { nonFinite } from "./nonFinite";
import { notOptimized } from "./notOptimized";
import { reboundParameter } from "./reboundParameter";

const RULES: readonly Rule[] = [
  nonFinite,
  lossDiverging,
  lossNotDecreasing,
  layerGradients,
  noGradient,
  reboundParameter,
  notOptimized,
  accumulating,
  broadcastTarget,
  doubleSoftmax,
];

/** The mistakes in a run that is over, in the order of the source. */
export function findMistakes(evidence: Evidence): Finding[] {
  return RULES.flatMap((rule) => rule(evidence)).sort((a, b) => a.start - b.start);
}
