import { shapeText } from "../annotations/texts";
import type { Seen } from "../trace/model";
import type { InspectedTensor, Inspection } from "../trace/queries";
import { code, codeBlock } from "./markdown";
import { statisticsText } from "./statistics";
import { explainWhy, type SourcePlaces } from "./why";

/** What a hover is about. */
export interface Hovered {
  /** The name of the variable, or the text of the expression. */
  what: string;
  inspection: Inspection;
  /** If the value is the gradient of a tensor: of what, and what is known of that. */
  gradientOf: { what: string; tensor: InspectedTensor | null } | null;
  places: SourcePlaces;
  /** `epoch 12 of 100` while the views are back in time. */
  iteration: string | null;
  /** Links to what can be done with the value. */
  actions: readonly string[];
}

/** Longest value in a hover, in lines: what is longer scrolls out of sight anyway. */
const MAX_LINES = 14;

/** What a hover shows, as Markdown. Nothing in a program's texts can act as markup. */
export function describeHover({ what, inspection, gradientOf, places, iteration, actions }: Hovered): string {
  const { text, count, tensor } = inspection;
  const isMissing = gradientOf !== null && tensor === null;
  const parts = [codeBlock(isMissing ? "None" : cutLines(text))];
  if (tensor !== null) {
    const facts = factsOf(tensor);
    if (gradientOf !== null) facts.unshift(`the gradient of ${code(gradientOf.what)}`);
    parts.push(facts.join(" · "));
    const statistics = tensor.statistics && statisticsText(tensor.statistics);
    if (statistics) parts.push(statistics);
    if (tensor.gradFn !== null) parts.push(historyOf(tensor.gradFn, tensor.nextFunctions));
  }
  if (gradientOf !== null) parts.push(...gradientParts(gradientOf, text, places));
  else if (tensor?.grad != null) {
    parts.push(gradientText(tensor.grad), ...whyParts(what, tensor, places));
  }
  const when = whenText(count, iteration);
  if (when !== null) parts.push(when);
  if (actions.length > 0) parts.push(actions.join(" · "));
  return parts.join("\n\n");
}

function gradientText(grad: string): string {
  return grad.includes("\n") ? `∇ gradient\n\n${codeBlock(cutLines(grad))}` : `∇ gradient ${code(grad)}`;
}

function gradientParts(
  { what, tensor }: NonNullable<Hovered["gradientOf"]>,
  text: string,
  places: SourcePlaces,
): string[] {
  if (text === "null") return [`${code(what)} had no gradient when this line ran.`];
  return tensor === null ? [] : whyParts(what, tensor, places);
}

function whyParts(what: string, tensor: InspectedTensor, places: SourcePlaces): string[] {
  const { why, shape, gradStatistics: statistics } = tensor;
  return why === null ? [] : [explainWhy({ what, shape, why, statistics }, places)];
}

function whenText(count: number, iteration: string | null): string | null {
  if (iteration !== null) return `In ${iteration}.`;
  return count > 1 ? `The last of ${count} times.` : null;
}

function cutLines(text: string): string {
  const lines = text.split("\n");
  if (lines.length <= MAX_LINES) return text;
  const half = Math.floor(MAX_LINES / 2);
  return [...lines.slice(0, half), "…", ...lines.slice(-half)].join("\n");
}

/** What is known without asking the runner: shown when the value itself is gone. */
export function inspectionOf({ count, value }: Seen): Inspection {
  if (value.kind === "plain") return { text: value.text, count, tensor: null };
  const { text, shape, dtype, requiresGrad, gradFn, grad } = value;
  const tensor = {
    shape,
    dtype,
    requiresGrad,
    isLeaf: gradFn === null,
    gradFn,
    nextFunctions: [],
    grad,
    ...UNKNOWN,
  };
  return { text, count, tensor };
}

const UNKNOWN = { statistics: null, gradStatistics: null, why: null };

function factsOf({ shape, dtype, requiresGrad, isLeaf }: InspectedTensor): string[] {
  const facts = [`shape ${code(shapeText(shape))}`, code(dtype)];
  if (requiresGrad) facts.push(code("requires_grad"));
  if (requiresGrad && isLeaf) facts.push("leaf");
  return facts;
}

function historyOf(gradFn: string, nextFunctions: readonly (string | null)[]): string {
  const inputs = nextFunctions.map((name) => code(name ?? "None")).join(", ");
  return `grad_fn ${code(gradFn)}${inputs === "" ? "" : ` ← ${inputs}`}`;
}
