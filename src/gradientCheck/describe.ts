import { brief, listed } from "../diagnostics/words";
import type { CheckedTensor, CheckResult, ComparedElement, Impossible } from "./model";

export interface CheckText {
  verdict: "agrees" | "corner" | "differs" | "impossible";
  /** A few words, with VS Code's `$(icon)`s. */
  title: string;
  message: string;
}

/** What was checked, in words: "The gradient" of a pass, or a function's backward. */
export interface Checked {
  /** `loss.backward()`, `Cube.backward`. */
  what: string;
  /** `epoch 1 of 30`; empty where there is no loop. */
  when: string;
  /** Names for tensors that have none, by their place. */
  names: readonly string[];
  /** The program's own functions, whose derivatives may be at fault. */
  functions: readonly string[];
}

/** So many elements are named; of the others it is told how many there are. */
const MAX_NAMED = 4;

export function describeCheck(result: CheckResult, checked: Checked): CheckText {
  if (result.kind === "impossible") {
    const message = `${checked.what} could not be checked: ${reasonOf(result.reason, result.message, checked)}`;
    return { verdict: "impossible", title: "$(circle-slash) Gradient not checked", message };
  }
  const tensors = result.tensors.map((tensor, i) => ({ ...tensor, label: labelOf(tensor, i, checked) }));
  const differing = tensors.flatMap(({ label, differing }) => differing.map((one) => ({ label, ...one })));
  const corners = tensors.flatMap(({ label, corners }) => corners.map((one) => ({ label, ...one })));
  const compared = sum(tensors.map((tensor) => tensor.compared));
  const extent = extentOf(tensors, compared, checked);
  const lost = lostOf(tensors);
  if (differing.length > 0) {
    const count = `${differing.length} of ${counted(compared, "compared element")}`;
    return {
      verdict: "differs",
      title: `$(error) Gradient differs at ${elementName(differing[0]!)}`,
      message:
        `${checked.what} gives another gradient than finite differences do, in ${count}${extent}. ` +
        `${listOf(differing, describeDifference)}${cornersText(corners)}${lost}${suspects(checked)}`,
    };
  }
  if (compared === 0) {
    const message = `${checked.what} could not be checked.${lost}`;
    return { verdict: "impossible", title: "$(circle-slash) Gradient not checked", message };
  }
  const agreeing = compared - corners.length;
  const agrees =
    agreeing === 1 ? "the gradient of 1 element agrees" : `the gradients of ${agreeing} elements agree`;
  const agree = `${checked.what}: ${agrees} with finite differences${extent}.`;
  if (corners.length > 0) {
    return {
      verdict: "corner",
      title: `$(pass) Gradient agrees, ${counted(corners.length, "corner")}`,
      message: `${agree}${cornersText(corners)}${lost}`,
    };
  }
  return { verdict: "agrees", title: "$(pass) Gradient agrees", message: `${agree}${lost}` };
}

function suspects({ functions }: Checked): string {
  if (functions.length === 0) return "";
  return ` Check ${listed(functions)} too: derivatives that a program defines itself are the first to doubt.`;
}

type Labelled<T> = T & { label: string };

function labelOf({ name }: CheckedTensor, place: number, { names }: Checked): string {
  return name ?? names[place] ?? `argument ${place + 1}`;
}

function elementName({ label, index }: Labelled<ComparedElement>): string {
  return index.length === 0 ? label : `${label}[${index.join(", ")}]`;
}

function describeDifference(element: Labelled<ComparedElement>): string {
  const { analytic, numeric, tolerance } = element;
  return `\`${elementName(element)}\`: ${exact(analytic)} by backward(), ${exact(numeric)} by finite differences (±${brief(tolerance)}).`;
}

function cornersText(corners: readonly Labelled<ComparedElement>[]): string {
  if (corners.length === 0) return "";
  const where = corners.length === 1 ? "At one element" : `At ${corners.length} elements`;
  return ` ${where} the function has a corner or a jump, as ReLU at 0, and no derivative to compare with: ${listOf(corners, describeCorner)}`;
}

function describeCorner(element: Labelled<ComparedElement>): string {
  const { analytic, left, right, value } = element;
  return `\`${elementName(element)}\` = ${exact(value)} has slope ${exact(left)} to the left and ${exact(right)} to the right; backward() took ${exact(analytic)}, which is as good as any between.`;
}

/** How much of it was compared, and how. */
function extentOf(tensors: readonly CheckedTensor[], compared: number, { when }: Checked): string {
  const all = sum(tensors.map(({ elements }) => elements));
  const sampled = all > compared ? ` ${compared} of ${all} elements, evenly spread, were compared` : "";
  const time = when === "" ? "" : ` in ${when}`;
  return `${time}, in float64${sampled === "" ? "" : `;${sampled}`}`;
}

function lostOf(tensors: readonly Labelled<CheckedTensor>[]): string {
  const lost = tensors.filter(({ isLost }) => isLost).map(({ label }) => `\`${label}\``);
  if (lost.length === 0) return "";
  return ` Not compared: ${lost.join(", ")}, which the program changes in the midst of the expression that uses it.`;
}

function reasonOf(reason: Impossible, message: string, { when }: Checked): string {
  switch (reason) {
    case "running":
      return "the program is still running. Check it when the run is over, or stop the run.";
    case "notReached":
      return when === "" ? "the program does not come there." : `the program does not come there in ${when}.`;
    case "noLeaves":
      return "nothing that requires a gradient was reached.";
    case "notRepeatable":
      return "the program gives another value each time it runs, so that no change can be told from chance.";
    case "tooSlow":
      return "the program takes too long to come there, and it would have to do so for every element. Go back to an earlier iteration, or make it smaller.";
    case "failed":
      return message === "" ? "it took too long." : `run in float64, the program failed: ${message}`;
  }
}

function listOf<T>(elements: readonly T[], describe: (element: T) => string): string {
  const named = elements.slice(0, MAX_NAMED).map(describe).join(" ");
  const others = elements.length - MAX_NAMED;
  return others > 0 ? `${named} And ${others} more.` : named;
}

/** To six digits, which is more than the tolerance tells apart. */
function exact(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
