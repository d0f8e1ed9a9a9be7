import type { Node } from "../../engine/autograd/node";
import { AccumulateGrad, stepsRecorded } from "../../engine/autograd/node";
import type { Observer } from "../../engine/observe";
import { elements, stridesOf, type Tensor } from "../../engine/tensor";
import { type Counters, countOf, createCounters, type Recorder } from "../runtime/recorder";
import type { Position } from "../trace/queries";

/** Thrown to end a program where enough is known of it, and again whenever it catches that. */
const END = Object.freeze({ name: "End" });

/** A program that takes longer to get there is not run again and again. */
const MAX_MS = 1500;

const { now } = Date;

/** A change of one element of a leaf before a backward pass. */
export interface Change {
  /** The how manieth tensor it is, from 0, that began to require a gradient. */
  leaf: number;
  /** After how many of the program's probes it is changed; 0 if as soon as it is there. */
  probe: number;
  /** Of its elements. */
  element: number;
  by: number;
}

/**
 * What to look for: a statement's last pass in an iteration, its first if `at` is null; a pass by its number, from 1,
 * as it begins; or nothing that a program tells.
 */
export type Wanted = { site: number; at: Position | null } | { pass: number } | null;

/** A backward pass that the program ran. */
export interface SurveyedPass {
  number: number;
  roots: readonly Tensor[];
  /** Their values as it began. */
  values: Float64Array[];
  /** The gradients that it started from, one per root. */
  seeds: Float64Array[];
  leaves: { tensor: Tensor; grad: Float64Array; values: Float64Array }[];
}

/**
 * One more run of a program up to a backward pass. Notes what is needed to run it again with one element changed
 * just before that pass uses it: the values that the pass began at, and when what was.
 */
export class Attempt implements Recorder, Observer {
  readonly counters: Counters;
  /** The latest value of each site when the wanted pass was over. */
  latestThen: unknown[] = [];
  /** Tensors in the order in which they began to require a gradient, and after how many probes that was. */
  readonly leaves: Tensor[] = [];
  readonly madeAt: number[] = [];
  /** The pass that was wanted. */
  found: SurveyedPass | null = null;
  isLate = false;
  /** Whether the element had been changed when the pass began. */
  isChanged = false;
  private readonly wanted: Wanted;
  private readonly change: Change | null;
  private readonly deadline = now() + MAX_MS;
  private readonly latest: unknown[];
  /** The latest pass. */
  private pass: SurveyedPass | null = null;
  private passes = 0;
  private isOver = false;
  private probes = 0;
  /** How many steps had been recorded after each probe. */
  private readonly stepsAfter: number[] = [stepsRecorded()];
  private changed: { tensor: Tensor; place: number; value: number } | null = null;
  /** The last pass has not been assigned to its statement yet. */
  private isNew = false;
  private isReleased = false;

  constructor(siteCount: number, wanted: Wanted, change: Change | null = null) {
    this.counters = createCounters(siteCount);
    this.latest = new Array(siteCount).fill(undefined);
    this.wanted = wanted;
    this.change = change;
  }

  see(site: number, value: unknown): void {
    this.probe();
    this.latest[site] = value;
    if (value !== undefined && value !== null) return;
    const { wanted, isNew } = this;
    this.isNew = false;
    if (!isNew || wanted === null || !("site" in wanted) || wanted.site !== site) return;
    this.found = this.pass;
    this.latestThen = this.latest.slice();
    if (wanted.at === null) this.end();
  }

  sample(): number {
    this.probe();
    return 1;
  }

  tick(site: number): number {
    const { wanted } = this;
    const at = wanted !== null && "site" in wanted ? wanted.at : null;
    if (at !== null && at.loop === site && countOf(this.counters, site) > at.iteration) this.end();
    this.probe();
    return 1;
  }

  thrown(_site: number, error: unknown): unknown {
    return error;
  }

