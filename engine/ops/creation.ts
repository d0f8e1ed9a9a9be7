import { bool, type DType, defaultDType, float32, int64 } from "../dtype";
import { RuntimeError } from "../errors";
import { zerosLaidOutAs } from "../kernels/result_layout";
import { contiguous_format, type MemoryFormat, preserve_format } from "../layout";
import { op } from "../op/define";
import { numel, type Shape, showShape } from "../shape";
import { allocate } from "../storage";
import { emptyTensor, fromData, Tensor, viewOf } from "../tensor";

// `layout`, `device` and `pin_memory` are taken for the sake of programs that give them: tensors are
// strided, on the CPU, and nothing is to be pinned.

/** Zeros. Source: torch.zeros. */
op(
  "zeros(size: int..., *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (size, dtype, requires_grad) => create(size, dtype, "zeros").requires_grad_(requires_grad),
);

/**
 * Memory to be written to; here it holds zeros. Source: torch.empty.
 * @differs torch.empty, torch.Tensor.resize_: new memory holds zeros, in PyTorch whatever was there.
 */
op(
  "empty(size: int..., *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (size, dtype, requires_grad, _layout, _device, _pin_memory, memory_format) => {
    const memory = create(size, dtype);
    return laidOut(memory, memory, memory_format).requires_grad_(requires_grad);
  },
);

/** Ones. Source: torch.ones. */
op(
  "ones(size: int..., *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (size, dtype, requires_grad) =>
    filled(size, 1, dtype ?? defaultDType.current).requires_grad_(requires_grad),
);

/** One truth value everywhere, bool. Source: torch.full. */
op(
  "full.bool(size: int[], fill_value: bool, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (size, fill_value, dtype, requires_grad) =>
    filled(size, +fill_value, dtype ?? bool).requires_grad_(requires_grad),
);

/** One bigint everywhere, int64. Source: torch.full. */
op(
  "full.bigint(size: int[], fill_value: bigint, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (size, fill_value, dtype, requires_grad) =>
    filled(size, fill_value, dtype ?? int64).requires_grad_(requires_grad),
);

/** One value everywhere. Source: torch.full. */
op(
  "full(size: int[], fill_value: Number, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (size, fill_value, dtype, requires_grad) =>
    filled(size, fill_value, dtype ?? defaultDType.current).requires_grad_(requires_grad),
);

/** A 0-dim tensor. Source: torch.scalar_tensor. */
op(
  "scalar_tensor(s: Number, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (s, dtype, requires_grad) => filled([], s, dtype ?? defaultDType.current).requires_grad_(requires_grad),
);

/** Memory to be written to, with the given strides; here it holds zeros. Source: torch.empty_strided. */
op(
  "empty_strided(size: int[], stride: int[], *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (size, stride, dtype, requires_grad) =>
    strided(size, stride, dtype ?? defaultDType.current).requires_grad_(requires_grad),
);

function strided(size: number[], stride: number[], dtype: DType): Tensor {
  if (size.length !== stride.length)
    throw new RuntimeError(
      `dimensionality of sizes (${size.length}) must match dimensionality of strides (${stride.length})`,
    );
  checkSize(size);
  const length = numel(size) === 0 ? 0 : size.reduce((sum, s, d) => sum + (s - 1) * stride[d], 1);
  return viewOf(new Tensor(allocate(dtype, length), [length], dtype), [...size], stride, 0);
}

/** Ones on the diagonal: (n, m), m = n unless given. Source: torch.eye. */
op(
  "eye(n: int, m: int? = null, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (n, m, dtype, requires_grad) => identity(n, m ?? n, dtype).requires_grad_(requires_grad),
);

function identity(n: number, m: number, dtype: DType | null): Tensor {
  if (n < 0) throw new RuntimeError(`n must be greater or equal to 0, got ${n}`);
  if (m < 0) throw new RuntimeError(`m must be greater or equal to 0, got ${m}`);
  const result = create([n, m], dtype);
  for (let i = 0; i < Math.min(n, m); i++) result.storage.data[i * m + i] = 1;
  return result;
}

/** start, start + step, … below end. Whole numbers give int64. Source: torch.arange. */
op(
  "arange.end(end: Number, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (end, dtype, requires_grad) => range(0, end, 1, dtype).requires_grad_(requires_grad),
);

/** start, start + step, … below end. Whole numbers give int64. Source: torch.arange. */
op(
  "arange.start(start: Number, end: Number, step: Number = 1, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (start, end, step, dtype, requires_grad) => range(start, end, step, dtype).requires_grad_(requires_grad),
);

