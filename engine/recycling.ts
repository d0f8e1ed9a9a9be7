/*
 * Memory for the gradients that only a backward pass sees, which is given back as soon as the pass has gone on, or
 * once an observer has let go of what it was told. What comes from the system instead comes a page at a time and has
 * left every cache by the time it is collected; that costs several times what is computed in it.
 *
 * Only steps that run no code of the program are followed: nothing else can have kept what they made.
 */

/** Smaller arrays cost less than keeping count of them. */
const MIN_BYTES = 16_384;
/** What is kept for later passes at most. */
const MAX_KEPT_BYTES = 1 << 26;

/** Taken before any program runs, which may put something else in its place. */
const Bytes = Uint8Array;
const { call } = Function.prototype;
const { prototype } = Object.getPrototypeOf(Uint8Array) as { prototype: object };
const bufferOf = call.bind(Object.getOwnPropertyDescriptor(prototype, "buffer")!.get!) as (
  array: object,
) => ArrayBuffer;
const zero = call.bind(Uint8Array.prototype.fill) as (bytes: Uint8Array, value: number) => void;

/** Memory that steps of the pass under way took: how many gradients that wait lie in it. */
const owned = new Map<ArrayBuffer, number>();
/** What the step under way took. */
const taken: ArrayBuffer[] = [];
/** Memory that was given back, by size. */
const kept = new Map<number, ArrayBuffer[]>();
let keptBytes = 0;

/** Follows one backward pass at a time; a pass within a pass is not followed. */
export const recycler = {
  isBusy: false,
  /** Whether what is made now belongs to a step that runs no code of the program. */
  isFollowing: false,
  /** Whether the pass took any memory that is followed: else nothing need be told. */
  hasTaken: false,
  /** Whether all gradients stay as they are until the pass is over, and longer. */
  isWatched: false,

  /** A gradient waits for the next step. */
  hold(data: Elements): void {
    const memory = bufferOf(data);
    const holders = owned.get(memory);
    if (holders !== undefined) owned.set(memory, holders + 1);
  },

  /** A gradient that waited was used. */
  release(data: Elements): void {
    if (recycler.isWatched) return;
    const memory = bufferOf(data);
    const holders = owned.get(memory);
    if (holders === 1) giveBack(memory);
    else if (holders !== undefined) owned.set(memory, holders - 1);
  },

  /** Memory that only the gradient at hand lies in, all of it, which is no longer followed; null if there is more. */
  take(data: Elements): ArrayBuffer | null {
    if (recycler.isWatched) return null;
    const memory = bufferOf(data);
    if (owned.get(memory) !== 1) return null;
    owned.delete(memory);
    return memory;
  },

  /** The program sees a gradient, and may keep it. */
  lose(data: Elements): void {
    owned.delete(bufferOf(data));
  },

  /** What the step took and sent nowhere is given back. */
  stepEnds(): void {
    for (let memory = taken.pop(); memory !== undefined; memory = taken.pop())
      if (owned.get(memory) === 0) giveBack(memory);
  },

  /** What the gradients of a watched pass lie in. */
  watchedMemory(): ArrayBuffer[] {
    return recycler.hasTaken ? [...owned.keys()] : [];
  },

  passEnds(): void {
    recycler.isBusy = false;
    recycler.isWatched = false;
    recycler.isFollowing = false;
    recycler.hasTaken = false;
    taken.length = 0;
    owned.clear();
  },
};

/** Whether an array of that size is to be made in memory that `recycled` gives, or that `follow` is told of. */
export function isRecycled(bytes: number): boolean {
  return bytes >= MIN_BYTES && recycler.isFollowing;
}

/** Memory of that size that was given back, all zeros if `cleared`; null if there is none. */
export function recycled(bytes: number, cleared: boolean): ArrayBuffer | null {
  const memory = kept.get(bytes)?.pop();
  if (memory === undefined) return null;
  keptBytes -= bytes;
  if (cleared) zero(new Bytes(memory), 0);
  return memory;
}

/** Counts an array's memory as taken by the step under way. */
export function follow(memory: ArrayBuffer): void {
  recycler.hasTaken = true;
  owned.set(memory, 0);
  taken.push(memory);
}

type Elements = { readonly length: number };

/** Lets later passes use memory that nobody looks into any longer. */
export function giveBack(memory: ArrayBuffer): void {
  owned.delete(memory);
  const bytes = memory.byteLength;
  if (keptBytes + bytes > MAX_KEPT_BYTES) {
    kept.clear();
    keptBytes = 0;
  }
  keptBytes += bytes;
  const same = kept.get(bytes);
  if (same === undefined) kept.set(bytes, [memory]);
  else same.push(memory);
}
