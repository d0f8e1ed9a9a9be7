import { NotImplementedError, RuntimeError } from "../errors";
import { gatherTaps, makeTaps, type Taps } from "../kernels/taps";
import { op, torch } from "../op/define";
import { numel, type Shape, showShape } from "../shape";
import { emptyTensor, type Tensor } from "../tensor";
import { tapsGradient } from "./pooling";

/**
 * Adds `pad` places on both sides of the last dimensions: (left, right), (left, right, top, bottom), … Negative
 * ones cut off. Filled with `value`, or by `mode`: "reflect", "replicate" or "circular".
 * Source: torch.nn.functional.pad.
 */
op(
  "nn.functional.pad(input, pad: int[], mode: str = 'constant', value: float? = null)",
  (input, pad, mode, value) => {
    if (pad.length % 2 !== 0) throw new RuntimeError("Padding length must be divisible by 2");
    if (pad.length > 2 * input.shape.length)
      throw new RuntimeError(
        `Padding length should be less than or equal to two times the input dimension but got padding length ${pad.length} and input of dimension ${input.shape.length}`,
      );
    if (mode === "constant") return torch.constant_pad_nd(input, pad, value ?? 0);
    if (value !== null && value !== 0)
      throw new RuntimeError(`Padding mode "${mode}" doesn't take in value argument`);
    const n = pad.length / 2;
    const ndim = input.shape.length;
    const fits = n >= 1 && n <= 3 && (ndim === n + 1 || ndim === n + 2);
    if (mode !== "reflect" && mode !== "replicate" && mode !== "circular")
      throw new NotImplementedError(`Unrecognised padding mode ${mode}`);
    if (!fits)
      throw new NotImplementedError(
        `Padding size ${pad.length} is not supported for ${ndim}D input tensor.\nSupported combinations for non-constant padding:\n  - 2D or 3D input: padding size = 2 (pads last dimension)\n  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)`,
      );
    if (mode === "circular") return circular(input, pad);
    if (mode === "reflect")
      return [torch._reflection_pad1d, torch._reflection_pad2d, torch._reflection_pad3d][n - 1](input, pad);
    return [torch._replication_pad1d, torch._replication_pad2d, torch._replication_pad3d][n - 1](input, pad);
  },
);

/** Adds places of one value around the last dimensions; negative counts cut off. Source: torch.constant_pad_nd. */
op("Tensor._constant_pad_nd(input, pad: int[], value: Number = 0)", {
  grad_fn: "ConstantPadNdBackward0",
  forward: (input, pad, value) => constantPad(input, pad, value),
  backward: {
    input: [
      ["pad"],
      (grad, pad) =>
        torch.constant_pad_nd(
          grad,
          pad.map((p) => -p),
        ),
      "grad without the padding",
    ],
  },
  alias: ["torch.constant_pad_nd"],
});

function constantPad(input: Tensor, pad: Shape, value: number): Tensor {
  const ndim = input.shape.length;
  if (pad.length % 2 !== 0)
    throw new RuntimeError(`Length of pad must be even but instead it equals ${pad.length}`);
  if (pad.length > 2 * ndim)
    throw new RuntimeError(
      `Padding length should be less than or equal to two times the input dimension but got padding length ${pad.length} and input of dimension ${ndim}`,
    );
  const before = input.shape.map((_, d) => pad[2 * (ndim - 1 - d)] ?? 0);
  const after = input.shape.map((_, d) => pad[2 * (ndim - 1 - d) + 1] ?? 0);
  const shape = input.shape.map((size, d) => size + before[d] + after[d]);
  shape.forEach((size, d) => {
    if (size < 0)
      throw new RuntimeError(
        `The input size ${input.shape[d]}, plus negative padding ${before[d]} and ${after[d]} resulted in a negative output size, which is invalid. Check dimension ${d} of your input.`,
      );
  });
  const result = emptyTensor(shape, input.dtype);
  if (value !== 0) result.fill_(value);
  if (numel(shape) === 0 || numel(input.shape) === 0) return result;
  const keep = (t: Tensor, cut: readonly number[], others: readonly number[]) =>
    t.shape.reduce<Tensor>((part, size, d) => {
      const from = Math.max(0, cut[d]);
      const length = Math.max(0, size - from - Math.max(0, others[d]));
      return part.narrow(d, Math.min(from, size), length);
    }, t);
  const negated = (list: readonly number[]) => list.map((p) => -p);
  keep(result, before, after).copy_(keep(input, negated(before), negated(after)));
  return result;
}

/** Mirrored at the borders, without repeating the border element. @internal */
op("_reflection_pad1d(input, pad: int[])", {
  grad_fn: "ReflectionPad1DBackward0",
  forward: (input, pad) => padded(input, pad, reflected),
  backward: {
    input: [
      ["input.shape", "pad"],
      (grad, shape, pad) => folded(grad, shape, pad, reflected),
      "grad, with the mirrored parts added back",
    ],
  },
});

/** Mirrored at the borders, without repeating the border element. @internal */
op("_reflection_pad2d(input, pad: int[])", {
  grad_fn: "ReflectionPad2DBackward0",
  forward: (input, pad) => padded(input, pad, reflected),
  backward: {
    input: [
      ["input.shape", "pad"],
      (grad, shape, pad) => folded(grad, shape, pad, reflected),
      "grad, with the mirrored parts added back",
    ],
  },
});

