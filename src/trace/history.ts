import { type DType, float32 } from "../../engine/dtype";
import { elements, fromData, type Tensor } from "../../engine/tensor";
import { copyInto, firstOf, viewOf } from "./arrays";
import type { Budget, Thinnable } from "./budget";
import { countUpTo, type Moments } from "./moments";
import type { Observed } from "./passes";

/** A tensor at some moment of the run. */
export interface TensorMoment {
  /** Its elements then. */
  value: Tensor;
  /** As it was then; of `value`, nothing but the elements counts. */
  requiresGrad: boolean;
  isLeaf: boolean;
  isParameter: boolean;
  gradFn: string | null;
  nextFunctions: readonly (string | null)[];
  /** The gradient that the next backward pass left at it. */
  grad: Tensor | null;
  /** Where the gradient came from; null if none came. */
  step: Observed | null;
  outputNr: number;
}

/** What an entry is besides its elements. Alike entries share one. */
interface Form {
  text: string | null;
  shape: readonly number[];
  dtype: DType | null;
  requiresGrad: boolean;
  isLeaf: boolean;
  isParameter: boolean;
  gradFn: string | null;
  hasGrad: boolean;
  outputNr: number;
}

/** Of single precision as long as nothing needs more. */
type Numbers = Float32Array | Float64Array;

const FIRST_ENTRIES = 16;
const FIRST_ELEMENTS = 64;
/** From this many elements on, copying as a whole is faster than one by one. */
const LONG = 32;
/** From this many on, an entry has an array of its own, which never moves. */
const BLOCK_ELEMENTS = 8192;
/** What an entry takes beside its elements and moment. */
const ENTRY_BYTES = 32;
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;
/** More entries than this are not worth their while, however small. */
const MAX_ENTRIES = 4096;

/**
 * What was seen at one place, visit by visit: all of it at first, then every second visit, every fourth … The
 * elements lie one after another in a single array, so that keeping them leaves nothing to collect; those of a large
 * tensor in a block of their own, since moving them whenever there is no more room costs more than keeping them.
 */
export class History implements Thinnable {
  private readonly moments: Moments;
  private readonly budget: Budget;
  private visits = new Float64Array(FIRST_ENTRIES);
  /** The loops' counts at each entry, one after another. */
  private counts: Float64Array;
  /** Where each entry's elements begin; its gradient's follow them. */
  private starts = new Float64Array(FIRST_ENTRIES);
  private data: Numbers = new Float32Array(FIRST_ELEMENTS);
  private used = 0;
  /** The elements of entries that are not in `data`. */
  private readonly blocks: (Numbers | null)[] = [];
  private blockBytes = 0;
  private readonly forms: Form[] = [];
  private readonly steps: (Observed | null)[] = [];
  length = 0;
  stride = 1;
  /** The first visit (0-based) that is wanted next. */
  next = 0;
  /** How often it was thinned: whoever took entries before takes them anew. */
  version = 0;

  constructor(moments: Moments, budget: Budget) {
    this.moments = moments;
    this.budget = budget;
    this.counts = new Float64Array(FIRST_ENTRIES * moments.loops.length);
    budget.join(this);
    budget.grew(this.bytes);
  }

  get bytes(): number {
    const numbers = this.visits.length + this.counts.length + this.starts.length;
    return NUMBER_BYTES * numbers + this.data.byteLength + this.blockBytes + ENTRY_BYTES * this.length;
  }

  /** Keeps a string; `counts` from `at` on is the moment. `visit` is at least `next`. */
  addText(visit: number, counts: Float64Array, at: number, text: string): void {
    if (!this.begin(visit)) return;
    const before = this.bytes;
    this.write(visit, counts, at, { ...TEXT, text }, null);
    this.budget.grew(this.bytes - before);
  }

