import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  cauchy,
  exponential,
  type FloatArray,
  log_normal,
  normal,
  uniform,
} from "../../engine/random/continuous";
import {
  bernoulli,
  bernoulliEach,
  geometric,
  type NumberArray,
  randint,
  random,
  randperm,
} from "../../engine/random/discrete";
import { fma32, fma64 } from "../../engine/random/fma";
import { defaultGenerator, Generator } from "../../engine/random/generator";
import { multinomial } from "../../engine/random/multinomial";
import { poisson } from "../../engine/random/poisson";
import vectors from "./vectors/random.json";

// Drawn from PyTorch by scripts/vectors/random_stream.py, which explains the layout.
type Case = [
  seed: number,
  sampler: string,
  dtype: string,
  size: number,
  args: Argument[],
  data: string,
  after: number,
];
type Argument = number | boolean | string | number[];

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int64: Float64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};
type DTypeName = keyof typeof arrayTypes;

const discrete: Record<
  string,
  (out: NumberArray, a: number, b: number, g: Generator, dtype: string) => NumberArray
> = {
  randint: (out, low, high, g) => randint(out, low, high, g),
  random: (out, _a, _b, g, dtype) => random(out, dtype, g),
  randperm: (out, _a, _b, g) => randperm(out, g),
  bernoulli: (out, p, _b, g) => bernoulli(out, p, g),
  geometric: (out, p, _b, g) => geometric(out, p, g),
};

const continuous: Record<string, (out: FloatArray, a: number, b: number, g: Generator) => FloatArray> = {
  uniform: (out, from, to, g) => uniform(out, from, to, g),
  normal: (out, mean, std, g) => normal(out, mean, std, g),
  exponential: (out, lambd, _b, g) => exponential(out, lambd, g),
  cauchy: (out, median, sigma, g) => cauchy(out, median, sigma, g),
  log_normal: (out, mean, std, g) => log_normal(out, mean, std, g),
};

const elementwise: Record<
  string,
  (out: FloatArray, input: FloatArray, g: Generator, rest: Argument[]) => NumberArray
> = {
  bernoulliEach: (out, p, g) => bernoulliEach(out, p, g),
  poisson: (out, rates, g) =>
    poisson(
      out,
      out.map((_, i) => rates[i % rates.length]),
      g,
    ),
  multinomial: (_out, weights, g, [categories, samples, replacement]) =>
    multinomial(weights, categories as number, samples as number, replacement as boolean, g),
};

function draw(sampler: string, dtype: string, size: number, args: Argument[], generator: Generator) {
  const out = new arrayTypes[dtype as DTypeName](size);
  const [a, b] = args as number[];
  if (sampler in discrete) return discrete[sampler](out, a, b, generator, dtype);
  const floats = out as FloatArray;
  if (sampler in continuous) return continuous[sampler](floats, a, b, generator);
  return elementwise[sampler](floats, inputArray(floats, args[0]), generator, args.slice(1));
}

/** The input tensor of a case: its values, or those of the formula that stands for them. */
function inputArray(like: FloatArray, given: Argument): FloatArray {
  const inFloat = like instanceof Float32Array;
  const ArrayType = inFloat ? Float32Array : Float64Array;
  if (Array.isArray(given)) return ArrayType.from(given);
  const factor = inFloat ? Math.fround(0.37) : 0.37;
  const product = (i: number) => (inFloat ? Math.fround(i * factor) : i * factor);
  return new ArrayType(Array.from(like, (_, i) => product(i) % 1));
}

function sha256(array: NumberArray): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Samplers whose float64 values go through the host's `Math`, which differs from C's in the last bits. */
const transcendental = new Set(["normal", "cauchy", "log_normal", "exponential"]);
const TOLERANCE = 4 * Number.EPSILON;

function assertSameSamples(actual: NumberArray, expected: string, tolerance: number): void {
  if (expected.startsWith("sha256:")) {
    assert.equal(sha256(actual), expected);
    return;
  }
  const bytes = Uint8Array.from(Buffer.from(expected, "base64"));
  const values = new (actual.constructor as typeof Float64Array)(bytes.buffer);
  assert.equal(actual.length, values.length);
  values.forEach((value, i) => {
    const error = Math.abs(actual[i] - value);
    const close = error <= tolerance * Math.max(1, Math.abs(value));
    assert.ok(Object.is(actual[i], value) || close, `element ${i}: ${actual[i]}, PyTorch has ${value}`);
  });
}

