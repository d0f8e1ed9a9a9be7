/** Up to so many bytes V8 keeps an array's elements beside it, at no further cost. */
const KEPT_INSIDE_BYTES = 64;
/** Arrays beyond this have memory of their own, so that one that lives on holds back no more than a slab. */
const MAX_SHARED_BYTES = 1024;
const SLAB_BYTES = 16_384;
/** Where elements of any type may begin. */
const ALIGNMENT = 8;

/** Taken before any program runs, which may put something else in its place. */
const Memory = ArrayBuffer;

let slab = new Memory(SLAB_BYTES);
let used = 0;

/** Whether an array of that size is better cut from a slab. */
export function belongsInSlab(bytes: number): boolean {
  return bytes > KEPT_INSIDE_BYTES && bytes <= MAX_SHARED_BYTES;
}

/**
 * An array of zeros in memory that it shares with others made about the same time. Asking the system for memory
 * costs ten times what a small tensor's arithmetic does.
 */
export function cutFromSlab<T>(
  Type: new (buffer: ArrayBuffer, offset: number, length: number) => T,
  length: number,
  bytes: number,
): T {
  if (used + bytes > SLAB_BYTES) {
    slab = new Memory(SLAB_BYTES);
    used = 0;
  }
  const at = used;
  used = (at + bytes + ALIGNMENT - 1) & -ALIGNMENT;
  return new Type(slab, at, length);
}
