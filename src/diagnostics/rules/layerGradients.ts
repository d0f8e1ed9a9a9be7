import type { LeafFacts } from "../../trace/queries";
import type { Evidence, Rule } from "../finding";
import { brief } from "../words";

/** How many times smaller or larger the first layer's gradient is than the last layer's. */
const RATIO = 1e4;
/** In a network of fewer layers gradients have no way to vanish or explode on. */
const MIN_LAYERS = 3;

/** Weights' gradients that shrink, or grow, from the last layer of a network to its first. */
export const layerGradients: Rule = (evidence) => {
  const layers = weightsFromInputToOutput(evidence);
  const first = layers[0];
  const last = layers.at(-1);
  if (layers.length < MIN_LAYERS || !first?.name || !last?.name || first.site === null) return [];
  const [near, far] = [last.gradSize!, first.gradSize!];
  const { start, end } = evidence.trace.sites[first.site]!;
  const sizes = `\`${first.name}\` receives gradients of size ${brief(far)}, \`${last.name}\` of ${brief(near)}`;
  if (near > 0 && far * RATIO < near) {
    const message = `Gradients vanish on their way to the first layers: ${sizes}. The first layers hardly learn.`;
    return [{ code: "vanishing-gradient", message, start, end }];
  }
  if (near > 0 && far > near * RATIO) {
    const message = `Gradients explode on their way to the first layers: ${sizes}. The first layers are thrown about.`;
    return [{ code: "exploding-gradient", message, start, end }];
  }
  return [];
};

/** In the order in which they were first used. Only of one network: those of several do not compare. */
function weightsFromInputToOutput({ facts }: Evidence): LeafFacts[] {
  const weights = facts.leaves.filter(
    ({ isParameter, shape, received, gradSize }) =>
      isParameter && shape.length > 1 && received > 0 && gradSize !== null && Number.isFinite(gradSize),
  );
  const network = (leaf: LeafFacts) => leaf.name?.split(".")[0];
  return weights.filter((leaf) => network(leaf) === network(weights[0]!));
}