describe("random samplers", () => {
  const cases = vectors.cases as Case[];
  for (const sampler of new Set(cases.map((c) => c[1]))) {
    it(`${sampler} gives PyTorch's numbers and takes as many from the generator`, () => {
      for (const [seed, name, dtype, size, args, expected, after] of cases) {
        if (name !== sampler) continue;
        const label = `${name}(${JSON.stringify(args)}) on ${dtype}[${size}]`;
        const generator = new Generator().manual_seed(seed);
        const actual = draw(name, dtype, size, args, generator);
        const tolerance = dtype === "float64" && transcendental.has(name) ? TOLERANCE : 0;
        assert.doesNotThrow(() => assertSameSamples(actual, expected, tolerance), label);
        assert.equal(generator.random() % 2 ** 27, after, `after ${label}`);
      }
    });
  }

  it("continue one stream on the default generator, which starts at PyTorch's default seed", () => {
    const seed = new Generator().initial_seed();
    assert.equal(seed, 67280421310721);
    defaultGenerator.manual_seed(seed);
    const asPython = (array: NumberArray) => Array.from(array);
    assert.deepEqual(
      [
        asPython(normal(new Float32Array(3))),
        asPython(uniform(new Float32Array(2))),
        asPython(normal(new Float32Array(1))),
        asPython(normal(new Float32Array(17)).subarray(0, 4)),
        asPython(randperm(new Float64Array(5))),
        asPython(normal(new Float32Array(2))),
      ],
      vectors.sequence,
    );
  });

  it("sample a non-contiguous tensor one by one, whatever its size", () => {
    const generator = new Generator().manual_seed(7);
    const one = normal(new Float32Array(20), 0, 1, generator, false);
    generator.manual_seed(7);
    const parts = Array.from({ length: 20 }, () => normal(new Float32Array(1), 0, 1, generator)[0]);
    assert.deepEqual(Array.from(one), parts);
  });

  const refusals: [call: () => unknown, message: string][] = [
    [
      () => uniform(new Float32Array(1), 2, 1),
      "uniform_ expects to return a [from, to) range, but found from=2 > to=1",
    ],
    [() => normal(new Float32Array(1), 0, -1), "normal expects std >= 0.0, but found std -1"],
    [() => log_normal(new Float32Array(1), 0, 0), "log_normal_ expects std > 0.0, but found std=0"],
    [() => exponential(new Float32Array(1), 0), "exponential_ expects lambda > 0.0, but found lambda=0"],
    [() => cauchy(new Float32Array(1), 0, 0), "cauchy_ expects sigma > 0.0, but found sigma=0"],
    [() => geometric(new Float32Array(1), 0), "geometric_ expects p to be in (0, 1), but got p=0"],
    [() => bernoulli(new Float32Array(1), 2), "bernoulli_ expects p to be in [0, 1], but got p=2"],
    [
      () => bernoulliEach(new Float32Array(1), Float32Array.of(2)),
      "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  If so, please report an enhancement request to PyTorch.)",
    ],
    [
      () => randint(new Float64Array(1), 3, 3),
      "random_ expects 'from' to be less than 'to', but got from=3 >= to=3",
    ],
    [
      () => poisson(new Float32Array(1), Float32Array.of(-1)),
      "invalid Poisson rate, expected rate to be non-negative",
    ],
    [() => multinomial(Float32Array.of(1, 1), 2, 0), "cannot sample n_sample <= 0 samples"],
    [
      () => multinomial(Float32Array.of(1, 1), 2, 3),
      "cannot sample n_sample > prob_dist.size(-1) samples without replacement",
    ],
    [
      () => multinomial(Float32Array.of(0, 0), 2, 1),
      "invalid multinomial distribution (sum of probabilities <= 0)",
    ],
    [
      () => multinomial(Float32Array.of(0, 0), 2, 2, true),
      "invalid multinomial distribution (sum of probabilities <= 0)",
    ],
    [
      () => multinomial(Float32Array.of(1, -1), 2, 2, true),
      "invalid multinomial distribution (encountering probability entry < 0)",
    ],
    [
      () => multinomial(Float32Array.of(1, Infinity), 2, 2, true),
      "invalid multinomial distribution (encountering probability entry = infinity or NaN)",
    ],
    [
      () => multinomial(Float32Array.of(1, NaN), 2, 2),
      "probability tensor contains either `inf`, `nan` or element < 0",
    ],
  ];
  for (const [call, message] of refusals) {
    it(`refuse in PyTorch's words: ${message.slice(0, 60)}`, () => {
      assert.throws(call, { name: "RuntimeError", message });
    });
  }

  it("refuse random_() on int64, whose values would not be exact, and say what to do", () => {
    assert.throws(() => random(new Float64Array(1), "int64"), /give a bound, random_\(to\)/);
  });
});