function range(start: number, end: number, step: number, dtype: DType | null): Tensor {
  const whole = [start, end, step].every(Number.isInteger);
  const type = dtype ?? (whole ? int64 : defaultDType.current);
  const [first, last, by] = type === int64 ? [start, end, step].map(Math.trunc) : [start, end, step];
  if (by === 0) throw new RuntimeError("step must be nonzero");
  if (!Number.isFinite(start) || !Number.isFinite(end))
    throw new RuntimeError(
      `unsupported range: ${start} -> ${end}`.replaceAll("Infinity", "inf").replaceAll("NaN", "nan"),
    );
  if (by > 0 ? last < first : last > first)
    throw new RuntimeError("upper bound and lower bound inconsistent with step sign");
  const result = create([Math.ceil((last - first) / by)], type);
  const { data } = result.storage;
  const [from, delta] = type.category === "int" ? [Math.trunc(first), Math.trunc(by)] : [first, by];
  for (let i = 0; i < data.length; i++) data[i] = from + i * delta;
  return result;
}

/** start, start + step, … up to end, which is included; always of a floating dtype unless given. Source: torch.range. */
op(
  "range(start: Number, end: Number, step: Number = 1, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (start, end, step, dtype, requires_grad) =>
    inclusiveRange(start, end, step, dtype ?? defaultDType.current).requires_grad_(requires_grad),
);

function inclusiveRange(start: number, end: number, step: number, dtype: DType): Tensor {
  if (step === 0) throw new RuntimeError("step must be nonzero");
  if (step > 0 ? end < start : end > start)
    throw new RuntimeError("upper bound and lower bound inconsistent with step sign");
  const result = create([Math.floor((end - start) / step) + 1], dtype);
  const { data } = result.storage;
  for (let i = 0; i < data.length; i++) data[i] = start + i * step;
  return result;
}

/** `steps` values evenly from start to end, both included. Source: torch.linspace. */
op(
  "linspace(start: Number, end: Number, steps: int, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (start, end, steps, dtype, requires_grad) =>
    evenly(start, end, steps, dtype ?? defaultDType.current, (x) => x).requires_grad_(requires_grad),
);

/** `steps` powers of `base`, exponents evenly from start to end. Source: torch.logspace. */
op(
  "logspace(start: Number, end: Number, steps: int, base: float = 10, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (start, end, steps, base, dtype, requires_grad) =>
    evenly(start, end, steps, dtype ?? defaultDType.current, (x) => base ** x).requires_grad_(requires_grad),
);

/** Counts from the nearer end, so that both ends are met exactly. */
function evenly(start: number, end: number, steps: number, dtype: DType, f: (x: number) => number): Tensor {
  if (steps < 0) throw new RuntimeError("number of steps must be non-negative");
  const result = create([steps], dtype);
  const { data } = result.storage;
  const round = dtype === float32 ? Math.fround : (x: number) => x;
  const [first, last] = [start, end].map(dtype.category === "int" ? Math.trunc : round);
  const step = round((last - first) / (steps - 1));
  const half = Math.floor(steps / 2);
  for (let i = 0; i < steps; i++)
    data[i] = f(round(i < half ? first + step * i : last - step * (steps - 1 - i)));
  if (steps === 1) data[0] = f(first);
  if (dtype === int64) for (let i = 0; i < steps; i++) data[i] = Math.trunc(data[i]);
  return result;
}

/** Rows and columns of the lower triangle of a (row, col) matrix: (2, count), int64. Source: torch.tril_indices. */
op(
  "tril_indices(row: int, col: int, offset: int = 0, *, dtype: dtype? = null, layout: layout? = null, device: device? = null, pin_memory = false)",
  (row, col, offset, dtype) => places(row, col, dtype, (i, j) => j - i <= offset),
);

/** Rows and columns of the upper triangle of a (row, col) matrix: (2, count), int64. Source: torch.triu_indices. */
op(
  "triu_indices(row: int, col: int, offset: int = 0, *, dtype: dtype? = null, layout: layout? = null, device: device? = null, pin_memory = false)",
  (row, col, offset, dtype) => places(row, col, dtype, (i, j) => j - i >= offset),
);

