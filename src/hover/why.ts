import { numbersOf, numberText, shapeText } from "../annotations/texts";
import type { GradientExplanation, GradientShare, PathStep, Statistics } from "../trace/queries";
import { derivation, resultText } from "./formula";
import { code } from "./markdown";

/** What an explanation needs to know of the program's text. */
export interface SourcePlaces {
  /** The text of a site's expression, on one line and not too long. */
  textOf(site: number): string;
  /** A link to a site: `line 18`. */
  linkTo(site: number): string;
}

export interface Explained {
  /** What the gradient is of: a variable or an expression. */
  what: string;
  shape: readonly number[];
  why: GradientExplanation;
  /** Of the gradient. */
  statistics: Statistics | null;
}

/** Why a gradient is what it is, for somebody who is learning it: short sentences, this program's numbers. */
export function explainWhy({ what, shape, why, statistics }: Explained, places: SourcePlaces): string {
  // A hover shows some ten lines before it scrolls, so that what it all means comes first.
  const meaning = why.isRoot ? null : meaningOf(what, shape, why.path, statistics, places);
  const parts = [meaning === null ? "**Why this gradient**" : `**Why this gradient** – ${meaning}`];
  if (why.isRoot)
    parts.push(`${code("backward()")} began here: ${code(`∂${what}/∂${what} = ${numbersOf(why.sum)}`)}`);
  if (why.shares.length > 0) parts.push(sharesOf(what, shape, why, places));
  if (why.accumulated !== null) parts.push(accumulatedText(what, why));
  if (why.path.length > 0) parts.push(pathOf(why, places));
  return parts.join("\n\n");
}

function sharesOf(
  what: string,
  shape: readonly number[],
  { shares, sum }: GradientExplanation,
  places: SourcePlaces,
): string {
  const items = shares.map((share) => {
    const used = `${placeText(share, places)}: ${code(derivation(share, places.textOf))}`;
    const broadcast = broadcastText(what, shape, share);
    return broadcast === null ? used : `${used}, ${broadcast}`;
  });
  if (items.length === 1) return `${code(what)} went into ${items[0]}`;
  const parts = shares.map((share) => resultText(share.sent, shape));
  const total = resultText(sum, shape);
  const isShort = parts.join(" + ").length <= 60;
  const added = isShort ? `${parts.join(" + ")} = ${total}`.replaceAll("+ -", "− ") : total;
  return [
    `${code(what)} went into ${items.length} places, and their shares add up:`,
    items.map((item) => `- ${item}`).join("\n"),
    `Together ${code(added)}`,
  ].join("\n\n");
}

/** What was computed and where: `w @ x` (line 18). */
function placeText(
  { site, name, gradFn }: Pick<PathStep, "site" | "name" | "gradFn">,
  places: SourcePlaces,
): string {
  if (site === null) return insideText(name ?? gradFn);
  return `${code(places.textOf(site))} (${places.linkTo(site)})`;
}

function broadcastText(what: string, shape: readonly number[], share: GradientShare): string | null {
  const { summedOver, computedShape, sent } = share;
  if (summedOver.length === 0 || sizeOf(computedShape) === sizeOf(shape)) return null;
  const dimensions =
    summedOver.length === 1 ? `dimension ${summedOver[0]}` : `dimensions ${summedOver.join(", ")}`;
  const cause = `because ${code(what)} ${code(shapeText(shape))} was broadcast to ${code(shapeText(computedShape))}`;
  return `summed over ${dimensions} ${cause}: ${code(resultText(sent, shape))}`;
}

function accumulatedText(what: string, { sum, accumulated }: GradientExplanation): string {
  const now = code(`${what}.grad = ${numbersOf(accumulated!)}`);
  return `This pass gave ${code(numbersOf(sum))}. Earlier passes had left something, and ${code("backward()")} adds to it: ${now}.`;
}

