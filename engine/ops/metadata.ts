// What tensors say of themselves, and changes of their shape in place.
import { gradMode } from "../autograd/grad_mode";
import { RuntimeError } from "../errors";
import { op } from "../op/define";
import { refuseInPlaceOn } from "../op/operator";
import { numel, sameShape } from "../shape";
import { emptyTensor, stridesOf, Tensor, viewOf } from "../tensor";

/** Bytes per element. Source: torch.Tensor.element_size. */
op("Tensor.element_size(input) -> int", (input) => input.dtype.itemsize);
/** Number of elements. Source: torch.Tensor.nelement. */
op("Tensor.nelement(input) -> int", (input) => input.numel());
/** Number of dimensions. Source: torch.Tensor.ndimension. */
op("Tensor.ndimension(input) -> int", (input) => input.shape.length);
/** −1: memory is the CPU's. Source: torch.Tensor.get_device. */
op("get_device(input) -> int", () => -1);
/** Whether the dtype is a complex one: never. Source: torch.Tensor.is_complex. */
op("Tensor.is_complex(input) -> bool", () => false);
/** Whether the dtype has negative numbers. Source: torch.Tensor.is_signed. */
op("Tensor.is_signed(input) -> bool", ({ dtype }) => dtype.category !== "bool" && dtype.name !== "uint8");
/** Whether the only element is not zero. Throws for any other count. Source: torch.Tensor.is_nonzero. */
op("Tensor.is_nonzero(input) -> bool", (input) => input.__bool__());
/** Whether another tensor has the same shape. Source: torch.Tensor.is_same_size. */
op("Tensor.is_same_size(input, other: Tensor) -> bool", (input, other) =>
  sameShape(input.shape, other.shape),
);
/** Whether another tensor looks at the same memory in the same way. Source: torch.Tensor.is_set_to. */
op(
  "Tensor.is_set_to(input, tensor: Tensor) -> bool",
  (input, tensor) =>
    input.storage === tensor.storage &&
    input.offset === tensor.offset &&
    sameShape(input.shape, tensor.shape) &&
    sameShape(stridesOf(input), stridesOf(tensor)),
);
/** Whether the memory is shared between processes: never. Source: torch.Tensor.is_shared. */
op("Tensor.is_shared(input) -> bool", () => false);
/** The tensor itself: there are no other processes. Source: torch.Tensor.share_memory_. */
op("Tensor.share_memory_(input)", (input) => input);
/** The tensor itself: nothing is to be pinned. Source: torch.Tensor.pin_memory. */
op("Tensor.pin_memory(input)", (input) => input);
/** Whether the memory is pinned: never. Source: torch.Tensor.is_pinned. */
op("Tensor.is_pinned(input) -> bool", () => false);
/** The tensor itself: all tensors are dense. Source: torch.Tensor.to_dense. */
op("Tensor.to_dense(input, dtype: dtype? = null)", (input, dtype) =>
  dtype === null ? input : input.to(dtype),
);
/** The dimensions from the widest steps to the narrowest. Source: torch.Tensor.dim_order. */
op("Tensor.dim_order(input) -> number[]", (input) => {
  const strides = stridesOf(input);
  return input.shape.map((_, d) => d).sort((a, b) => strides[b] - strides[a]);
});

/** Fills the diagonal, in place; with `wrap` it begins anew below a tall matrix. Source: torch.Tensor.fill_diagonal_. */
op("Tensor.fill_diagonal_(input, fill_value: Number, wrap = false)", (input, fill_value, wrap) => {
  const { shape } = input;
  if (shape.length < 2) throw new RuntimeError("dimensions must larger than 1");
  if (shape.length > 2 && shape.some((size) => size !== shape[0]))
    throw new RuntimeError("all dimensions of input must be of equal length");
  const strides = stridesOf(input);
  const step = strides.reduce((sum, stride) => sum + stride, 0);
  const count = Math.min(...shape);
  input.as_strided([count], [step], input.offset).fill_(fill_value);
  if (wrap && shape.length === 2 && shape[0] > shape[1] + 1) {
    const rest = input.narrow(0, shape[1] + 1, shape[0] - shape[1] - 1);
    rest.fill_diagonal_(fill_value, true);
  }
  return input;
});

