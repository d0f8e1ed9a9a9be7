import type { Node } from "../../engine/autograd/node";
import type { Tensor } from "../../engine/tensor";
import { Names } from "../trace/names";
import type { Position } from "../trace/queries";
import { bindingsOf } from "../trace/recorder";
import { Attempt, type Change } from "./attempt";
import { type Checking, compareElements, type Subject } from "./elements";
import type { CheckResult, Impossible } from "./model";
import type { Program } from "./program";

/**
 * Compares the gradients of the leaves that a pass reached with finite differences. For each the program runs
 * again from its beginning, with the same random numbers, up to that pass; the element is changed right before the
 * pass's own computation uses it, so that earlier steps are not changed with it.
 */
export function* checkPass(program: Program, site: number, at: Position | null): Checking<CheckResult> {
  const survey = new Attempt(program.sites.length, { site, at });
  const ended = yield* program.run(survey);
  const pass = survey.found;
  if (pass === null) return whyNot(survey, ended.error);
  const subjects = subjectsOf(survey, program);
  if (subjects.length === 0) return impossible("noLeaves");

  const again = function* (change: Change | null): Checking<Attempt> {
    const attempt = new Attempt(program.sites.length, { pass: pass.number }, change);
    yield* program.run(attempt);
    return attempt;
  };
  const before = yield* again(null);
  const base = before.found?.values;
  if (base === undefined || !isSame(base, pass.values)) return impossible("notRepeatable");

  /** By how much the sum of the roots, each times what backward started from, changes. */
  const changeBy = function* (
    leaf: number,
    probe: number,
    element: number,
    by: number,
  ): Checking<number | null> {
    const attempt = yield* again({ leaf, probe, element, by });
    return attempt.isChanged ? weighed(attempt.found!.values, base, pass.seeds) : null;
  };
  const size = weighed(base, null, pass.seeds);
  const tensors = yield* compareElements(
    subjects.map(({ leaf, probe, subject }) => ({
      ...subject,
      changeBy: (element, by) => changeBy(leaf, probe, element, by),
    })),
    size,
  );
  return { kind: "checked", tensors };
}

function whyNot(survey: Attempt, error: string | null): CheckResult {
  if (survey.isLate) return impossible("tooSlow");
  return error === null ? impossible("notReached") : impossible("failed", error);
}

export function impossible(reason: Impossible, message = ""): CheckResult {
  return { kind: "impossible", reason, message };
}

interface Found {
  leaf: number;
  probe: number;
  subject: Omit<Subject, "changeBy">;
}

/** The leaves of the wanted pass, each with when its first consumer came. */
function subjectsOf(survey: Attempt, program: Program): Found[] {
  const { roots, leaves } = survey.found!;
  const firstUse = firstUses(roots);
  const names = namesIn(survey, program);
  const found: Found[] = [];
  for (const { tensor, grad, values } of leaves) {
    const leaf = survey.leaves.indexOf(tensor);
    if (leaf < 0) continue;
    const probe = survey.probeBefore(firstUse.get(tensor) ?? Number.POSITIVE_INFINITY);
    const subject = { name: names.of(tensor)?.name ?? null, shape: tensor.shape.slice(), grad, values };
    found.push({ leaf, probe: survey.madeAt[leaf] < probe ? probe : 0, subject });
  }
  return found;
}

/** The number of the first step of the graph that used each leaf. */
function firstUses(roots: readonly Tensor[]): Map<Tensor, number> {
  const first = new Map<Tensor, number>();
  const seen = new Set<Node>();
  const waiting: Node[] = [];
  for (const { grad_fn } of roots) if (grad_fn !== null) waiting.push(grad_fn);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const next of node.next) {
      if (next === null) continue;
      if (!("variable" in next)) waiting.push(next);
      else {
        const leaf = next.variable as Tensor;
        first.set(leaf, Math.min(first.get(leaf) ?? Number.POSITIVE_INFINITY, node.sequence));
      }
    }
  }
  return first;
}

function namesIn({ latestThen }: Attempt, { sites }: Program): Names {
  const names = new Names(() => null);
  for (const site of bindingsOf(sites)) names.addValue(latestThen[site], sites[site].name!, site);
  return names;
}

function isSame(a: readonly Float64Array[], b: readonly Float64Array[]): boolean {
  return a.length === b.length && a.every((values, i) => isSameArray(values, b[i]));
}

function isSameArray(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** NaN if the two are not of the same shapes. */
function weighed(
  values: readonly Float64Array[],
  base: readonly Float64Array[] | null,
  seeds: readonly Float64Array[],
): number {
  if (values.length !== seeds.length) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < seeds.length; i++) {
    if (values[i].length !== seeds[i].length) return Number.NaN;
    for (let k = 0; k < seeds[i].length; k++) sum += seeds[i][k] * (values[i][k] - (base?.[i][k] ?? 0));
  }
  return sum;
}
