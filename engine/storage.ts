import { gradMode } from "./autograd/grad_mode";
import type { DType, TypedArray } from "./dtype";
import { RuntimeError } from "./errors";
import { observer } from "./observe";

/**
 * The memory behind tensors. Views share it; every in-place write counts up `version`, which is how
 * backward notices that something it saved has changed since. The memory of inference tensors has no version:
 * it is NaN there and stays so.
 */
export class Storage {
  version = gradMode.inference ? Number.NaN : 0;
  /** Set by an observer that wants to hear of the next in-place write. */
  watched = false;

  constructor(readonly data: TypedArray) {}

  /** Whether this is the memory of inference tensors. */
  get isInference(): boolean {
    return Number.isNaN(this.version);
  }
}

export function allocate(dtype: DType, length: number): Storage {
  return new Storage(new dtype.ArrayType(length));
}

/** To be called before every in-place write. */
export function willWrite(storage: Storage): void {
  if (storage.watched) observer?.storageWillChange(storage);
  storage.version++;
  if (storage.isInference && !gradMode.inference)
    throw new RuntimeError(
      "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details.",
    );
}