/**
 * A change of shape in place: `change` says how another tensor of that memory would look, `step` what PyTorch
 * calls the step.
 */
function reshapedInPlace(input: Tensor, step: string, change: (t: Tensor) => Tensor): Tensor {
  if (gradMode.enabled && input.requires_grad) refuseInPlaceOn(input);
  const { storage, shape, dtype, strides, offset, node, outputNr, viewMeta } = input;
  const before = new Tensor(storage, shape, dtype, strides, offset);
  Object.assign(before, { node, outputNr, viewMeta });
  const after = change(before);
  if (after.node !== null && after.node !== before.node)
    Object.defineProperty(after.node, "name", { value: () => step });
  return become(input, after, viewMeta === null ? null : after.viewMeta);
}

function become(input: Tensor, after: Tensor, viewMeta: Tensor["viewMeta"]): Tensor {
  const { storage, shape, strides, offset, node, outputNr } = after;
  return Object.assign(input, { storage, shape, strides, offset, node, outputNr, viewMeta });
}

/** As `unsqueeze`, in place. Source: torch.Tensor.unsqueeze_. */
op("Tensor.unsqueeze_(input, dim: int)", (input, dim) =>
  reshapedInPlace(input, "UnsqueezeBackward1", (t) => t.unsqueeze(dim)),
);
/** As `squeeze`, in place. Source: torch.Tensor.squeeze_. */
op("Tensor.squeeze_(input, dim: int | int[]? = null)", (input, dim) =>
  dim === null
    ? reshapedInPlace(input, "SqueezeBackward3", (t) => t.squeeze())
    : reshapedInPlace(input, typeof dim === "number" ? "SqueezeBackward4" : "SqueezeBackward5", (t) =>
        t.squeeze(dim as number),
      ),
);
/** As `t`, in place. Source: torch.Tensor.t_. */
op("Tensor.t_(input)", (input) => reshapedInPlace(input, "TBackward1", (t) => t.t()));
/** As `transpose`, in place. Source: torch.Tensor.transpose_. */
op(
  "Tensor.transpose_(input, dim0: int, dim1: int)",
  (input, dim0, dim1) => reshapedInPlace(input, "TransposeBackward1", (t) => t.transpose(dim0, dim1)),
  { alias: ["Tensor.swapdims_"] },
);
/** As `transpose`, in place. Source: torch.Tensor.swapaxes_. */
op("Tensor.swapaxes_(input, axis0: int, axis1: int)", (input, axis0, axis1) =>
  reshapedInPlace(input, "TransposeBackward1", (t) => t.transpose(axis0, axis1)),
);
/** As `as_strided`, in place. Source: torch.Tensor.as_strided_. */
op(
  "Tensor.as_strided_(input, size: int[], stride: int[], storage_offset: int? = null)",
  (input, size, stride, storage_offset) =>
    reshapedInPlace(input, "AsStridedBackward1", (t) => t.as_strided(size, stride, storage_offset)),
  { alias: ["torch.as_strided_"] },
);

/** Gives the tensor another shape, in place. Memory that is missing is taken, and here holds zeros. Source: torch.Tensor.resize_. */
op("Tensor.resize_(input, size: int..., *, memory_format: memory_format? = null)", (input, size) =>
  resized(input, size),
);
/** Gives the tensor another one's shape, in place. Source: torch.Tensor.resize_as_. */
op(
  "Tensor.resize_as_(input, the_template: Tensor, *, memory_format: memory_format? = null)",
  (input, the_template) => resized(input, the_template.shape),
  { alias: ["torch.resize_as_"] },
);

function resized(input: Tensor, size: readonly number[]): Tensor {
  if (input.requires_grad) throw new RuntimeError("cannot resize variables that require grad");
  if (sameShape(input.shape, size)) return input;
  if (size.some((each) => each < 0)) throw new RuntimeError("numel: integer multiplication overflow");
  const needed = input.offset + numel(size);
  if (needed <= input.storage.data.length)
    return become(input, viewOf(input, [...size], null, input.offset), null);
  const larger = emptyTensor([needed], input.dtype);
  larger.storage.data.set(input.storage.data);
  return become(input, viewOf(larger, [...size], null, input.offset), null);
}
