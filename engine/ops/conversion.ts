import {
  bfloat16,
  bool,
  type DType,
  float16,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  uint8,
} from "../dtype";
import { RuntimeError, ValueError } from "../errors";
import { map } from "../kernels/elementwise";
import { stridesFor, withStrides } from "../kernels/result_layout";
import {
  channels_last,
  channels_last_3d,
  channelsLastStrides,
  contiguous_format,
  type MemoryFormat,
  preserve_format,
} from "../layout";
import { op } from "../op/define";
import { broadcastShapes, contiguousStrides, isDense, sameShape, showShape } from "../shape";
import { elements, type Tensor } from "../tensor";

/** A copy with its own memory, whose elements lie in the same order unless another is asked for. Source: torch.clone. */
op("clone(input, *, memory_format: memory_format? = null)", {
  grad_fn: "CloneBackward0",
  forward: (input, memory_format) => {
    const values = input.strides === null ? elements(input).slice() : elements(input);
    const shape = [...input.shape];
    return withStrides(values, shape, input.dtype, stridesIn(input, memory_format));
  },
  backward: { input: [[], (grad) => grad, "grad"] },
});

/** The strides of a copy in a memory format. */
function stridesIn(input: Tensor, format: MemoryFormat | null): readonly number[] {
  if (format === contiguous_format) return contiguousStrides(input.shape);
  if (format === channels_last || format === channels_last_3d)
    return channelsLastStrides(input.shape, format);
  if (input.strides === null) return contiguousStrides(input.shape);
  return isDense(input.shape, input.strides) ? input.strides : stridesFor(input.shape, [input]);
}

/** The tensor itself if row-major, or in the format asked for, else a copy that is. Source: torch.Tensor.contiguous. */
op("Tensor.contiguous(input, *, memory_format: memory_format? = null)", (input, memory_format) => {
  const format = memory_format ?? contiguous_format;
  if (format === preserve_format)
    throw new RuntimeError("preserve memory format is unsupported by the contiguous operator");
  return input.is_contiguous({ memory_format: format }) ? input : input.clone({ memory_format: format });
});

/** The tensor itself: numbers are real. Source: torch.conj. */
op("conj(input)", (input) => input);
/** The tensor itself: numbers are real. Source: torch.resolve_conj. */
op("resolve_conj(input)", (input) => input);
/** The tensor itself: nothing is negated lazily here. Source: torch.resolve_neg. */
op("resolve_neg(input)", (input) => input);

/** Overwrites a tensor with another one's values, broadcast and cast. Source: torch.Tensor.copy_. */
op("copy(input, src: Tensor, non_blocking = false)", {
  grad_fn: "torch::autograd::CopyBackwards",
  forward: (input, src) => {
    const shape = broadcastShapes(input.shape, src.shape);
    if (!sameShape(shape, input.shape))
      throw new RuntimeError(
        `output with shape ${showShape(input.shape)} doesn't match the broadcast shape ${showShape(shape)}`,
      );
    return src.to(input.dtype).expand(input.shape);
  },
  backward: {
    input: [[], (grad) => grad.new_zeros(grad.shape), "0"],
    src: [[], (grad) => grad, "grad"],
  },
  inplace: "only",
});

/** One value everywhere, in the input's shape and dtype. Source: torch.fill. */
op("fill(input, value: Number)", {
  grad_fn: "FillBackward0",
  forward: (input, value) => input.new_full(input.shape, value),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
});

/** The value of a 0-dim tensor everywhere, in the input's shape and dtype. Source: torch.fill. */
op("fill.Tensor(input, value: Tensor)", {
  grad_fn: "FillBackward1",
  forward: (input, value) => filledWith(input, value),
  backward: {
    input: [[], (grad) => grad.new_zeros(grad.shape), "0"],
    value: [[], (grad) => grad.sum(), "sum of grad"],
  },
});

/** Sets every element to `value`. Source: torch.Tensor.fill_. */
op("Tensor.fill(input, value: Number)", {
  grad_fn: "FillBackward2",
  forward: (input, value) => input.new_full(input.shape, value),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
  alias: ["torch.fill_"],
});

/** Sets every element to the value of a 0-dim tensor. Source: torch.Tensor.fill_. */
op("Tensor.fill.Tensor(input, value: Tensor)", {
  grad_fn: "FillBackward3",
  forward: (input, value) => filledWith(input, value),
  backward: {
    input: [[], (grad) => grad.new_zeros(grad.shape), "0"],
    value: [[], (grad) => grad.sum(), "sum of grad"],
  },
  inplace: "only",
  alias: ["torch.fill_"],
});

function filledWith(input: Tensor, value: Tensor): Tensor {
  if (value.shape.length > 0)
    throw new RuntimeError(
      `fill_ only supports 0-dimension value tensor but got tensor with ${value.shape.length} dimensions.`,
    );
  return input.new_full(input.shape, Number(value.item()));
}

/** Sets every element to 0. Source: torch.Tensor.zero_. */
op("zero(input)", {
  grad_fn: "ZeroBackward0",
  forward: (input) => input.new_zeros(input.shape),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
  alias: ["torch.zero_"],
});