function places(
  row: number,
  col: number,
  dtype: DType | null,
  keeps: (i: number, j: number) => boolean,
): Tensor {
  if (row < 0) throw new RuntimeError(`row must be non-negative, got${row}`);
  if (col < 0) throw new RuntimeError(`col must be non-negative, got${col}`);
  const rows: number[] = [];
  const columns: number[] = [];
  for (let i = 0; i < row; i++)
    for (let j = 0; j < col; j++)
      if (keeps(i, j)) {
        rows.push(i);
        columns.push(j);
      }
  const type = dtype ?? int64;
  const data = new type.ArrayType(2 * rows.length);
  data.set(rows);
  data.set(columns, rows.length);
  return fromData(data, [2, rows.length], type);
}

function create(size: readonly number[], dtype: DType | null, name?: string): Tensor {
  checkSize(size, name);
  return emptyTensor([...size], dtype ?? defaultDType.current);
}

function checkSize(size: Shape, name?: string): void {
  const negative = size.find((s) => s < 0);
  if (negative === undefined) return;
  throw new RuntimeError(
    name === undefined
      ? `Trying to create tensor with negative dimension ${negative}: ${showShape(size)}`
      : `${name}: Dimension size must be non-negative.`,
  );
}

function filled(size: readonly number[], value: number, dtype: DType): Tensor {
  const result = create(size, dtype);
  if (dtype === bool) result.storage.data.fill(+(value !== 0));
  else result.storage.data.fill(dtype.category === "int" ? Math.trunc(value) : value);
  return result;
}

/** Zeros of the input's shape and dtype. Source: torch.zeros_like. */
op(
  "zeros_like(input: Tensor, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (input, dtype, requires_grad, _layout, _device, _pin_memory, memory_format) =>
    like(input, 0, dtype, memory_format).requires_grad_(requires_grad),
);

/** Ones of the input's shape and dtype. Source: torch.ones_like. */
op(
  "ones_like(input: Tensor, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (input, dtype, requires_grad, _layout, _device, _pin_memory, memory_format) =>
    like(input, 1, dtype, memory_format).requires_grad_(requires_grad),
);

/** Memory to be written to of the input's shape and dtype. Source: torch.empty_like. */
op(
  "empty_like(input: Tensor, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (input, dtype, requires_grad, _layout, _device, _pin_memory, memory_format) =>
    like(input, 0, dtype, memory_format).requires_grad_(requires_grad),
);

/** One value in the input's shape and dtype. Source: torch.full_like. */
op(
  "full_like(input: Tensor, fill_value: Number | bigint, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (input, fill_value, dtype, requires_grad, _layout, _device, _pin_memory, memory_format) =>
    like(input, fill_value, dtype, memory_format).requires_grad_(requires_grad),
);

/** One value in the input's shape, laid out as the input is unless another order is asked for. */
function like(input: Tensor, value: number, dtype: DType | null, format: MemoryFormat | null): Tensor {
  return laidOut(filled(input.shape, value, dtype ?? input.dtype), input, format);
}

/** New row-major memory in another order: as `input` lies, unless one is asked for. */
function laidOut(memory: Tensor, input: Tensor, format: MemoryFormat | null): Tensor {
  if (input.strides === null && format === null) return memory;
  if (format === contiguous_format) return memory;
  const order = format ?? preserve_format;
  const { strides } =
    order === preserve_format ? zerosLaidOutAs(input, input.dtype) : input.clone({ memory_format: order });
  return strides === null ? memory : viewOf(memory, memory.shape, strides, 0);
}

/** Zeros with the input's dtype. Source: torch.Tensor.new_zeros. */
op(
  "Tensor.new_zeros(input, size: int..., *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (input, size, dtype, requires_grad) => filled(size, 0, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** Ones with the input's dtype. Source: torch.Tensor.new_ones. */
op(
  "Tensor.new_ones(input, size: int..., *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (input, size, dtype, requires_grad) => filled(size, 1, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** Memory to be written to with the input's dtype. Source: torch.Tensor.new_empty. */
op(
  "Tensor.new_empty(input, size: int..., *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (input, size, dtype, requires_grad) => filled(size, 0, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** One value with the input's dtype. Source: torch.Tensor.new_full. */
op(
  "Tensor.new_full(input, size: int[], fill_value: Number | bigint, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (input, size, fill_value, dtype, requires_grad) =>
    filled(size, fill_value, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** Memory with the given strides and the input's dtype. Source: torch.Tensor.new_empty_strided. */
op(
  "Tensor.new_empty_strided(input, size: int[], stride: int[], *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (input, size, stride, dtype, requires_grad) =>
    strided(size, stride, dtype ?? input.dtype).requires_grad_(requires_grad),
);
