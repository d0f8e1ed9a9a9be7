import { type Method, methodOf } from "./protocol";

// The symbols of `using` are newer than the oldest V8 we run on. Whoever comes first defines them.
for (const name of ["dispose", "asyncDispose"] as const) {
  if (Symbol[name] === undefined) {
    Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
  }
}
const { dispose: disposeSymbol, asyncDispose: asyncDisposeSymbol } = Symbol;
const { apply } = Reflect;
const { assign } = Object;

/** The `using` declarations of one block, disposed of in reverse order when the block is left. */
export class Disposal {
  readonly #stack: { value: unknown; method: Method }[] = [];
  #failure: { error: unknown } | null = null;

  /** `using x = value`: gives the value back; null and undefined need no disposal. */
  use<T>(value: T): T {
    if (value !== null && value !== undefined) this.#push(value, methodOf(value, disposeSymbol));
    return value;
  }

  /** `await using x = value`. */
  useAsync<T>(value: T): T {
    if (value !== null && value !== undefined) {
      this.#push(value, methodOf(value, asyncDisposeSymbol) ?? methodOf(value, disposeSymbol));
    }
    return value;
  }

  /** The block was left by an error, which `dispose` throws on. */
  fail(error: unknown): void {
    this.#failure = { error };
  }

  dispose(): void {
    for (let entry = this.#stack.pop(); entry !== undefined; entry = this.#stack.pop()) {
      try {
        apply(entry.method, entry.value, []);
      } catch (error) {
        this.#suppress(error);
      }
    }
    if (this.#failure !== null) throw this.#failure.error;
  }

  async disposeAsync(): Promise<void> {
    for (let entry = this.#stack.pop(); entry !== undefined; entry = this.#stack.pop()) {
      try {
        await apply(entry.method, entry.value, []);
      } catch (error) {
        this.#suppress(error);
      }
    }
    if (this.#failure !== null) throw this.#failure.error;
  }

  #push(value: unknown, method: Method | undefined): void {
    if (method === undefined) throw new TypeError("The value of `using` has no [Symbol.dispose]() method");
    this.#stack.push({ value, method });
  }

  /** An error while disposing hides the one before it, but keeps it at hand, as `SuppressedError` does. */
  #suppress(error: unknown): void {
    if (this.#failure !== null) {
      const suppressed = this.#failure.error;
      const both = new Error("An error was suppressed during disposal");
      error = assign(both, { name: "SuppressedError", error, suppressed });
    }
    this.#failure = { error };
  }
}
