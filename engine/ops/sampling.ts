import { int64 } from "../dtype";
import { cppTypeName, NotImplementedError, RuntimeError } from "../errors";
import { iinfo } from "../limits";
import { op, torch } from "../op/define";
import { binomial } from "../random/binomial";
import { cauchy, exponential, log_normal, normal, normalHalves, uniform } from "../random/continuous";
import { bernoulli, bernoulliEach, geometric, randint, random, randperm } from "../random/discrete";
import { defaultGenerator, type Generator } from "../random/generator";
import { multinomial } from "../random/multinomial";
import { poisson } from "../random/poisson";
import { elements, emptyTensor, fromData, type Tensor } from "../tensor";
import { emptyInOrder, memoryOrder, undoOrder } from "./memory_order";

// Every sampler takes from the generator what PyTorch's CPU kernel takes.

/** Uniform in [0, 1). Source: torch.rand. */
op(
  "rand(size: int..., *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (size, generator, dtype, requires_grad) =>
    torch.empty(size, { dtype }).uniform_(0, 1, { generator }).requires_grad_(requires_grad),
);

/** Standard normal. Source: torch.randn. */
op(
  "randn(size: int..., *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (size, generator, dtype, requires_grad) =>
    torch.empty(size, { dtype }).normal_(0, 1, { generator }).requires_grad_(requires_grad),
);

/** Uniform in [0, 1), in the input's shape and dtype. Source: torch.rand_like. */
op(
  "rand_like(input: Tensor, *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (input, generator, dtype, requires_grad) =>
    emptyInOrder(input, dtype ?? input.dtype)
      .uniform_(0, 1, { generator })
      .requires_grad_(requires_grad),
);

/** Standard normal, in the input's shape and dtype. Source: torch.randn_like. */
op(
  "randn_like(input: Tensor, *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (input, generator, dtype, requires_grad) =>
    emptyInOrder(input, dtype ?? input.dtype)
      .normal_(0, 1, { generator })
      .requires_grad_(requires_grad),
);

/** Whole numbers in [0, high), int64. Source: torch.randint. */
op(
  "randint.high(high: int, size: int[], *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (high, size, generator, dtype, requires_grad) =>
    integers(torch.empty(size, { dtype: dtype ?? int64 }), 0, high, generator).requires_grad_(requires_grad),
);

/** Whole numbers in [low, high), int64. Source: torch.randint. */
op(
  "randint.low(low: int, high: int, size: int[], *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (low, high, size, generator, dtype, requires_grad) =>
    integers(torch.empty(size, { dtype: dtype ?? int64 }), low, high, generator).requires_grad_(
      requires_grad,
    ),
);

/** Whole numbers in [0, high), in the input's shape and dtype. Source: torch.randint_like. */
op(
  "randint_like.high(input: Tensor, high: int, *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (input, high, generator, dtype, requires_grad) =>
    emptyInOrder(input, dtype ?? input.dtype)
      .random_(0, high, { generator })
      .requires_grad_(requires_grad),
);

/** Whole numbers in [low, high), in the input's shape and dtype. Source: torch.randint_like. */
op(
  "randint_like.low(input: Tensor, low: int, high: int, *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false, memory_format: memory_format? = null)",
  (input, low, high, generator, dtype, requires_grad) =>
    emptyInOrder(input, dtype ?? input.dtype)
      .random_(low, high, { generator })
      .requires_grad_(requires_grad),
);

function integers(result: Tensor, low: number, high: number, generator: Generator | null): Tensor {
  randint(result.storage.data, low, high, generator ?? defaultGenerator);
  return result;
}

/** 0 … n − 1 in random order, int64. Source: torch.randperm. */
op(
  "randperm(n: int, *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (n, generator, dtype, requires_grad) => {
    const result = torch.empty([n], { dtype: dtype ?? int64 });
    randperm(result.storage.data, generator ?? defaultGenerator);
    return result.requires_grad_(requires_grad);
  },
);

