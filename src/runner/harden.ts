const { apply } = Reflect;
const { get, set } = WeakMap.prototype;
const { slice, startsWith, endsWith } = String.prototype;

/** The places on an error's stack, without the message and names, which may look like places themselves. */
const framesByError = new WeakMap<object, string>();

export function framesOf(error: object): string | undefined {
  return apply(get, framesByError, [error]);
}

/**
 * Takes out of the realm's globals what reaches beyond one program: memory shared between threads, code in
 * other languages, callbacks after its end, and V8's hook that hands a program the frames of whoever called
 * it. Compiling strings is off for the whole realm already. Called once, after the engine took what it needs.
 */
export function harden(): void {
  for (const name of ["SharedArrayBuffer", "Atomics", "WebAssembly", "FinalizationRegistry"]) {
    Reflect.deleteProperty(globalThis, name);
  }
  Object.defineProperty(Error, "prepareStackTrace", {
    get: () => formatStack,
    set: () => {},
    configurable: false,
  });
  // The engine's own frames come first; the program's must not be cut off below them.
  Error.stackTraceLimit = 50;
  Object.defineProperty(globalThis, "Error", { value: Error, writable: false, configurable: false });
}

/** Longer texts of an error are of no use to a reader, and a program can make them endless. */
const MAX_MESSAGE_CHARS = 10_000;

/**
 * The `stack` of an error. Were it left to Node, then whatever goes wrong while the program's error is read
 * would throw an error of Node's own realm into the program. Names only frames of the realm: those around it
 * tell about the machine.
 */
function formatStack(error: unknown, frames: readonly NodeJS.CallSite[]): string {
  let text = titleOf(error);
  let places = "";
  for (let i = 0; i < frames.length; i++) {
    const file = frames[i].getFileName();
    if (typeof file !== "string" || isOfHost(file)) continue;
    // Written out, as V8 would name another file where the program has a comment with a sourceURL.
    const place = `${file}:${frames[i].getLineNumber()}:${frames[i].getColumnNumber()}`;
    const name = frames[i].getFunctionName();
    text += name ? `\n    at ${name} (${place})` : `\n    at ${place}`;
    places += `\n    at ${place}`;
  }
  apply(set, framesByError, [error, places]);
  return text;
}

function titleOf(error: unknown): string {
  try {
    const { name, message } = error as { name: unknown; message: unknown };
    const title = typeof name === "string" ? shortened(name) : "Error";
    return typeof message === "string" && message !== "" ? `${title}: ${shortened(message)}` : title;
  } catch {
    return "Error";
  }
}

function shortened(text: string): string {
  return text.length <= MAX_MESSAGE_CHARS ? text : apply(slice, text, [0, MAX_MESSAGE_CHARS]);
}

function isOfHost(file: string): boolean {
  return apply(startsWith, file, ["node:"]) || apply(endsWith, file, ["program.cjs"]);
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