/** Mirrored at the borders, without repeating the border element. @internal */
op("_reflection_pad3d(input, pad: int[])", {
  grad_fn: "ReflectionPad3DBackward0",
  forward: (input, pad) => padded(input, pad, reflected),
  backward: {
    input: [
      ["input.shape", "pad"],
      (grad, shape, pad) => folded(grad, shape, pad, reflected),
      "grad, with the mirrored parts added back",
    ],
  },
});

/** The border elements repeated. @internal */
op("_replication_pad1d(input, pad: int[])", {
  grad_fn: "ReplicationPad1DBackward0",
  forward: (input, pad) => padded(input, pad, replicated),
  backward: {
    input: [
      ["input.shape", "pad"],
      (grad, shape, pad) => folded(grad, shape, pad, replicated),
      "grad, with the repeated borders added back",
    ],
  },
});

/** The border elements repeated. @internal */
op("_replication_pad2d(input, pad: int[])", {
  grad_fn: "ReplicationPad2DBackward0",
  forward: (input, pad) => padded(input, pad, replicated),
  backward: {
    input: [
      ["input.shape", "pad"],
      (grad, shape, pad) => folded(grad, shape, pad, replicated),
      "grad, with the repeated borders added back",
    ],
  },
});

/** The border elements repeated. @internal */
op("_replication_pad3d(input, pad: int[])", {
  grad_fn: "ReplicationPad3DBackward0",
  forward: (input, pad) => padded(input, pad, replicated),
  backward: {
    input: [
      ["input.shape", "pad"],
      (grad, shape, pad) => folded(grad, shape, pad, replicated),
      "grad, with the repeated borders added back",
    ],
  },
});

/** Where in a dimension of `size` the place `at` of the padded one (0 at its first own element) is taken from. */
type Source = (at: number, size: number) => number;

const reflected: Source = (at, size) => (at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at);
const replicated: Source = (at, size) => Math.min(Math.max(at, 0), size - 1);

function padded(input: Tensor, pad: Shape, source: Source): Tensor {
  const n = pad.length / 2;
  const sizes = input.shape.slice(-n);
  sizes.forEach((size, k) => {
    const [left, right] = sides(pad, k);
    const dim = input.shape.length - n + k;
    if (source === reflected && (left >= size || right >= size))
      throw new RuntimeError(
        `Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (${left}, ${right}) at dimension ${dim} of input ${showShape(input.shape)}`,
      );
  });
  const outputs = sizes.map((size, k) => size + sides(pad, k)[0] + sides(pad, k)[1]);
  if (outputs.some((size) => size < 1)) {
    const names = ["D", "H", "W"].slice(-n);
    const show = (list: Shape) => names.map((name, k) => `${name}: ${list[k]}`).join(" ");
    throw new RuntimeError(`input (${show(sizes)}) is too small. Calculated output ${show(outputs)}`);
  }
  return gatherTaps(input, copies(sizes, pad, source));
}

function folded(grad: Tensor, shape: Shape, pad: Shape, source: Source): Tensor {
  return tapsGradient(grad, shape, copies(shape.slice(-pad.length / 2), pad, source));
}

/** The counts on both sides of the k-th of the padded dimensions: `pad` begins with the last one. */
function sides(pad: Shape, k: number): [left: number, right: number] {
  const at = pad.length - 2 - 2 * k;
  return [pad[at], pad[at + 1]];
}

function copies(sizes: Shape, pad: Shape, source: Source): Taps[] {
  return sizes.map((size, k) => {
    const [left, right] = sides(pad, k);
    return makeTaps(size + left + right, 1, (o, set) => set(0, source(o - left, size), 1));
  });
}

/** Wraps around: what is added on one side comes from the other. Written by copies into slices, as PyTorch does. */
function circular(input: Tensor, pad: Shape): Tensor {
  const n = pad.length / 2;
  const lead = input.shape.length - n;
  const shape = input.shape.map((size, d) => {
    if (d < lead) return size;
    const [left, right] = sides(pad, d - lead);
    if (left > size || right > size)
      throw new RuntimeError("Padding value causes wrapping around more than once.");
    if (size + left + right < 0)
      throw new RuntimeError("Negative padding value is resulting in an empty dimension");
    return size + left + right;
  });
  const result = input.new_zeros(shape);
  let inside: Tensor = result;
  let source: Tensor = input;
  for (let d = shape.length - 1; d >= lead; d--) {
    const [left, right] = sides(pad, d - lead);
    inside = inside.slice(d, Math.max(left, 0), shape[d] - Math.max(right, 0));
    source = source.slice(d, Math.max(-left, 0), input.shape[d] - Math.max(-right, 0));
  }
  inside.copy_(source);
  for (let d = shape.length - 1; d >= lead; d--) {
    const [left, right] = sides(pad, d - lead);
    const end = shape[d] - Math.max(right, 0);
    if (left > 0) result.slice(d, 0, left).copy_(result.slice(d, end - left, end));
    const begin = Math.max(left, 0);
    if (right > 0) result.slice(d, shape[d] - right, shape[d]).copy_(result.slice(d, begin, begin + right));
  }
  return result;
}
