import { RuntimeError } from "./errors";
import { follow, isRecycled, recycled } from "./recycling";
import { belongsInSlab, cutFromSlab } from "./slab";

/**
 * Asked before tensors take `bytes` that were not granted yet. Returns how many more bytes may be taken before
 * it is asked again; a negative answer refuses. May throw to end the program.
 */
export type MemoryGuard = (bytes: number) => number;

/** Taken before any program runs, which may put something else in its place. */
const Memory = ArrayBuffer;

let guard: MemoryGuard | null = null;
let granted = Number.POSITIVE_INFINITY;

/** Counts tensors' memory from now on, before it is taken; null counts no more. */
export function setMemoryGuard(next: MemoryGuard | null): void {
  guard = next;
  granted = next === null ? Number.POSITIVE_INFINITY : 0;
}

interface ArrayConstructor<T> {
  new (length: number): T;
  new (buffer: ArrayBuffer, offset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
  readonly prototype: T;
}

/** Makes arrays of `Type` that the guard knows of. Throws PyTorch's refusal of what memory does not hold. */
export function counted<T>(Type: ArrayConstructor<T>): ArrayConstructor<T> {
  const { BYTES_PER_ELEMENT, prototype } = Type;
  function Counted(length: number, cleared = true): T {
    const bytes = length * BYTES_PER_ELEMENT;
    if (isRecycled(bytes)) return followed(Type, length, bytes, cleared);
    // Also for a length that is not a number, which must not be counted.
    if (!(granted >= bytes)) askFor(bytes);
    else granted -= bytes;
    try {
      return belongsInSlab(bytes) ? cutFromSlab(Type, length, bytes) : new Type(length);
    } catch {
      throw outOfMemory(bytes);
    }
  }
  return Object.assign(Counted, { BYTES_PER_ELEMENT, prototype }) as never;
}

/** An array for a step of a backward pass, in memory of an earlier one's if there is some of that size. */
function followed<T>(Type: ArrayConstructor<T>, length: number, bytes: number, cleared: boolean): T {
  let memory = recycled(bytes, cleared);
  if (memory === null) {
    if (!(granted >= bytes)) askFor(bytes);
    else granted -= bytes;
    try {
      memory = new Memory(bytes);
    } catch {
      throw outOfMemory(bytes);
    }
  }
  follow(memory);
  return new Type(memory, 0, length);
}

function askFor(bytes: number): void {
  if (guard === null) return;
  const more = guard(bytes);
  if (more < 0) throw outOfMemory(bytes);
  granted = more;
}

function outOfMemory(bytes: number): RuntimeError {
  return new RuntimeError(
    `DefaultCPUAllocator: can't allocate memory: you tried to allocate ${bytes} bytes. Error code 12 (Cannot allocate memory)`,
  );
}