  isEnd(thrown: unknown): boolean {
    return thrown === END;
  }

  /** Enough is known. Throws. */
  end(): never {
    this.isOver = true;
    throw END;
  }

  /** What the program made may be called from now on. */
  release(): void {
    this.isReleased = true;
  }

  private probe(): void {
    if (this.isReleased) return;
    if (this.isOver || this.isLate) throw END;
    if (now() > this.deadline) {
      this.isLate = true;
      throw END;
    }
    this.stepsAfter[++this.probes] = stepsRecorded();
    const { change } = this;
    if (change !== null && change.probe === this.probes) this.makeChange(this.leaves[change.leaf], change);
  }

  /** A tensor begins to require a gradient. */
  made(tensor: Tensor): void {
    const number = this.leaves.length;
    this.leaves[number] = tensor;
    this.madeAt[number] = this.probes;
    const { change } = this;
    if (change?.leaf === number && change.probe === 0) this.makeChange(tensor, change);
  }

  private makeChange(tensor: Tensor | undefined, { element, by }: Change): void {
    if (tensor === undefined) return;
    const place = placeOf(tensor, element);
    const { data } = tensor.storage;
    const value = data[place] + by;
    data[place] = value;
    this.changed = { tensor, place, value };
  }

  /** After how many probes the last one was before a step was recorded. */
  probeBefore(sequence: number): number {
    let probe = this.probes;
    while (probe > 0 && this.stepsAfter[probe] > sequence) probe--;
    return probe;
  }

  backwardStarted(roots: readonly Tensor[]): void {
    this.passes++;
    this.isNew = true;
    const values = roots.map((root) => Float64Array.from(elements(root)));
    const seeds = values.map(({ length }) => new Float64Array(length));
    this.pass = { number: this.passes, roots, values, seeds, leaves: [] };
    const { wanted } = this;
    if (wanted === null || !("pass" in wanted) || wanted.pass !== this.passes) return;
    this.found = this.pass;
    const { changed } = this;
    this.isChanged = changed !== null && changed.tensor.storage.data[changed.place] === changed.value;
    this.end();
  }

  gradientSent(node: Node, index: number, _computed: Tensor, sent: Tensor): void {
    this.addToSeed(node.next[index], node.nextOutput[index], sent, -1);
  }

  gradientArrived(node: Node, grads: readonly (Tensor | null)[]): void {
    for (let nr = 0; nr < grads.length; nr++) {
      const grad = grads[nr];
      if (grad !== null) this.addToSeed(node, nr, grad, 1);
    }
    const [grad] = grads;
    if (!(node instanceof AccumulateGrad) || grad == null) return;
    const tensor = node.variable;
    const [own, values] = [Float64Array.from(elements(grad)), Float64Array.from(elements(tensor))];
    this.pass!.leaves.push({ tensor, grad: own, values });
  }

  /** What arrives at a root and was sent by no other step is what the pass started from. */
  private addToSeed(node: Node | null, nr: number, grad: Tensor, sign: number): void {
    const { roots, seeds } = this.pass!;
    for (let i = 0; i < roots.length; i++) {
      const root = roots[i];
      if ((root.grad_fn ?? root.accumulator) !== node || root.outputNr !== nr) continue;
      const values = elements(grad);
      for (let k = 0; k < values.length; k++) seeds[i][k] += sign * values[k];
      return;
    }
  }

  backwardEnded(): void {}
  storageWillChange(): void {}
  warned(): void {}
  moduleCalled(): void {}
}

/** Where in its memory an element of a tensor lies. */
function placeOf(tensor: Tensor, element: number): number {
  const strides = stridesOf(tensor);
  let place = tensor.offset;
  let rest = element;
  for (let d = tensor.shape.length - 1; d >= 0; d--) {
    place += (rest % tensor.shape[d]) * strides[d];
    rest = Math.floor(rest / tensor.shape[d]);
  }
  return place;
}
