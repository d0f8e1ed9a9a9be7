import { RuntimeError } from "../errors";
import { normalBlockDouble, normalBlockFloat } from "./box-muller";
import { fma32, fma64 } from "./fma";
import { defaultGenerator, type Generator } from "./generator";

/**
 * Samplers of continuous distributions: each fills `out` from its first element to its last and takes
 * from the generator what PyTorch's CPU kernel takes. A Float32Array is a float32 tensor, a
 * Float64Array a float64 one. A float32 sample equals PyTorch's to the last bit; a float64 sample that
 * went through a transcendental function may differ by what the host's `Math` differs from the C
 * library, a few units in the last place.
 */
export type FloatArray = Float32Array | Float64Array;

/** Uniform in [from, to). Source: torch.Tensor.uniform_. */
export function uniform<A extends FloatArray>(
  out: A,
  from = 0,
  to = 1,
  generator: Generator = defaultGenerator,
): A {
  if (from > to)
    throw new RuntimeError(
      `uniform_ expects to return a [from, to) range, but found from=${from} > to=${to}`,
    );
  if (out instanceof Float32Array) uniformFloat(out, Math.fround(from), Math.fround(to), generator);
  else uniformDouble(out, from, to, generator);
  return out;
}

function uniformFloat(out: Float32Array, from: number, to: number, generator: Generator): void {
  const span = Math.fround(to - from);
  for (let i = 0; i < out.length; i++) {
    const value = fma32(generator.uniformFloat(), span, from);
    out[i] = value === to ? from : value; // rounding must not reach the open end
  }
}

function uniformDouble(out: Float64Array, from: number, to: number, generator: Generator): void {
  const span = to - from;
  for (let i = 0; i < out.length; i++) {
    const fraction = generator.uniformDouble();
    const value = from === 0 ? fraction * span : fma64(fraction, span, from);
    out[i] = value === to ? from : value;
  }
}

/**
 * Normal with the given mean and standard deviation. From 16 elements on a contiguous tensor is
 * sampled in blocks, a smaller or non-contiguous one sample by sample: other numbers from the same
 * seed. Source: torch.Tensor.normal_.
 */
export function normal<A extends FloatArray>(
  out: A,
  mean = 0,
  std = 1,
  generator: Generator = defaultGenerator,
  contiguous = true,
): A {
  if (!(std >= 0)) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`);
  if (out.length < 16 || !contiguous) {
    for (let i = 0; i < out.length; i++) out[i] = normalSample(mean, std, generator);
  } else if (out instanceof Float32Array) {
    normalFillFloat(out, Math.fround(mean), Math.fround(std), generator);
  } else {
    normalFillDouble(out, mean, std, generator);
  }
  return out;
}

/** As `normal` for half precision, of which no sample is drawn for what the last block covers. */
export function normalHalves(
  out: FloatArray,
  mean: number,
  std: number,
  generator: Generator,
  contiguous: boolean,
): void {
  const size = out.length;
  const whole = size - (size % 16);
  if (whole === 0 || whole === size || !contiguous) {
    normal(out, mean, std, generator, contiguous);
    return;
  }
  normal(out.subarray(0, whole), mean, std, generator);
  normal(out.subarray(size - 16), mean, std, generator);
}

function normalFillFloat(out: Float32Array, mean: number, std: number, generator: Generator): void {
  const size = out.length;
  for (let i = 0; i < size; i++) out[i] = generator.uniformFloat();
  for (let i = 0; i + 16 <= size; i += 16) normalBlockFloat(out, i, mean, std);
  if (size % 16 === 0) return;
  // The last block is sampled afresh and overlaps the one before it.
  for (let i = size - 16; i < size; i++) out[i] = generator.uniformFloat();
  normalBlockFloat(out, size - 16, mean, std);
}

function normalFillDouble(out: Float64Array, mean: number, std: number, generator: Generator): void {
  const size = out.length;
  for (let i = 0; i < size; i++) out[i] = generator.uniformDouble();
  for (let i = 0; i + 16 <= size; i += 16) normalBlockDouble(out, i, mean, std);
  if (size % 16 === 0) return;
  for (let i = size - 16; i < size; i++) out[i] = generator.uniformDouble();
  normalBlockDouble(out, size - 16, mean, std);
}

/** One normal sample; every second call takes what the one before left. */
function normalSample(mean: number, std: number, generator: Generator): number {
  const waiting = generator.nextNormalSample;
  if (waiting !== null) {
    generator.nextNormalSample = null;
    return fma64(waiting, std, mean);
  }
  const angle = 2 * Math.PI * generator.uniformDouble();
  const radius = Math.sqrt(-2 * Math.log1p(-generator.uniformDouble()));
  generator.nextNormalSample = radius * Math.sin(angle);
  return fma64(radius * Math.cos(angle), std, mean);
}

/** exp of a normal with the given mean and standard deviation. Source: torch.Tensor.log_normal_. */
export function log_normal<A extends FloatArray>(
  out: A,
  mean = 1,
  std = 2,
  generator: Generator = defaultGenerator,
): A {
  if (!(std > 0)) throw new RuntimeError(`log_normal_ expects std > 0.0, but found std=${std}`);
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(normalSample(mean, std, generator));
  return out;
}

/** Exponential with rate `lambd`. Source: torch.Tensor.exponential_. */
export function exponential<A extends FloatArray>(
  out: A,
  lambd = 1,
  generator: Generator = defaultGenerator,
): A {
  if (!(lambd > 0)) throw new RuntimeError(`exponential_ expects lambda > 0.0, but found lambda=${lambd}`);
  const scale = -1 / lambd;
  for (let i = 0; i < out.length; i++) out[i] = scale * Math.log1p(-generator.uniformDouble());
  return out;
}

/** Cauchy around `median` with scale `sigma`. Source: torch.Tensor.cauchy_. */
export function cauchy<A extends FloatArray>(
  out: A,
  median = 0,
  sigma = 1,
  generator: Generator = defaultGenerator,
): A {
  if (!(sigma > 0)) throw new RuntimeError(`cauchy_ expects sigma > 0.0, but found sigma=${sigma}`);
  for (let i = 0; i < out.length; i++) {
    const slope = Math.tan(Math.PI * (generator.uniformDouble() - 0.5));
    out[i] = fma64(sigma, slope, median);
  }
  return out;
}
