import type { Trace } from "../../trace/model";
import { lastCall } from "../code";
import type { Evidence, Finding, Fix, Rule } from "../finding";
import { operandsOf } from "../operands";

const WARNING =
  /^Using a target size \(torch\.Size\(\[(.*)\]\)\) that is different to the input size \(torch\.Size\(\[(.*)\]\)\)/;

/** A loss whose prediction and target have different shapes: each element is compared with several. */
export const broadcastTarget: Rule = (evidence) => [...inLosses(evidence), ...inDifferences(evidence)];

/** Of losses of the library, which warn of it. */
function inLosses({ trace, facts }: Evidence): Finding[] {
  return facts.warnings.flatMap(({ site, message }): Finding[] => {
    const match = WARNING.exec(message);
    if (match === null) return [];
    const [target, input] = [sizes(match[1]!), sizes(match[2]!)];
    const { start, end } = trace.sites[site]!;
    const [, given] = lastCall(trace.source.slice(start, end))?.arguments ?? [];
    const place = given && { start: start + given.start, end: start + given.end };
    return [finding(trace, site, { target, input, place })];
  });
}

/**
 * Of losses by hand, `((pred - y) ** 2).mean()`. Certain where as many elements stand on both sides, one with
 * gradients and one without, and in shapes of different length: differences of all pairs are not written so.
 */
function inDifferences({ trace, facts }: Evidence): Finding[] {
  return facts.broadcastDifferences.flatMap(({ site, prediction }): Finding[] => {
    const { start, end } = trace.sites[site]!;
    const operands = operandsOf(trace, start, end);
    const target = operands.find(({ sizes }) => sizes.length !== prediction.length);
    if (target === undefined) return [];
    if (count(target.sizes) !== count(prediction) || count(prediction) < 2) return [];
    const text = trace.source.slice(start, end);
    const from = text.startsWith(target.label) ? 0 : text.lastIndexOf(target.label);
    const place = { start: start + from, end: start + from + target.label.length };
    return [finding(trace, site, { target: target.sizes, input: prediction, place })];
  });
}

interface Mismatch {
  target: readonly number[];
  input: readonly number[];
  /** Where the target is written. */
  place: { start: number; end: number } | undefined;
}

function finding(trace: Trace, site: number, { target, input, place }: Mismatch): Finding {
  const { start, end } = trace.sites[site]!;
  const together = `(${broadcast(target, input).join(", ")})`;
  const message =
    `The target has shape ${shape(target)}, the prediction ${shape(input)}: both are broadcast to ${together}, ` +
    "so that elements are compared that do not belong together.";
  const fix = place === undefined ? undefined : reshape(trace, place, target, input);
  return { code: "broadcast-target", message, start, end, fix };
}

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
  { source }: Trace,
  place: { start: number; end: number },
  target: readonly number[],
  input: readonly number[],
): Fix | undefined {
  if (count(target) !== count(input)) return undefined;
  const view = `.view(${input.length === 2 && input[1] === 1 ? "-1, 1" : input.join(", ")})`;
  const isSimple = /^[\w$.]+(\([^()]*\))?$/.test(source.slice(place.start, place.end));
  return {
    title: `Give the target the prediction's shape: ${view.slice(1)}`,
    edits: [
      ...(isSimple ? [] : [{ start: place.start, end: place.start, text: "(" }]),
      { start: place.end, end: place.end, text: isSimple ? view : `)${view}` },
    ],
  };
}

function count(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