/** How the upstream gradient of the first share came to be, from where the pass began. */
function pathOf({ path, shares }: GradientExplanation, places: SourcePlaces): string {
  const nearest = path[0]!;
  const steps = path.toReversed();
  const which = shares.length > 1 ? "In the first of them " : "";
  const lead = `${which}${code("grad")} is the gradient of ${subjectText(nearest, places)}.`;
  if (path.length === 1 && nearest.isRoot) return `${lead} ${rootText(nearest)}`;
  const items = steps.map((step, index) => `${index + 1}. ${pathItem(step, places)}`);
  return `${lead} It came this way:\n\n${items.join("\n")}`;
}

function pathItem(step: PathStep, places: SourcePlaces): string {
  const subject = subjectText(step, places);
  if (step.isRoot) return `${subject}: ${rootText(step)}`;
  const numbers = step.shares.map((share) => derivation(share, places.textOf));
  const alike = new Set(numbers).size === 1;
  const shares =
    alike && numbers.length > 1 ? `${numbers[0]}, ${times(numbers.length)}` : numbers.join(" + ");
  const total = numbersOf(step.sum);
  const sum = step.shares.length > 1 && total.length <= 60 ? ` = ${code(total)}` : "";
  return `${subject}${intoText(step, places)}: ${code(shares)}${sum}${turnText(step)}`;
}

/** Where the step's result went, in the program's words. */
function intoText({ shares }: PathStep, places: SourcePlaces): string {
  const sites = shares.flatMap(({ site }) => (site === null ? [] : [places.textOf(site)]));
  const into = [...new Set(sites)];
  return into.length === 0 ? "" : ` into ${into.map(code).join(" and ")}`;
}

function times(count: number): string {
  return count === 2 ? "twice" : `${count} times`;
}

function rootText({ name, sum }: PathStep): string {
  const own = name ?? "result";
  return `${code("backward()")} began here, ${code(`∂${own}/∂${own} = ${numbersOf(sum)}`)}`;
}

/** A variable by its name, anything else by its text. */
function subjectText({ site, name, binding, gradFn }: PathStep, places: SourcePlaces): string {
  const text = name ?? (site === null ? gradFn : places.textOf(site));
  const at = binding ?? site;
  return at === null ? insideText(text) : `${code(text)} (${places.linkTo(at)})`;
}

/** A step that no line of the program shows: it was made within a function or module of PyTorch's. */
function insideText(step: string): string {
  return `${code(step)} (inside a call)`;
}

/** Where the sign comes from. */
function turnText({ shares }: PathStep): string {
  return shares.some(isSubtracted) ? " – subtracted, so the sign turns" : "";
}

function isSubtracted({ gradFn, formula }: GradientShare): boolean {
  return /^R?sub/i.test(gradFn) && (formula ?? "").startsWith("−grad");
}

/** What the sign of a gradient says about the result. */
function meaningOf(
  what: string,
  shape: readonly number[],
  path: readonly PathStep[],
  statistics: Statistics | null,
  places: SourcePlaces,
): string | null {
  if (statistics === null || !Number.isFinite(statistics.min)) return null;
  const { min, max } = statistics;
  const root = path.find(({ isRoot }) => isRoot);
  const result = code(
    root?.name ?? (root == null || root.site === null ? "the result" : places.textOf(root.site)),
  );
  const it = code(what);
  if (min === 0 && max === 0) return `it is 0: a small change of ${it} does not change ${result}.`;
  const isSingle = sizeOf(shape) === 1;
  if (isSingle) return singleMeaning(it, min, result);
  if (max < 0) return `all of it is negative, because raising any element of ${it} lowers ${result}.`;
  if (min > 0) return `all of it is positive, because raising any element of ${it} raises ${result}.`;
  return `where it is positive, raising that element of ${it} raises ${result}; where it is negative, lowers it.`;
}

function singleMeaning(it: string, gradient: number, result: string): string {
  const [sign, direction] = gradient < 0 ? ["negative", "lowers"] : ["positive", "raises"];
  const change = numberText(Math.abs(gradient) * 0.01);
  return `it is ${sign}: raising ${it} by 0.01 ${direction} ${result} by about ${change}.`;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
