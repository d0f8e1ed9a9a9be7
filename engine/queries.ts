import { bool, type DType } from "./dtype";
import { pythonTypeName, RuntimeError, ValueError } from "./errors";
import { resultType } from "./kernels/elementwise";
import { sameShape, showShape } from "./shape";
import { Tensor } from "./tensor";

/** Whether a value is a tensor. Source: torch.is_tensor. */
export function is_tensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/** Number of elements. Source: torch.numel. */
export function numel(input: Tensor): number {
  return input.numel();
}

/** Whether the dtype is a floating one. Source: torch.is_floating_point. */
export function is_floating_point(input: Tensor): boolean {
  return input.is_floating_point();
}

/** Whether the dtype is a complex one: never. Source: torch.is_complex. */
export function is_complex(_input: Tensor): boolean {
  return false;
}

/** Whether the dtype has negative numbers. Source: torch.Tensor.is_signed. */
export function is_signed(input: Tensor): boolean {
  return input.dtype.category !== "bool" && input.dtype.name !== "uint8";
}

/** Whether the only element is not zero. Throws for any other count. Source: torch.is_nonzero. */
export function is_nonzero(input: Tensor): boolean {
  if (input.numel() === 1) return Number(input.item()) !== 0;
  throw new RuntimeError(
    `Boolean value of Tensor with ${input.numel() === 0 ? "no values" : "more than one value"} is ambiguous`,
  );
}

/** Whether two tensors have the same shape. Source: torch.Tensor.is_same_size. */
export function is_same_size(input: Tensor, other: Tensor): boolean {
  return sameShape(input.shape, other.shape);
}

/** Whether a tensor of dtype `from_` may be written into one of `to`. Source: torch.can_cast. */
export function can_cast(from_: DType, to: DType): boolean {
  const rank = { bool: 0, int: 1, float: 2 };
  return rank[from_.category] <= rank[to.category];
}

/**
 * The dtype of arithmetic with two operands: a tensor counts for more than a number, one with dimensions for more than
 * one without. Source: torch.result_type.
 */
export function result_type(a: Tensor | number | boolean, b: Tensor | number | boolean): DType {
  const operands = [a, b];
  if (
    !operands.every((each) => each instanceof Tensor || typeof each === "number" || typeof each === "boolean")
  )
    throw new TypeError(
      `result_type() received an invalid combination of arguments - got (${operands.map(pythonTypeName).join(", ")})`,
    );
  // A truth value counts for less than anything else.
  const counting = [a, b].filter((each) => typeof each !== "boolean");
  return counting.length === 0 ? bool : resultType(...counting);
}

/** The shape to which shapes, lists or single sizes, broadcast together. Source: torch.broadcast_shapes. */
export function broadcast_shapes(...shapes: (number | readonly number[])[]): number[] {
  const lists = shapes.map((shape) => (typeof shape === "number" ? [shape] : shape));
  const result = new Array<number>(Math.max(0, ...lists.map((list) => list.length))).fill(1);
  lists.forEach((list, at) => {
    for (let i = -1; i >= -list.length; i--) {
      const size = list.at(i)!;
      const place = result.length + i;
      if (size < 0) throw new ValueError("Attempting to broadcast a dimension with negative length!");
      if (size === 1 || size === result[place]) continue;
      if (result[place] !== 1)
        throw new RuntimeError(
          `Attempting to broadcast a dimension of length ${size} at ${i}! Mismatching argument at index ${at} had ${showShape(list)}; but expected shape should be broadcastable to ${showShape(result)}`,
        );
      result[place] = size;
    }
  });
  return result;
}
