import { bool, type DType, float32, int64 } from "../dtype";
import { RuntimeError } from "../errors";
import { op } from "../op/define";
import { normal, uniform } from "../random/continuous";
import { bernoulli, bernoulliEach, randint, randperm } from "../random/discrete";
import { defaultGenerator, type Generator } from "../random/generator";
import { elements, emptyTensor, type Tensor } from "../tensor";

/** Zeros. Source: torch.zeros. */
op("zeros(size: int..., *, dtype: dtype? = null, requires_grad = false)", (size, dtype, requires_grad) =>
  create(size, dtype).requires_grad_(requires_grad),
);

/** Memory to be written to; here it holds zeros. Source: torch.empty. */
op("empty(size: int..., *, dtype: dtype? = null, requires_grad = false)", (size, dtype, requires_grad) =>
  create(size, dtype).requires_grad_(requires_grad),
);

/** Ones. Source: torch.ones. */
op("ones(size: int..., *, dtype: dtype? = null, requires_grad = false)", (size, dtype, requires_grad) =>
  filled(size, 1, dtype ?? float32).requires_grad_(requires_grad),
);

/** One value everywhere. Source: torch.full. */
op(
  "full(size: int[], fill_value: Number, *, dtype: dtype? = null, requires_grad = false)",
  (size, fill_value, dtype, requires_grad) =>
    filled(size, fill_value, dtype ?? float32).requires_grad_(requires_grad),
);

/** Ones on the diagonal: (n, m), m = n unless given. Source: torch.eye. */
op(
  "eye(n: int, m: int? = null, *, dtype: dtype? = null, requires_grad = false)",
  (n, m, dtype, requires_grad) => {
    const columns = m ?? n;
    const result = create([n, columns], dtype);
    for (let i = 0; i < Math.min(n, columns); i++) result.storage.data[i * columns + i] = 1;
    return result.requires_grad_(requires_grad);
  },
);

/** start, start + step, … below end. Whole numbers give int64. Source: torch.arange. */
op("arange.end(end: Number, *, dtype: dtype? = null, requires_grad = false)", (end, dtype, requires_grad) =>
  range(0, end, 1, dtype).requires_grad_(requires_grad),
);

/** start, start + step, … below end. Whole numbers give int64. Source: torch.arange. */
op(
  "arange.start(start: Number, end: Number, step: Number = 1, *, dtype: dtype? = null, requires_grad = false)",
  (start, end, step, dtype, requires_grad) => range(start, end, step, dtype).requires_grad_(requires_grad),
);

/** `steps` values evenly from start to end, both included. Source: torch.linspace. */
op(
  "linspace(start: Number, end: Number, steps: int, *, dtype: dtype? = null, requires_grad = false)",
  (start, end, steps, dtype, requires_grad) => {
    if (steps < 0) throw new RuntimeError("number of steps must be non-negative");
    const result = create([steps], dtype);
    const step = (end - start) / (steps - 1);
    const { data } = result.storage;
    for (let i = 0; i < steps; i++) data[i] = i < steps / 2 ? start + step * i : end - step * (steps - 1 - i);
    if (steps === 1) data[0] = start;
    return result.requires_grad_(requires_grad);
  },
);

function create(size: number[], dtype: DType | null): Tensor {
  size.forEach((s) => {
    if (s < 0)
      throw new RuntimeError(`Trying to create tensor with negative dimension ${s}: [${size.join(", ")}]`);
  });
  return emptyTensor([...size], dtype ?? float32);
}

function filled(size: number[], value: number, dtype: DType): Tensor {
  const result = create(size, dtype);
  result.storage.data.fill(dtype === bool ? +(value !== 0) : value);
  return result;
}

function range(start: number, end: number, step: number, dtype: DType | null): Tensor {
  if (step === 0) throw new RuntimeError("step must be nonzero");
  if (step > 0 ? end < start : end > start)
    throw new RuntimeError("upper bound and lower bound inconsistent with step sign");
  const whole = [start, end, step].every(Number.isInteger);
  const result = create([Math.ceil((end - start) / step)], dtype ?? (whole ? int64 : float32));
  const { data } = result.storage;
  for (let i = 0; i < data.length; i++) data[i] = start + i * step;
  return result;
}

