import type { Trace } from "../../trace/model";
import { lastCall } from "../code";
import type { Finding, Fix, Rule } from "../finding";

const WARNING =
  /^Using a target size \(torch\.Size\(\[(.*)\]\)\) that is different to the input size \(torch\.Size\(\[(.*)\]\)\)/;

/** A loss whose prediction and target have different shapes: each element is compared with several. */
export const broadcastTarget: Rule = ({ trace, facts }) =>
  facts.warnings.flatMap(({ site, message }): Finding[] => {
    const match = WARNING.exec(message);
    if (match === null) return [];
    const [target, input] = [sizes(match[1]!), sizes(match[2]!)];
    const { start, end } = trace.sites[site]!;
    const together = `(${broadcast(target, input).join(", ")})`;
    const text =
      `The target has shape ${shape(target)}, the prediction ${shape(input)}: both are broadcast to ${together}, ` +
      "so that elements are compared that do not belong together.";
    return [
      { code: "broadcast-target", message: text, start, end, fix: reshape(trace, site, target, input) },
    ];
  });

function sizes(text: string): number[] {
  return text === "" ? [] : text.split(", ").map(Number);
}

function shape(sizes: readonly number[]): string {
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) =>
    Math.max(a[a.length - length + i] ?? 1, b[b.length - length + i] ?? 1),
  );
}

function reshape(
  trace: Trace,
  site: number,
  target: readonly number[],
  input: readonly number[],
): Fix | undefined {
  const { start, end } = trace.sites[site]!;
  const text = trace.source.slice(start, end);
  const [, given] = lastCall(text)?.arguments ?? [];
  const count = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
  if (given === undefined || count(target) !== count(input)) return undefined;
  const view = `.view(${input.length === 2 && input[1] === 1 ? "-1, 1" : input.join(", ")})`;
  const argument = text.slice(given.start, given.end);
  const isSimple = /^[\w$.]+(\([^()]*\))?$/.test(argument);
  return {
    title: `Give the target the prediction's shape: ${view.slice(1)}`,
    edits: [
      ...(isSimple ? [] : [{ start: start + given.start, end: start + given.start, text: "(" }]),
      { start: start + given.end, end: start + given.end, text: isSimple ? view : `)${view}` },
    ],
  };
}