describe("Generator", () => {
  /** Where a saved state has the second of a pair of normals. */
  const LEFTOVER_OFFSET = 5024;

  for (const { seed, normals, words, state, leftover, initial_seed, following } of vectors.states) {
    it(`seeded with ${seed} saves PyTorch's state and continues from it`, () => {
      const generator = new Generator().manual_seed(BigInt(seed));
      normal(new Float32Array(normals), 0, 1, generator);
      uniform(new Float32Array(words), 0, 1, generator);
      const saved = generator.get_state();
      const sampleIn = new DataView(saved.slice().buffer);
      assert.ok(Math.abs(sampleIn.getFloat64(LEFTOVER_OFFSET, true) - leftover) <= TOLERANCE);
      sampleIn.setFloat64(LEFTOVER_OFFSET, 0);
      assert.equal(sha256(new Uint8Array(sampleIn.buffer)), state);
      assert.equal(String(generator.initial_seed()), initial_seed);
      const other = new Generator().set_state(saved);
      for (const each of [generator, other])
        assert.deepEqual(Array.from(normal(new Float32Array(3), 0, 1, each)), following);
    });
  }

  it("forgets the leftover normal when it is seeded again", () => {
    const generator = new Generator().manual_seed(1);
    const first = normal(new Float64Array(1), 0, 1, generator)[0];
    generator.manual_seed(1);
    assert.equal(normal(new Float64Array(1), 0, 1, generator)[0], first);
  });

  it("seed() starts somewhere new and returns where", () => {
    const generator = new Generator();
    const seed = generator.seed();
    assert.notEqual(seed, generator.seed());
    const value = new Generator().manual_seed(generator.initial_seed()).random();
    assert.equal(generator.random(), value);
  });

  it("refuses seeds and states as PyTorch does", () => {
    const generator = new Generator();
    assert.throws(() => generator.manual_seed(2n ** 64n), {
      name: "ValueError",
      message: "Overflow when unpacking long long",
    });
    assert.throws(() => generator.manual_seed(1.5), {
      message: "manual_seed expected a long, but got float",
    });
    assert.throws(() => generator.set_state(new Uint8Array(5)), {
      message: "Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size to be 5",
    });
    const corruptions: [offset: number, value: number][] = [
      [8, 0], // draws left
      [8, 625],
      [12, 0], // seeded
      [16, 625], // next word
    ];
    for (const [offset, value] of corruptions) {
      const state = generator.get_state();
      new DataView(state.buffer).setInt32(offset, value, true);
      assert.throws(() => generator.set_state(state), { message: "Invalid mt19937 state" });
    }
  });
});

describe("fused multiply-add", () => {
  /** The exact a·b + c as an integer multiple of 2⁻⁶⁰⁰. */
  const exact = (a: number, b: number, c: number) => scaled(a, 300) * scaled(b, 300) + scaled(c, 600);
  const scaled = (x: number, bits: number) => BigInt(x * 2 ** 200) << BigInt(bits - 200);
  const toDouble = (value: bigint) => Number(value) * 2 ** -600;

  /** Rounds to 24 bits, ties to even. */
  function toFloat(value: bigint): number {
    const magnitude = value < 0n ? -value : value;
    const drop = BigInt(Math.max(0, magnitude.toString(2).length - 24));
    const half = drop > 0n ? 1n << (drop - 1n) : 0n;
    const kept = magnitude >> drop;
    const rest = magnitude - (kept << drop);
    const up = drop > 0n && (rest > half || (rest === half && (kept & 1n) === 1n));
    return toDouble((up ? kept + 1n : kept) << drop) * (value < 0n ? -1 : 1);
  }

  /**
   * Sums next to the middle of two numbers of `bits` bits, so close that rounding twice errs; `tiny`
   * squared is what makes the difference.
   */
  const nearTies = (bits: number, tiny: number) =>
    [1, 2, 3].flatMap((k) => {
      const c = 1 + k * 2 ** (1 - bits);
      const half = 2 ** -bits;
      return [
        [half * (1 + tiny), 1 - tiny, c],
        [half, 1, c],
        [half * (1 + tiny), 1 + tiny, c],
        [-half * (1 + tiny), 1 - tiny, c],
        [-half * (1 + tiny), 1 - tiny, -c],
        [half * (1 + tiny), 1 - tiny, -c],
      ];
    });
  const generator = new Generator().manual_seed(3);
  const numbers = normal(new Float64Array(6000), 0, 1, generator);
  const triples = Array.from({ length: 2000 }, (_, i) => {
    const [a, b, c] = numbers.subarray(3 * i, 3 * i + 3);
    return i % 2 === 0 ? [a, b, c] : [a, b, -a * b * (1 + c * 2 ** -40)]; // half of them cancel
  });

  it("rounds once to float32", () => {
    for (const triple of [...nearTies(24, 2 ** -15), ...triples]) {
      const [a, b, c] = triple.map(Math.fround);
      assert.equal(fma32(a, b, c), toFloat(exact(a, b, c)), `${a} * ${b} + ${c}`);
    }
  });

  it("rounds once to float64", () => {
    for (const [a, b, c] of [...nearTies(53, 2 ** -30), ...triples])
      assert.equal(fma64(a, b, c), toDouble(exact(a, b, c)), `${a} * ${b} + ${c}`);
  });
});
