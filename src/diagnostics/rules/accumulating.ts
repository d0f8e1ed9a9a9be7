import type { Trace } from "../../trace/model";
import type { LeafFacts } from "../../trace/queries";
import { lineStart } from "../code";
import type { Evidence, Finding, Fix, Rule } from "../finding";
import { listed } from "../words";

/** Once may be meant; a loop that forgets to zero does it at every step. */
const MIN_TIMES = 2;

/** Gradients of earlier steps that are still there when new ones arrive. */
export const accumulating: Rule = (evidence) => {
  const { trace, facts } = evidence;
  const leaves = facts.leaves.filter(
    ({ accumulatedStale, received }) => accumulatedStale >= MIN_TIMES && 2 * accumulatedStale >= received,
  );
  if (leaves.length === 0) return [];
  const names = leaves.map(({ name }) => name ?? "a parameter");
  const times = Math.max(...leaves.map(({ accumulatedStale }) => accumulatedStale));
  return lastBackward(trace).map(({ start, end }): Finding => {
    const message = `backward() added to gradients that earlier steps left in ${listed(names)}, ${times} times: nothing sets them to zero in between.`;
    return { code: "accumulating-gradients", message, start, end, fix: zeroBefore(evidence, start, leaves) };
  });
};

/** The backward pass that a loop runs most often. */
function lastBackward({ sites, seen }: Trace) {
  const passes = [...seen].filter(([, { event }]) => event?.kind === "backward");
  passes.sort(([, a], [, b]) => b.count - a.count);
  return passes.slice(0, 1).map(([site]) => sites[site]!);
}

function zeroBefore(
  { trace, facts }: Evidence,
  offset: number,
  leaves: readonly LeafFacts[],
): Fix | undefined {
  const { source } = trace;
  const { indent, start, isFirst } = lineStart(source, offset);
  if (!isFirst) return undefined;
  const semicolon = /\)\s*;/.test(source.slice(offset).split("\n", 1)[0]!) ? ";" : "";
  const [optimizer] = facts.optimizers;
  const names = leaves.map(({ name }) => name ?? "");
  const plain = names.every((name) => /^[A-Za-z_$][\w$]*$/.test(name)) && names.length <= 4;
  const statements =
    facts.optimizers.length === 1
      ? [`${optimizer!.name}.zero_grad()`]
      : plain
        ? names.map((name) => `${name}.grad = null`)
        : [];
  if (statements.length === 0) return undefined;
  const text = statements.map((statement) => `${indent}${statement}${semicolon}\n`).join("");
  return { title: `Insert ${statements.join("; ")}`, edits: [{ start, end: start, text }] };
}
