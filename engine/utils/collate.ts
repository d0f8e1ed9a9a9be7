import { type TensorData, tensor } from "../construct";
import { pythonTypeName, RuntimeError } from "../errors";
import { torch } from "../op/define";
import { Tensor } from "../tensor";

/**
 * Makes a batch of samples: tensors are stacked, numbers become a tensor as `torch.tensor` makes it, lists and
 * objects are gone through member by member, strings stay a list. Source: torch.utils.data.default_collate.
 */
export function default_collate(batch: readonly unknown[]): unknown {
  const [first] = batch;
  if (first instanceof Tensor) return torch.stack(batch as Tensor[]);
  if (typeof first === "number" || typeof first === "boolean" || typeof first === "bigint")
    return tensor(batch as TensorData);
  if (typeof first === "string") return [...batch];
  if (Array.isArray(first)) {
    const lists = batch as unknown[][];
    if (lists.some((list) => list.length !== first.length))
      throw new RuntimeError("each element in list of batch should be of equal size");
    return first.map((_, i) => default_collate(lists.map((list) => list[i])));
  }
  if (typeof first === "object" && first !== null && Object.getPrototypeOf(first) === Object.prototype) {
    const objects = batch as Record<string, unknown>[];
    return Object.fromEntries(
      Object.keys(first).map((key) => [key, default_collate(objects.map((object) => object[key]))]),
    );
  }
  throw new TypeError(
    `default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class '${pythonTypeName(first)}'>`,
  );
}

/** What a loader without batches makes of a sample: the sample as it is. Source: torch.utils.data.default_convert. */
export function default_convert<T>(data: T): T {
  return data;
}
