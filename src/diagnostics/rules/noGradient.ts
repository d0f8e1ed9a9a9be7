import type { LeafFacts } from "../../trace/queries";
import { codeOnly, namesIn, valueCode } from "../code";
import { findCut } from "../cuts";
import type { Evidence, Rule } from "../finding";
import { listed } from "../words";

/** Parameters that no backward pass ever reached, with the line that cut them off where it can be told. */
export const noGradient: Rule = (evidence) => {
  const { trace, facts } = evidence;
  if (facts.passes < 2) return [];
  const unreached = facts.leaves.filter(
    (leaf) =>
      leaf.received === 0 && leaf.name !== null && leaf.site !== null && isToBeTrained(leaf, evidence),
  );
  const cut = findCut(trace, unreached.flatMap(sourcesOf), namesOfLosses(evidence));
  // A layer that is not used yet is no mistake unless an optimizer waits for it.
  const certain = unreached.filter(({ optimized }) => optimized || cut !== null);
  if (certain.length === 0) return [];
  const names = listed(certain.map(({ name }) => name!));
  const never = `No gradient ever reached ${names} in ${facts.passes} backward passes`;
  if (cut === null) {
    const { start, end } = trace.sites[certain[0]!.site!]!;
    const message = `${never}: the loss does not depend on ${certain.length === 1 ? "it" : "them"}.`;
    return [{ code: "no-gradient", message, start, end }];
  }
  const { start, end, line } = cut.site;
  const message = `${never}: ${cut.how} on line ${line + 1} cuts the way.`;
  return [{ code: "no-gradient", message, start, end }];
};

/** Given to an optimizer, or part of a model of which other parts are trained. */
function isToBeTrained({ optimized, isParameter, name }: LeafFacts, { facts }: Evidence): boolean {
  const [root] = name!.split(".");
  const isSibling = (other: LeafFacts) => other.received > 0 && other.name?.split(".")[0] === root;
  return optimized || (isParameter && facts.leaves.some(isSibling));
}

/** What a parameter is called: its variable, its module's variable, or its layer within the module. */
function sourcesOf({ name }: LeafFacts): string[] {
  const [root, layer] = name!.split(".");
  return layer === undefined ? [root!] : [root!, `this.${layer}`];
}

function namesOfLosses({ trace, facts }: Evidence): string[] {
  const code = codeOnly(trace.source);
  return facts.losses.flatMap(({ site }) => namesIn(valueCode(code, trace.sites[site]!)));
}
