import type { Rule } from "../finding";
import { listed } from "../words";

/** Parameters that receive gradients step after step while the optimizer moves only others. */
export const notOptimized: Rule = ({ trace, facts }) => {
  const [optimizer] = facts.optimizers;
  if (optimizer === undefined || !facts.leaves.some(({ optimized, changed }) => optimized && changed))
    return [];
  const forgotten = facts.leaves.filter(
    ({ isParameter, received, optimized, changed }) => isParameter && received > 1 && !optimized && !changed,
  );
  if (forgotten.length === 0) return [];
  const { start, end } = trace.sites[optimizer.site]!;
  const names = forgotten.map(({ name }) => name ?? "a parameter");
  const [isAre, them] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  const message = `${listed(names)} ${names.length === 1 ? "receives" : "receive"} gradients but ${isAre} not given to any optimizer, so nothing changes ${them}.`;
  return [{ code: "not-optimized", message, start, end }];
};