/** A copy in another dtype. @internal */
op("Tensor._to_copy(input, dtype: dtype)", {
  grad_fn: "ToCopyBackward0",
  forward: (input, dtype) => map(input, conversion(input.dtype, dtype), dtype),
  backward: { input: [[], (grad) => grad, "grad"] },
});

/** The tensor in another dtype; itself if it has it already, unless `copy`. Source: torch.Tensor.to. */
op(
  "Tensor.to(input, dtype: dtype, non_blocking = false, copy = false, *, memory_format: memory_format? = null)",
  (input, dtype, _non_blocking, copy) => converted(input, dtype, copy),
);
/** The tensor on a device, which is the CPU, and in another dtype if one is given. Source: torch.Tensor.to. */
op(
  "Tensor.to.device(input, device: device, dtype: dtype? = null, non_blocking = false, copy = false, *, memory_format: memory_format? = null)",
  (input, _device, dtype, _non_blocking, copy) => converted(input, dtype ?? input.dtype, copy),
);
/** Laid out in a memory format; itself if it is already. Source: torch.Tensor.to. */
op("Tensor.to.format(input, *, memory_format: memory_format)", (input, memory_format) =>
  memory_format === preserve_format ? input : input.contiguous({ memory_format }),
);
/** In another tensor's dtype. Source: torch.Tensor.to. */
op(
  "Tensor.to.other(input, other: Tensor, non_blocking = false, copy = false, *, memory_format: memory_format? = null)",
  (input, other, _non_blocking, copy) => converted(input, other.dtype, copy),
);

function converted(input: Tensor, dtype: DType, copy: boolean): Tensor {
  return input.dtype === dtype && !copy ? input : input._to_copy(dtype);
}

/** The name of the tensor's type: `"torch.FloatTensor"`. Source: torch.Tensor.type. */
op("Tensor.type(input) -> string", (input) => `torch.${input.dtype.tensorTypeName}`);
/** In the dtype given, itself or by the name of its type. Source: torch.Tensor.type. */
op("Tensor.type.dtype(input, dtype: dtype | str, non_blocking = false)", (input, dtype) =>
  input.to(typeof dtype === "string" ? dtypeOfTypeName(dtype) : dtype),
);

function dtypeOfTypeName(name: string): DType {
  const found = [float16, bfloat16, float32, float64, int64, int32, int16, int8, uint8, bool].find(
    (dtype) => name === `torch.${dtype.tensorTypeName}`,
  );
  if (found === undefined) throw new ValueError(`invalid type: '${name}'`);
  return found;
}

/** In another tensor's dtype. Source: torch.Tensor.type_as. */
op("Tensor.type_as(input, other: Tensor)", (input, other) => input.to(other.dtype));
/** The tensor itself: memory is the CPU's. Source: torch.Tensor.cpu. */
op("Tensor.cpu(input, *, memory_format: memory_format? = null)", (input) => input);
/** Always throws: there is no GPU here. Source: torch.Tensor.cuda. */
op(
  "Tensor.cuda(input, device: device | int? = null, non_blocking = false, *, memory_format: memory_format? = null)",
  (input) => input.to("cuda"),
);
/** As float16. Source: torch.Tensor.half. */
op("Tensor.half(input, *, memory_format: memory_format? = null)", (input) => input.to(float16));
/** As bfloat16. Source: torch.Tensor.bfloat16. */
op("Tensor.bfloat16(input, *, memory_format: memory_format? = null)", (input) => input.to(bfloat16));
/** As float32. Source: torch.Tensor.float. */
op("Tensor.float(input, *, memory_format: memory_format? = null)", (input) => input.to(float32));
/** As float64. Source: torch.Tensor.double. */
op("Tensor.double(input, *, memory_format: memory_format? = null)", (input) => input.to(float64));
/** As int64; fractions are cut off. Source: torch.Tensor.long. */
op("Tensor.long(input, *, memory_format: memory_format? = null)", (input) => input.to(int64));
/** As int32; fractions are cut off. Source: torch.Tensor.int. */
op("Tensor.int(input, *, memory_format: memory_format? = null)", (input) => input.to(int32));
/** As int16; fractions are cut off. Source: torch.Tensor.short. */
op("Tensor.short(input, *, memory_format: memory_format? = null)", (input) => input.to(int16));
/** As int8; fractions are cut off. Source: torch.Tensor.char. */
op("Tensor.char(input, *, memory_format: memory_format? = null)", (input) => input.to(int8));
/** As uint8; fractions are cut off. Source: torch.Tensor.byte. */
op("Tensor.byte(input, *, memory_format: memory_format? = null)", (input) => input.to(uint8));
/** As bool: whether each element is not 0. Source: torch.Tensor.bool. */
op("Tensor.bool(input, *, memory_format: memory_format? = null)", (input) => input.to(bool));

function conversion(from: DType, to: DType): (x: number) => number {
  if (to === bool) return (x) => (x === 0 ? 0 : 1);
  return from.category === "float" && to.category === "int" ? Math.trunc : (x) => x;
}