  /** Keeps a tensor's elements and those of its gradient. */
  addTensor(
    visit: number,
    counts: Float64Array,
    at: number,
    tensor: Tensor,
    grad: Tensor | null,
    step: Observed | null,
  ): void {
    if (!this.begin(visit)) return;
    const before = this.bytes;
    const last = this.length > 0 ? this.forms[this.length - 1] : null;
    const form = last !== null && hasForm(tensor, grad, last) ? last : formOf(tensor, grad);
    this.write(visit, counts, at, form, step);
    if (tensor.numel() < BLOCK_ELEMENTS) {
      this.append(tensor);
      if (grad !== null) this.append(grad);
    } else this.appendBlock(tensor, grad);
    this.budget.grew(this.bytes - before);
  }

  /** Whether a visit is one of those that are kept. */
  keeps(visit: number): boolean {
    return visit % this.stride === 0;
  }

  /** As `keeps`; makes room for the visit. */
  private begin(visit: number): boolean {
    if (this.length === MAX_ENTRIES) this.drop();
    this.next = visit - (visit % this.stride) + this.stride;
    return this.keeps(visit);
  }

  private write(visit: number, counts: Float64Array, at: number, form: Form, step: Observed | null): void {
    if (this.length === this.visits.length) this.growEntries();
    const i = this.length++;
    this.visits[i] = visit;
    this.starts[i] = this.used;
    this.blocks[i] = null;
    this.forms[i] = form;
    this.steps[i] = step;
    const width = this.moments.loops.length;
    for (let k = 0; k < width; k++) this.counts[i * width + k] = counts[at + k];
  }

  private append(tensor: Tensor): void {
    const values = elements(tensor) as ArrayLike<number>;
    const end = this.used + values.length;
    const isDouble = this.data instanceof Float64Array;
    if (!isDouble && tensor.dtype !== float32) this.makeDouble();
    if (end > this.data.length) this.growData(end);
    const { data, used } = this;
    if (values.length > LONG) copyInto(data, values, used);
    else for (let i = 0; i < values.length; i++) data[used + i] = values[i];
    this.used = end;
  }

  private appendBlock(tensor: Tensor, grad: Tensor | null): void {
    const values = elements(tensor) as ArrayLike<number>;
    const Numbers = tensor.dtype === float32 ? Float32Array : Float64Array;
    const block = new Numbers(grad === null ? values.length : 2 * values.length);
    copyInto(block, values);
    if (grad !== null) copyInto(block, elements(grad) as ArrayLike<number>, values.length);
    this.blocks[this.length - 1] = block;
    this.blockBytes += block.byteLength;
  }

  private growEntries(): void {
    this.visits = withRoom(this.visits, this.visits.length * 2);
    this.starts = withRoom(this.starts, this.visits.length);
    this.counts = withRoom(this.counts, this.visits.length * this.moments.loops.length);
  }

  private growData(least: number): void {
    let { length } = this.data;
    while (length < least) length *= 2;
    this.data =
      this.data instanceof Float64Array ? withRoom(this.data, length) : singlesWithRoom(this.data, length);
  }

  private makeDouble(): void {
    const doubles = new Float64Array(this.data.length);
    copyInto(doubles, this.data);
    this.data = doubles;
  }

  /** Drops half of the entries and gives the room back. */
  thin(): boolean {
    if (this.length < 2) return false;
    this.drop();
    const width = this.moments.loops.length;
    const room = Math.max(FIRST_ENTRIES, this.length);
    this.visits = firstOf(this.visits, room);
    this.starts = firstOf(this.starts, room);
    this.counts = firstOf(this.counts, room * width);
    this.data = firstOf(this.data, Math.max(FIRST_ELEMENTS, this.used));
    return true;
  }

  /** Moves the entries of every second kept visit together. */
  private drop(): void {
    this.stride *= 2;
    this.version++;
    const width = this.moments.loops.length;
    let kept = 0;
    let used = 0;
    for (let i = 0; i < this.length; i++) {
      const block = this.blocks[i];
      if (this.visits[i] % this.stride !== 0) {
        if (block !== null) this.blockBytes -= block.byteLength;
        continue;
      }
      const start = this.starts[i];
      const end = this.endOf(i);
      this.data.copyWithin(used, start, end);
      this.visits[kept] = this.visits[i];
      this.starts[kept] = used;
      this.blocks[kept] = block;
      this.forms[kept] = this.forms[i];
      this.steps[kept] = this.steps[i];
      for (let k = 0; k < width; k++) this.counts[kept * width + k] = this.counts[i * width + k];
      used += end - start;
      kept++;
    }
    this.length = kept;
    this.blocks.length = kept;
    this.forms.length = kept;
    this.steps.length = kept;
    this.used = used;
  }

