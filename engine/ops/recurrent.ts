import { op, torch } from "../op/define";
import { viewOf } from "../tensor";

/** Equal parts along a dimension, as one layer's gates are split. Source: aten::unsafe_split. @internal */
op("_unsafe_split(input, split_size: int, dim: int) -> Tensor[]", {
  grad_fn: "UnsafeSplitBackward0",
  forward: (input, split_size, dim) => {
    const parts = input.shape[dim] / split_size;
    return Array.from({ length: parts }, (_, i) => {
      const { shape, strides, offset } = input.narrow(dim, i * split_size, split_size);
      return viewOf(input, shape, strides, offset);
    });
  },
  backward: {
    input: [
      ["input.shape", "split_size", "dim"],
      (grads, shape, split_size, dim) => {
        const given = grads.find((grad) => grad !== null)!;
        const like = shape.with(dim, split_size);
        return torch.cat(
          grads.map((grad) => grad ?? given.new_zeros(like)),
          dim,
        );
      },
      "the gradients of the parts, joined",
    ],
  },
});

/** First two dimensions exchanged, as of a result nothing else refers to. Source: aten::transpose_. @internal */
op("Tensor._batch_first(input)", {
  grad_fn: "TransposeBackward1",
  forward: (input) => {
    const { shape, strides, offset } = input.transpose(0, 1);
    return viewOf(input, shape, strides, offset);
  },
  backward: { input: [[], (grad) => grad.transpose(0, 1), "grad, transposed back"] },
});
