import type { DType } from "../dtype";
import { emptyTensor, type Tensor } from "../tensor";

/**
 * The dimensions from the widest steps in memory to the narrowest, the order in which PyTorch visits elements
 * when each is drawn by itself; null where that is the order of the dimensions.
 */
export function memoryOrder({ shape, strides }: Tensor): number[] | null {
  if (strides === null) return null;
  const order = shape.map((_, d) => d).sort((a, b) => strides[b] - strides[a] || a - b);
  return order.every((d, i) => d === i) ? null : order;
}

/** Memory of the input's shape whose dimensions lie in the input's order. Source: torch.empty_like. */
export function emptyInOrder(input: Tensor, dtype: DType): Tensor {
  const order = memoryOrder(input);
  if (order === null) return emptyTensor([...input.shape], dtype);
  return undoOrder(
    emptyTensor(
      order.map((d) => input.shape[d]),
      dtype,
    ),
    order,
  );
}

/** The dimensions of a tensor that was permuted by `order`, as they were. */
export function undoOrder(t: Tensor, order: readonly number[]): Tensor {
  return t.permute(order.map((_, d) => order.indexOf(d)));
}