/** 0 or 1, each element with the probability that `input` holds. Source: torch.bernoulli. */
op("bernoulli(input, *, generator: Generator? = null)", {
  grad_fn: "BernoulliBackward0",
  forward: (input, generator) => {
    const result = emptyTensor([...input.shape], input.dtype);
    const p = floats(input, elements(input), "bernoulli_tensor_cpu_p_");
    bernoulliEach(result.storage.data, p, generator ?? defaultGenerator);
    return result;
  },
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
});

/** 0 or 1 in the input's shape, 1 with probability p. Source: torch.bernoulli. */
op("bernoulli.p(input, p: float, *, generator: Generator? = null)", (input, p, generator) =>
  input.detach().clone().bernoulli_(p, { generator }),
);

/** Poisson counts, each with the rate that `input` holds. Source: torch.poisson. */
op("poisson(input, generator: Generator? = null)", {
  grad_fn: "PoissonBackward0",
  forward: (input, generator) => {
    const result = emptyTensor([...input.shape], input.dtype);
    const out = floats(result, result.storage.data, "poisson_cpu");
    poisson(out, floats(input, elements(input), "poisson_cpu"), generator ?? defaultGenerator);
    return result;
  },
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
});

/** Numbers of successes in `count` trials of probability `prob`, element by element. Source: torch.binomial. */
op("binomial(count: Tensor, prob: Tensor, generator: Generator? = null)", {
  grad_fn: "BinomialBackward0",
  forward: (count, prob, generator) => {
    if (count.dtype !== prob.dtype)
      throw new RuntimeError(
        `Found dtype ${prob.dtype.scalarTypeName} but expected ${count.dtype.scalarTypeName}`,
      );
    const [counts, probabilities] = torch.broadcast_tensors(count, prob);
    const result = emptyTensor([...counts.shape], count.dtype);
    binomial(
      floats(result, result.storage.data, "binomial_cpu"),
      elements(counts),
      elements(probabilities),
      generator ?? defaultGenerator,
    );
    return result;
  },
  backward: {
    count: [["count.shape"], (grad, shape) => grad.new_zeros(shape), "0"],
    prob: [["prob.shape"], (grad, shape) => grad.new_zeros(shape), "0"],
  },
});

/**
 * Places drawn with the probabilities, which need not add up to 1, that each row holds: (n) → (num_samples),
 * (rows, n) → (rows, num_samples), int64. Source: torch.multinomial.
 */
op(
  "multinomial(input, num_samples: int, replacement = false, *, generator: Generator? = null)",
  (input, num_samples, replacement, generator) => {
    const ndim = input.shape.length;
    if (ndim !== 1 && ndim !== 2) throw new RuntimeError("prob_dist must be 1 or 2 dim");
    if (input.dtype.category !== "float")
      throw new RuntimeError(
        `multinomial only supports floating-point dtypes for input, got: ${input.dtype.scalarTypeName}`,
      );
    const categories = input.shape[ndim - 1];
    if (num_samples <= 0) throw new RuntimeError("cannot sample n_sample <= 0 samples");
    if (!replacement && num_samples > categories)
      throw new RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
    const weights = elements(input) as Float32Array | Float64Array;
    const drawn = multinomial(weights, categories, num_samples, replacement, generator ?? defaultGenerator);
    return fromData(drawn, [...input.shape.slice(0, -1), num_samples], int64);
  },
);

