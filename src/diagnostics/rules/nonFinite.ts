import type { NonFinite } from "../../trace/queries";
import { textAt, valueCode } from "../code";
import type { Evidence, Finding, Rule } from "../finding";
import { quoted } from "../words";

/** Where the first NaN came up, or the first infinity if no NaN did. */
export const nonFinite: Rule = (evidence) => {
  const { nan, inf } = evidence.facts;
  if (nan !== null) return [finding(evidence, nan, "NaN")];
  return inf === null ? [] : [finding(evidence, inf, "infinity")];
};

function finding({ trace }: Evidence, first: NonFinite, what: string): Finding {
  const site = trace.sites[first.site]!;
  const expression = valueCode(trace.source, site).replace(/^\s*[-+*/%@]*=\s*/, "");
  const made = first.gradFn === null ? quoted(expression) : `${quoted(expression)} (${first.gradFn})`;
  const when = first.visit > 1 ? `, the ${ordinal(first.visit)} time it ran` : "";
  const inputs = first.inputs.map(({ name, site, text }) => {
    const label = name ?? (site === null ? null : textAt(trace, site));
    return label === null ? quoted(text) : `${quoted(label)} = ${text.replace(/\s+/g, " ")}`;
  });
  const given = inputs.length === 0 ? "" : ` What went in: ${inputs.join("; ")}.`;
  const broken = first.inputs.find(({ isNonFinite }) => isNonFinite)?.name;
  const cause =
    broken == null ? "" : ` \`${broken}\` was not finite before: the update before this made it so.`;
  const article = what === "NaN" ? "NaN" : "an infinity";
  return {
    code: "non-finite",
    message: `The first ${what} of this run came up here${when}: ${made} gave ${article}.${given}${cause}`,
    start: site.start,
    end: site.end,
  };
}

function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${suffix}`;
}
