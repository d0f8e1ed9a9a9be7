import type { DType, TypedArray } from "./dtype";
import { observer } from "./observe";

/**
 * The memory behind tensors. Views share it; every in-place write counts up `version`, which is how
 * backward notices that something it saved has changed since.
 */
export class Storage {
  version = 0;
  /** Set by an observer that wants to hear of the next in-place write. */
  watched = false;

  constructor(readonly data: TypedArray) {}
}

export function allocate(dtype: DType, length: number): Storage {
  return new Storage(new dtype.ArrayType(length));
}

/** To be called before every in-place write. */
export function willWrite(storage: Storage): void {
  if (storage.watched) observer?.storageWillChange(storage);
  storage.version++;
}