/** Normal samples around each mean, all of one standard deviation. Source: torch.normal. */
op("normal.mean(mean: Tensor, std: float = 1, *, generator: Generator? = null)", {
  grad_fn: "NormalBackward1",
  forward: (mean, std, generator) => {
    const samples = emptyInOrder(mean, mean.dtype).normal_(0, std, { generator });
    return samples.add_(mean);
  },
  backward: { mean: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
});

/** Normal samples around one mean, each of its own standard deviation. Source: torch.normal. */
op("normal.std(mean: float, std: Tensor, *, generator: Generator? = null)", {
  grad_fn: "NormalBackward2",
  forward: (mean, std, generator) => {
    checkDeviations(std);
    return emptyInOrder(std, std.dtype).normal_(0, 1, { generator }).mul_(std).add_(mean);
  },
  backward: { std: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
});

/** Normal samples, each with its own mean and standard deviation. Source: torch.normal. */
op("normal.each(mean: Tensor, std: Tensor, *, generator: Generator? = null)", {
  grad_fn: "NormalBackward3",
  forward: (mean, std, generator) => {
    checkDeviations(std);
    const [means, deviations] = torch.broadcast_tensors(mean, std);
    return torch.empty_like(means).normal_(0, 1, { generator }).mul_(deviations).add_(means);
  },
  backward: {
    mean: [[], (grad) => grad.new_zeros(grad.shape), "0"],
    std: [[], (grad) => grad.new_zeros(grad.shape), "0"],
  },
});

/** Normal samples of one mean and standard deviation. Source: torch.normal. */
op(
  "normal.size(mean: float, std: float, size: int[], *, generator: Generator? = null, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (mean, std, size, generator, dtype, requires_grad) =>
    torch.empty(size, { dtype }).normal_(mean, std, { generator }).requires_grad_(requires_grad),
);

function checkDeviations(std: Tensor): void {
  for (const value of elements(std))
    if (!(value >= 0)) throw new RuntimeError("normal expects all elements of std >= 0.0");
}

// In place.

/** Fills with uniform samples from [from, to). Source: torch.Tensor.uniform_. */
op("Tensor.uniform(input, from: float = 0, to: float = 1, *, generator: Generator? = null)", {
  grad_fn: "UniformBackward0",
  forward: (input, from, to, generator) =>
    sampledFloats(input, "check_uniform_bounds", (out) =>
      uniform(out, from, to, generator ?? defaultGenerator),
    ),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/** Fills with normal samples. Source: torch.Tensor.normal_. */
op("Tensor.normal(input, mean: float = 0, std: float = 1, *, generator: Generator? = null)", {
  grad_fn: "NormalBackward0",
  forward: (input, mean, std, generator) =>
    sampledFloats(input, "normal_kernel_cpu", (out) =>
      input.dtype.round === null
        ? normal(out, mean, std, generator ?? defaultGenerator, input.strides === null)
        : normalHalves(out, mean, std, generator ?? defaultGenerator, input.strides === null),
    ),
  takesHalves: true,
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/** Fills with samples of exp(normal). Source: torch.Tensor.log_normal_. */
op("Tensor.log_normal(input, mean: float = 1, std: float = 2, *, generator: Generator? = null)", {
  grad_fn: "LogNormalBackward0",
  forward: (input, mean, std, generator) =>
    sampledFloats(input, "log_normal_cpu", (out) =>
      log_normal(out, mean, std, generator ?? defaultGenerator),
    ),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/** Fills with exponential samples of rate lambd. Source: torch.Tensor.exponential_. */
op("Tensor.exponential(input, lambd: float = 1, *, generator: Generator? = null)", {
  grad_fn: "ExponentialBackward0",
  forward: (input, lambd, generator) => {
    refuseIntegers(input, "Exponential");
    return sampledFloats(input, "exponential", (out) =>
      exponential(out, lambd, generator ?? defaultGenerator),
    );
  },
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/** Fills with Cauchy samples. Source: torch.Tensor.cauchy_. */
op("Tensor.cauchy(input, median: float = 0, sigma: float = 1, *, generator: Generator? = null)", {
  grad_fn: "CauchyBackward0",
  forward: (input, median, sigma, generator) => {
    refuseIntegers(input, "Cauchy");
    return sampledFloats(input, "cauchy", (out) => cauchy(out, median, sigma, generator ?? defaultGenerator));
  },
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/** Fills with 0 and 1, each 1 with the probability that `p` holds, which broadcasts. Source: torch.Tensor.bernoulli_. */
op("Tensor.bernoulli.Tensor(input, p: Tensor, *, generator: Generator? = null)", {
  grad_fn: "BernoulliBackward1",
  forward: (input, p, generator) =>
    sampled(input, (out, ordered) =>
      bernoulliEach(
        out,
        floats(p, elements(ordered(p.detach().expand(input.shape))), "bernoulli_tensor_cpu_self_"),
        generator ?? defaultGenerator,
      ),
    ),
  backward: {
    input: [[], (grad) => grad.new_zeros(grad.shape), "0"],
    p: [["p"], (_grad, p) => p.new_zeros(p.shape), "0"],
  },
  inplace: "only",
});

/** Fills with 0 and 1, 1 with probability p. Source: torch.Tensor.bernoulli_. */
op("Tensor.bernoulli(input, p: float = 0.5, *, generator: Generator? = null)", {
  grad_fn: "BernoulliBackward2",
  forward: (input, p, generator) => sampled(input, (out) => bernoulli(out, p, generator ?? defaultGenerator)),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/** Fills with numbers of trials until the first success of probability p. Source: torch.Tensor.geometric_. */
op("Tensor.geometric(input, p: float, *, generator: Generator? = null)", {
  grad_fn: "GeometricBackward0",
  forward: (input, p, generator) => {
    if (input.dtype.category === "bool")
      throw new NotImplementedError("\"geometric_cpu\" not implemented for 'Bool'");
    return sampled(input, (out) => geometric(out, p, generator ?? defaultGenerator));
  },
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/** Fills with whole numbers in [from, to). Source: torch.Tensor.random_. */
op("Tensor.random.from(input, from: int, to: int, *, generator: Generator? = null)", {
  grad_fn: "RandomBackward0",
  forward: (input, from, to, generator) => randomIntegers(input, from, to, generator),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/** Fills with whole numbers in [0, to). Source: torch.Tensor.random_. */
op("Tensor.random.to(input, to: int, *, generator: Generator? = null)", {
  grad_fn: "RandomBackward1",
  forward: (input, to, generator) => randomIntegers(input, 0, to, generator),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

/**
 * Fills with whole numbers over all that the dtype holds from zero up. Source: torch.Tensor.random_.
 * @differs torch.Tensor.random_: refused without a bound for int64, of which PyTorch draws up to 2⁶³.
 */
op("Tensor.random(input, *, generator: Generator? = null)", {
  grad_fn: "RandomBackward2",
  forward: (input, generator) =>
    sampled(input, (out) => random(out, input.dtype.name, generator ?? defaultGenerator)),
  backward: { input: [[], (grad) => grad.new_zeros(grad.shape), "0"] },
  inplace: "only",
});

function randomIntegers(input: Tensor, from: number, to: number, generator: Generator | null): Tensor {
  const { dtype } = input;
  if (dtype.category !== "float" && from < to && dtype.itemsize < 8) {
    const { min, max } = dtype.category === "bool" ? { min: 0, max: 1 } : iinfo(dtype);
    for (const [name, bound] of [["from", from] as const, ["to - 1", to - 1] as const])
      if (bound < min || bound > max)
        throw new RuntimeError(`${name} is out of bounds for ${cppTypeName(dtype)}`);
  }
  return sampled(input, (out) => randint(out, from, to, generator ?? defaultGenerator));
}

type Samples = Tensor["storage"]["data"];

/**
 * A tensor like the input whose elements `fill` draws, in the order in which the input's lie in memory;
 * `ordered` gives another tensor of that shape its dimensions in that order.
 */
function sampled(input: Tensor, fill: (out: Samples, ordered: (t: Tensor) => Tensor) => void): Tensor {
  const order = memoryOrder(input);
  const shape = order === null ? [...input.shape] : order.map((d) => input.shape[d]);
  const result = emptyTensor(shape, input.dtype);
  fill(result.storage.data, (t) => (order === null ? t : t.permute(order)));
  return order === null ? result : undoOrder(result, order);
}

/** As `sampled`, for kernels that know floating dtypes only. */
function sampledFloats(
  input: Tensor,
  kernel: string,
  fill: (out: Float32Array | Float64Array) => void,
): Tensor {
  return sampled(input, (out) => fill(floats(input, out, kernel)));
}

function floats(t: Tensor, data: Samples, kernel: string): Float32Array | Float64Array {
  if (t.dtype.category !== "float")
    throw new NotImplementedError(`"${kernel}" not implemented for '${t.dtype.scalarTypeName}'`);
  return data as Float32Array | Float64Array;
}

function refuseIntegers(t: Tensor, name: string): void {
  if (t.dtype.category !== "float")
    throw new RuntimeError(
      `${name} distribution is a continuous probability distribution. dtype must be a floating point but you specified ${t.dtype.scalarTypeName}`,
    );
}
