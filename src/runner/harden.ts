/**
 * Takes out of the realm's globals what reaches beyond one program: memory shared between threads, code in
 * other languages, and V8's hook that hands a program the frames of whoever called it. Compiling strings is
 * off for the whole realm already. Called once, after the engine took what it needs.
 */
export function harden(): void {
  for (const name of ["SharedArrayBuffer", "Atomics", "WebAssembly"]) {
    Reflect.deleteProperty(globalThis, name);
  }
  Object.defineProperty(Error, "prepareStackTrace", {
    get: () => undefined,
    set: () => {},
    configurable: false,
  });
  // The engine's own frames come first; the program's must not be cut off below them.
  Error.stackTraceLimit = 50;
  Object.defineProperty(globalThis, "Error", { value: Error, writable: false, configurable: false });
}

/**
 * Calls a function of the thread around the realm. Out of stack, such a call throws an error of the thread's
 * own realm, through which a program would reach that realm; the program gets one of its own instead.
 */
export function shielded<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      return call(...args);
    } catch {
      throw new RangeError("Maximum call stack size exceeded");
    }
  };
}
