import { cpu, type Device } from "../device";
import { RuntimeError, ValueError } from "../errors";
import { Mt19937 } from "./mt19937";

/** Seed of a generator nobody has seeded. Source: c10::detail default_rng_seed_val. */
const DEFAULT_SEED = 67280421310721n;
const STATE_BYTES = 5056;

/**
 * PyTorch's CPU generator: same seeds, same stream, and states that can be exchanged with it.
 * Source: torch.Generator, at::CPUGeneratorImpl.
 */
export class Generator {
  private readonly engine = new Mt19937();
  private currentSeed = DEFAULT_SEED;
  /**
   * Box-Muller makes normals in pairs; the second waits here for the next call. Null when none does.
   */
  nextNormalSample: number | null = null;

  constructor() {
    this.setSeed(DEFAULT_SEED);
  }

  /** Where it draws: on the CPU. Source: torch.Generator.device. */
  get device(): Device {
    return cpu;
  }

  /**
   * Restarts the stream. Takes integers from -2⁶³ to 2⁶⁴-1; a negative seed is its two's complement, as
   * in PyTorch.
   */
  manual_seed(seed: number | bigint): this {
    const wanted = toInteger(seed);
    if (wanted < -(2n ** 63n) || wanted >= 2n ** 64n)
      throw new ValueError("Overflow when unpacking long long");
    this.setSeed(BigInt.asUintN(64, wanted));
    return this;
  }

  /** Restarts the stream at an unpredictable seed below 2⁵³ and returns that seed. */
  seed(): number {
    const seed = Math.floor(Math.random() * 2 ** 53);
    this.setSeed(BigInt(seed));
    return seed;
  }

  /** The seed the stream was started with; a bigint where a number could not hold it exactly. */
  initial_seed(): number | bigint {
    const asNumber = Number(this.currentSeed);
    return Number.isSafeInteger(asNumber) ? asNumber : this.currentSeed;
  }

  /** The state in PyTorch's own layout, 5056 bytes: what `torch.get_rng_state()` holds. */
  get_state(): Uint8Array {
    const bytes = new Uint8Array(STATE_BYTES);
    const view = new DataView(bytes.buffer);
    const { state, left, next } = this.engine.save();
    view.setBigUint64(OFFSET.seed, this.currentSeed, true);
    view.setInt32(OFFSET.left, left, true);
    view.setInt32(OFFSET.seeded, 1, true);
    view.setUint32(OFFSET.next, next, true);
    state.forEach((word, i) => {
      view.setUint32(OFFSET.state + 8 * i, word, true);
    });
    if (this.nextNormalSample !== null) {
      view.setFloat64(OFFSET.normalSample, this.nextNormalSample, true);
      view.setInt32(OFFSET.normalIsValid, 1, true);
    }
    return bytes;
  }

  /** Continues from a state that `get_state` or PyTorch gave. */
  set_state(bytes: Uint8Array): this {
    if (bytes.length !== STATE_BYTES)
      throw new RuntimeError(
        `Expected a CPUGeneratorImplState of size ${STATE_BYTES} but found the input RNG state size to be ${bytes.length}`,
      );
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const left = view.getInt32(OFFSET.left, true);
    const next = view.getUint32(OFFSET.next, true);
    const seeded = view.getInt32(OFFSET.seeded, true) !== 0;
    if (!seeded || left <= 0 || left > 624 || next > 624) throw new RuntimeError("Invalid mt19937 state");
    const state = Uint32Array.from({ length: 624 }, (_, i) => view.getUint32(OFFSET.state + 8 * i, true));
    this.engine.restore({ state, left, next });
    this.currentSeed = view.getBigUint64(OFFSET.seed, true);
    const hasSample = view.getInt32(OFFSET.normalIsValid, true) !== 0;
    this.nextNormalSample = hasSample ? view.getFloat64(OFFSET.normalSample, true) : null;
    return this;
  }

  /** The next 32 bits, as an integer in [0, 2³²). */
  random(): number {
    return this.engine.random();
  }

  /** The next 64 bits: two draws, the first on top. */
  random64(): bigint {
    const high = this.engine.random();
    return (BigInt(high) << 32n) | BigInt(this.engine.random());
  }

  /** Uniform in [0, 1) with 24 bits, one draw: exact in float32. */
  uniformFloat(): number {
    return (this.engine.random() & 0xffffff) * 2 ** -24;
  }

  /** Uniform in [0, 1) with 53 bits, two draws. */
  uniformDouble(): number {
    const high = this.engine.random() & 0x1fffff;
    return (high * 2 ** 32 + this.engine.random()) * 2 ** -53;
  }

  private setSeed(seed: bigint): void {
    this.currentSeed = seed;
    this.engine.seed(Number(seed & 0xffffffffn));
    this.nextNormalSample = null;
  }
}

/** Where `get_state` puts things. Source: at::CPUGeneratorImplState, a C struct, little-endian. */
const OFFSET = {
  seed: 0,
  left: 8,
  seeded: 12,
  next: 16,
  /** 624 words, each in 8 bytes. */
  state: 24,
  /** After an unused double. */
  normalSample: 24 + 624 * 8 + 8,
  normalIsValid: 24 + 624 * 8 + 24,
};

function toInteger(seed: number | bigint): bigint {
  if (typeof seed === "number" && !Number.isInteger(seed))
    throw new RuntimeError("manual_seed expected a long, but got float");
  return BigInt(seed);
}

/** The generator that sampling uses when it is given none. */
export const defaultGenerator = new Generator();