  visitAt(i: number): number {
    return this.visits[i];
  }

  /** How many iterations the loop at `loop` (an index of `Moments.loops`) had begun at entry `i`. */
  countAt(i: number, loop: number): number {
    return this.counts[i * this.moments.loops.length + loop];
  }

  /** The index of the last entry up to an iteration of a loop; -1 if there is none. */
  indexAt(loop: number, iteration: number): number {
    return countUpTo(this.length, (i) => this.countAt(i, loop), iteration) - 1;
  }

  /** The text of entry `i`, or its tensor. Of its `nextFunctions` nothing is kept. */
  valueAt(i: number): string | TensorMoment {
    const form = this.forms[i];
    if (form.text !== null) return form.text;
    const { requiresGrad, isLeaf, isParameter, gradFn, hasGrad, outputNr } = form;
    const value = tensorFrom(this.elementsAt(i), form);
    const grad = hasGrad ? tensorFrom(this.gradAt(i), form) : null;
    const step = this.steps[i];
    return { value, requiresGrad, isLeaf, isParameter, gradFn, nextFunctions: [], grad, step, outputNr };
  }

  /** The elements of entry `i`, a tensor; a view, valid until an entry is added. */
  elementsAt(i: number): Numbers {
    return this.view(i, 0);
  }

  /** As `elementsAt`, of its gradient. */
  gradAt(i: number): Numbers {
    return this.view(i, 1);
  }

  private view(i: number, which: 0 | 1): Numbers {
    const block = this.blocks[i];
    const start = block === null ? this.starts[i] : 0;
    const end = block === null ? this.endOf(i) : block.length;
    const length = this.forms[i].hasGrad ? (end - start) / 2 : end - start;
    return viewOf(block ?? this.data, start + which * length, start + (which + 1) * length);
  }

  /** Where the elements of entry `i` end in `data`. */
  private endOf(i: number): number {
    return i + 1 < this.length ? this.starts[i + 1] : this.used;
  }
}

function tensorFrom(numbers: Numbers, { shape, dtype }: Form): Tensor {
  const values = new dtype!.ArrayType(numbers.length);
  for (let i = 0; i < numbers.length; i++) values[i] = numbers[i];
  return fromData(values, shape.slice(), dtype!);
}

const TEXT: Form = {
  text: null,
  shape: [],
  dtype: null,
  requiresGrad: false,
  isLeaf: true,
  isParameter: false,
  gradFn: null,
  hasGrad: false,
  outputNr: 0,
};

function formOf(tensor: Tensor, grad: Tensor | null): Form {
  const { shape, dtype, grad_fn, isParameter, outputNr } = tensor;
  return {
    text: null,
    shape: shape.slice(),
    dtype,
    requiresGrad: tensor.requires_grad,
    isLeaf: grad_fn === null,
    isParameter,
    gradFn: grad_fn === null ? null : grad_fn.typeName,
    hasGrad: grad !== null,
    outputNr,
  };
}

function hasForm(tensor: Tensor, grad: Tensor | null, form: Form): boolean {
  const { shape, dtype, grad_fn } = tensor;
  if (form.text !== null || form.dtype !== dtype || form.hasGrad !== (grad !== null)) return false;
  if (form.requiresGrad !== tensor.requires_grad || form.outputNr !== tensor.outputNr) return false;
  if (form.gradFn !== (grad_fn === null ? null : grad_fn.typeName)) return false;
  if (form.isParameter !== tensor.isParameter || form.shape.length !== shape.length) return false;
  for (let i = 0; i < shape.length; i++) if (form.shape[i] !== shape[i]) return false;
  return true;
}

function withRoom(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  copyInto(grown, values);
  return grown;
}

function singlesWithRoom(values: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const grown = new Float32Array(length);
  copyInto(grown, values);
  return grown;
}