/** Zeros of the input's shape and dtype. Source: torch.zeros_like. */
op("zeros_like(input, *, dtype: dtype? = null, requires_grad = false)", (input, dtype, requires_grad) =>
  filled(input.shape, 0, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** Ones of the input's shape and dtype. Source: torch.ones_like. */
op("ones_like(input, *, dtype: dtype? = null, requires_grad = false)", (input, dtype, requires_grad) =>
  filled(input.shape, 1, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** One value in the input's shape and dtype. Source: torch.full_like. */
op(
  "full_like(input, fill_value: Number, *, dtype: dtype? = null, requires_grad = false)",
  (input, fill_value, dtype, requires_grad) =>
    filled(input.shape, fill_value, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** Zeros with the input's dtype. Source: torch.Tensor.new_zeros. */
op(
  "Tensor.new_zeros(input, size: int..., *, dtype: dtype? = null, requires_grad = false)",
  (input, size, dtype, requires_grad) => filled(size, 0, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** Ones with the input's dtype. Source: torch.Tensor.new_ones. */
op(
  "Tensor.new_ones(input, size: int..., *, dtype: dtype? = null, requires_grad = false)",
  (input, size, dtype, requires_grad) => filled(size, 1, dtype ?? input.dtype).requires_grad_(requires_grad),
);

/** One value with the input's dtype. Source: torch.Tensor.new_full. */
op(
  "Tensor.new_full(input, size: int[], fill_value: Number, *, dtype: dtype? = null, requires_grad = false)",
  (input, size, fill_value, dtype, requires_grad) =>
    filled(size, fill_value, dtype ?? input.dtype).requires_grad_(requires_grad),
);

// Random sampling. Every sampler takes from the generator what PyTorch's CPU kernel takes.

/** Uniform in [0, 1). Source: torch.rand. */
op(
  "rand(size: int..., *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false)",
  (size, generator, dtype, requires_grad) =>
    sampled(size, dtype, (t) => t.uniform_(0, 1, { generator }), requires_grad),
);

/** Standard normal. Source: torch.randn. */
op(
  "randn(size: int..., *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false)",
  (size, generator, dtype, requires_grad) =>
    sampled(size, dtype, (t) => t.normal_(0, 1, { generator }), requires_grad),
);

/** Uniform in [0, 1), in the input's shape and dtype. Source: torch.rand_like. */
op("rand_like(input, *, dtype: dtype? = null, requires_grad = false)", (input, dtype, requires_grad) =>
  sampled(input.shape, dtype ?? input.dtype, (t) => t.uniform_(), requires_grad),
);

/** Standard normal, in the input's shape and dtype. Source: torch.randn_like. */
op("randn_like(input, *, dtype: dtype? = null, requires_grad = false)", (input, dtype, requires_grad) =>
  sampled(input.shape, dtype ?? input.dtype, (t) => t.normal_(), requires_grad),
);

function sampled(
  size: number[],
  dtype: DType | null,
  sample: (t: Tensor) => Tensor,
  requires_grad: boolean,
): Tensor {
  return sample(create(size, dtype)).requires_grad_(requires_grad);
}

/** Whole numbers in [0, high), int64. Source: torch.randint. */
op(
  "randint.high(high: int, size: int[], *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false)",
  (high, size, generator, dtype, requires_grad) => integers(0, high, size, generator, dtype, requires_grad),
);

/** Whole numbers in [low, high), int64. Source: torch.randint. */
op(
  "randint.low(low: int, high: int, size: int[], *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false)",
  (low, high, size, generator, dtype, requires_grad) =>
    integers(low, high, size, generator, dtype, requires_grad),
);

function integers(
  low: number,
  high: number,
  size: number[],
  generator: Generator | null,
  dtype: DType | null,
  requires_grad: boolean,
): Tensor {
  const result = create(size, dtype ?? int64);
  randint(result.storage.data, low, high, generator ?? defaultGenerator);
  return result.requires_grad_(requires_grad);
}

/** 0 … n − 1 in random order, int64. Source: torch.randperm. */
op("randperm(n: int, *, generator: Generator? = null, dtype: dtype? = null)", (n, generator, dtype) => {
  const result = create([n], dtype ?? int64);
  randperm(result.storage.data, generator ?? defaultGenerator);
  return result;
});

/** 0 or 1, each element with the probability that `input` holds. Source: torch.bernoulli. */
op("bernoulli(input, *, generator: Generator? = null)", (input, generator) => {
  const result = emptyTensor([...input.shape], input.dtype);
  floats(result).set(elements(input));
  bernoulliEach(result.storage.data, floats(result), generator ?? defaultGenerator);
  return result;
});

/** Fills with uniform samples from [from, to). Source: torch.Tensor.uniform_. */
op("uniform(input, from: float = 0, to: float = 1, *, generator: Generator? = null)", {
  grad_fn: "UniformBackward0",
  forward: (input, from, to, generator) => {
    const result = emptyTensor([...input.shape], input.dtype);
    uniform(floats(result), from, to, generator ?? defaultGenerator);
    return result;
  },
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: "only",
});

/** Fills with normal samples. Source: torch.Tensor.normal_. */
op("normal(input, mean: float = 0, std: float = 1, *, generator: Generator? = null)", {
  grad_fn: "NormalBackward0",
  forward: (input, mean, std, generator) => {
    const result = emptyTensor([...input.shape], input.dtype);
    normal(floats(result), mean, std, generator ?? defaultGenerator, input.strides === null);
    return result;
  },
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: "only",
});

/** Fills with 0 and 1, 1 with probability p. Source: torch.Tensor.bernoulli_. */
op("bernoulli.p(input, p: float = 0.5, *, generator: Generator? = null)", {
  grad_fn: "BernoulliBackward0",
  forward: (input, p, generator) => {
    const result = emptyTensor([...input.shape], input.dtype);
    bernoulli(result.storage.data, p, generator ?? defaultGenerator);
    return result;
  },
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: "only",
});

function floats(t: Tensor): Float32Array | Float64Array {
  if (t.dtype.category !== "float")
    throw new RuntimeError(
      `"uniform_" and "normal_" are not implemented for '${t.dtype.tensorTypeName.replace("Tensor", "")}'`,
    );
  return t.storage.data as Float32Array;
}
