import {
  agrees,
  agreesWithCorner,
  closerStep,
  isCorner,
  mayBeCorner,
  type Slopes,
  slopes,
  stepFor,
  toleranceOf,
} from "./compare";
import { type CheckedTensor, type ComparedElement, MAX_COMPARED } from "./model";

/**
 * Work that is done piece by piece: it yields after each evaluation, and `wait` where the program must settle its
 * promises before it goes on.
 */
export type Checking<T> = Generator<Progress | "wait", T, void>;

export interface Progress {
  done: number;
  of: number;
}

/** What a gradient was given for. */
export interface Subject {
  name: string | null;
  shape: number[];
  grad: Float64Array;
  values: Float64Array;
  /** How the function's value changes with one element; null if that was overwritten before it was used. */
  changeBy(element: number, by: number): Checking<number | null>;
}

/** `size` is that of the function's value. */
export function* compareElements(subjects: readonly Subject[], size: number): Checking<CheckedTensor[]> {
  const picked = subjects.map(({ grad }) => spread(grad.length));
  const of = picked.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  const tensors: CheckedTensor[] = [];
  for (const [i, subject] of subjects.entries()) {
    const tensor = untouched(subject);
    tensors.push(tensor);
    for (const element of picked[i]) {
      const known = yield* compareElement(subject, element, size);
      yield { done: ++done, of };
      if (known === null) {
        tensor.isLost = true;
        break;
      }
      tensor.compared++;
      if (known.verdict === "corner") tensor.corners.push(known.element);
      if (known.verdict === "differs") tensor.differing.push(known.element);
    }
  }
  return tensors;
}

function untouched({ name, shape, grad }: Subject): CheckedTensor {
  return {
    name,
    shape,
    elements: grad.length,
    compared: 0,
    largest: largestOf(grad),
    differing: [],
    corners: [],
    isLost: false,
  };
}

/** Which of so many elements are compared. */
function spread(count: number): number[] {
  const compared = Math.min(count, MAX_COMPARED);
  return Array.from({ length: compared }, (_, i) => Math.floor((i * count) / compared));
}

interface Compared {
  verdict: "agrees" | "corner" | "differs";
  element: ComparedElement;
}

function* compareElement(subject: Subject, element: number, size: number): Checking<Compared | null> {
  const { grad, values, shape } = subject;
  const [analytic, value] = [grad[element], values[element]];
  const step = stepFor(value);
  const far = yield* slopesAt(subject, element, step);
  if (far === null) return null;
  const tolerance = toleranceOf(analytic, far, largestOf(grad), Math.abs(size));
  const isAtCorner =
    mayBeCorner(far, tolerance) && (yield* isCornerAt(subject, element, far, closerStep(step)));
  const isFine = isAtCorner ? agreesWithCorner(analytic, far, tolerance) : agrees(analytic, far, tolerance);
  const verdict = !isFine ? "differs" : isAtCorner ? "corner" : "agrees";
  return { verdict, element: { index: indexOf(element, shape), value, analytic, ...far, tolerance } };
}

function* isCornerAt(subject: Subject, element: number, far: Slopes, step: number): Checking<boolean> {
  const near = yield* slopesAt(subject, element, step);
  return near !== null && isCorner(far, near);
}

function* slopesAt({ changeBy }: Subject, element: number, step: number): Checking<Slopes | null> {
  const above = yield* changeBy(element, step);
  const below = above === null ? null : yield* changeBy(element, -step);
  return above === null || below === null ? null : slopes(above, below, step);
}

function largestOf(values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  return largest;
}

function indexOf(element: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = element;
  for (let d = shape.length - 1; d >= 0; d--) {
    index.unshift(rest % shape[d]);
    rest = Math.floor(rest / shape[d]);
  }
  return index;
}
