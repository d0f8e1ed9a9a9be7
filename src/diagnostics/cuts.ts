import type { Site } from "../compiler/site";
import type { Trace } from "../trace/model";
import { codeOnly, namesIn, valueCode } from "./code";

/** What gives a value without its history. */
const CUTS: readonly (readonly [RegExp, string])[] = [
  [/\.detach\(/, "detach()"],
  [/\.item\(/, "item()"],
  [/\.tolist\(/, "tolist()"],
  [/\.data\b/, ".data"],
  [/no_grad\(/, "no_grad"],
  [/inference_mode\(/, "inference_mode"],
  [/\bargmax\(/, "argmax(), which gives whole numbers,"],
  [/\btorch\.tensor\(/, "torch.tensor(), which copies values only,"],
  [/\.(long|int|bool)\(/, "the change to a type without fractions"],
];

/** The expression that took the history from something on its way to a loss. */
export interface Cut {
  site: Site;
  how: string;
}

/**
 * Where the way from the variables `from` to the value called `to` (or seen at a site) was cut; null if no place
 * can be named for certain. What is cut on other ways, as a number that is only printed, does not count.
 */
export function findCut(trace: Trace, from: readonly string[], to: readonly string[]): Cut | null {
  const code = codeOnly(trace.source);
  const needed = neededFor(trace, code, to);
  const derived = derivedFrom(trace, code, from);
  for (const [id, { value }] of trace.seen) {
    const site = trace.sites[id]!;
    const isOnTheWay = (site.kind === "binding" && needed.has(site.name!)) || site.kind === "return";
    if (!isOnTheWay || (value.kind === "tensor" && value.requiresGrad)) continue;
    const text = valueCode(code, site);
    if (!namesIn(text).some((name) => derived.has(name))) continue;
    const cut = CUTS.find(([pattern]) => pattern.test(text));
    if (cut !== undefined) return { site, how: cut[1] };
  }
  return null;
}

/** All variables that a value was made of, directly or not. */
function neededFor({ sites }: Trace, code: string, to: readonly string[]): Set<string> {
  const needed = new Set(to);
  for (let before = -1; before !== needed.size; ) {
    before = needed.size;
    for (const site of sites) {
      if (site.kind !== "binding" || !needed.has(site.name!)) continue;
      for (const name of namesIn(valueCode(code, site))) needed.add(name);
    }
  }
  return needed;
}

/** The variables, and all that were made of them. */
function derivedFrom({ sites }: Trace, code: string, from: readonly string[]): Set<string> {
  const derived = new Set(from);
  for (let before = -1; before !== derived.size; ) {
    before = derived.size;
    for (const site of sites) {
      if (site.kind !== "binding" || derived.has(site.name!)) continue;
      if (namesIn(valueCode(code, site)).some((name) => derived.has(name))) derived.add(site.name!);
    }
  }
  return derived;
}
