import { gradMode } from "./autograd/grad_mode";
import type { DType, TypedArray } from "./dtype";
import { RuntimeError } from "./errors";
import { observer } from "./observe";

/** A small integer, as all versions are: NaN would make engines keep them as boxed doubles. */
const NO_VERSION = -1;

/**
 * The memory behind tensors. Views share it; every in-place write counts up `version`, which is how
 * backward notices that something it saved has changed since. The memory of inference tensors has no version:
 * it is negative there and stays so.
 */
export class Storage {
  // Declared, and set in the constructor: initializers of fields cost as much again as the object.
  declare readonly data: TypedArray;
  declare version: number;
  /** Not 0 if an observer wants to hear of the next in-place write; what its bits mean is the observer's own. */
  declare watched: number;

  constructor(data: TypedArray) {
    this.data = data;
    this.version = gradMode.inference ? NO_VERSION : 0;
    this.watched = 0;
  }

  /** Whether this is the memory of inference tensors. */
  get isInference(): boolean {
    return this.version < 0;
  }
}

/** Throws PyTorch's refusal of what memory does not hold. */
export function allocate(dtype: DType, length: number, cleared = true): Storage {
  return new Storage(new dtype.ArrayType(length, cleared));
}

/** To be called before every in-place write. */
export function willWrite(storage: Storage): void {
  if (storage.watched !== 0) observer?.storageWillChange(storage);
  if (storage.version >= 0) storage.version++;
  else if (!gradMode.inference)
    throw new RuntimeError(
      "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details.",
    );
}
