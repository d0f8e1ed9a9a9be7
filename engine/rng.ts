import { uint8 } from "./dtype";
import { signature } from "./op/signature";
import { defaultGenerator, type Generator } from "./random/generator";
import { elements, fromData, type Tensor } from "./tensor";

const seedArguments = signature("manual_seed(seed: any)");
const stateArguments = signature("set_rng_state(new_state: Tensor)");

/** Restarts the random numbers: the same seed gives PyTorch's own stream. Source: torch.manual_seed. */
export function manual_seed(seed: number | bigint | { seed: number | bigint }): Generator;
export function manual_seed(...args: unknown[]): Generator {
  const [given] = seedArguments(args);
  const seed = given as number | bigint;
  return defaultGenerator.manual_seed(typeof seed === "number" ? Math.trunc(seed) : seed);
}

/** Restarts the random numbers at an unpredictable seed and returns that. Source: torch.seed. */
export function seed(): number {
  return defaultGenerator.seed();
}

/** The seed that the random numbers were started with. Source: torch.initial_seed. */
export function initial_seed(): number | bigint {
  return defaultGenerator.initial_seed();
}

/** Where in the stream the random numbers are: uint8, 5056 elements, as PyTorch has it. Source: torch.get_rng_state. */
export function get_rng_state(): Tensor {
  const state = defaultGenerator.get_state();
  return fromData(state, [state.length], uint8);
}

/** Continues the random numbers from a state. Source: torch.set_rng_state. */
export function set_rng_state(new_state: Tensor | { new_state: Tensor }): void;
export function set_rng_state(...args: unknown[]): void {
  const [new_state] = stateArguments(args);
  if (new_state.dtype !== uint8) throw new TypeError("RNG state must be a torch.ByteTensor");
  defaultGenerator.set_state(elements(new_state) as Uint8Array);
}

/** Runs `body` with random numbers that go on from here, and then goes on from here again. Source: torch.random.fork_rng. */
export function fork_rng<T>(body: () => T): T;
export function fork_rng(): { [Symbol.dispose](): void };
export function fork_rng<T>(body?: () => T): T | { [Symbol.dispose](): void } {
  const before = get_rng_state();
  const end = () => set_rng_state(before);
  if (body === undefined) return { [Symbol.dispose]: end };
  try {
    return body();
  } finally {
    end();
  }
}
