import { forwardCallOf } from "../../engine/autograd/anomaly_mode";
import { cut, describe } from "../trace/describe";
import { framesOf } from "./harden";

/** A thrown value as text. The stacks hold frames as V8 writes them, and are empty if there are none. */
export interface ThrownText {
  name: string;
  message: string;
  stack: string;
  /** Of the call whose backward failed, where anomaly detection was on. */
  forwardStack: string;
}

const MAX_CHARS = 10_000;
const MAX_NAME_CHARS = 200;

/**
 * Whatever a program threw: an engine error with PyTorch's text, an error of its own, or anything at all.
 * May run accessors of the program, none of whose errors come out.
 */
export function describeThrown(thrown: unknown): ThrownText {
  try {
    if (thrown instanceof Error) return describeError(thrown);
  } catch {
    // Not an error that can be read: described like any other value.
  }
  const message = describe(thrown, { maxChars: MAX_CHARS, maxItems: 20, maxDepth: 2, ownText: () => null });
  return { name: "Uncaught", message, stack: "", forwardStack: "" };
}

function describeError(error: Error): ThrownText {
  const stack = stackOf(error);
  const message = cut(textOf(error.message), MAX_CHARS);
  const forward = forwardCallOf(error);
  const forwardStack = forward === undefined ? "" : stackOf(forward);
  if (error instanceof RangeError && message === "Maximum call stack size exceeded") {
    return { name: "RecursionError", message: "maximum recursion depth exceeded", stack, forwardStack };
  }
  return { name: nameOf(error), message, stack, forwardStack };
}

/** What reads `stack` first has it written. */
function stackOf(error: Error): string {
  void error.stack;
  return framesOf(error) ?? "";
}

/** The name it was given, else its class's: `class NotConverged extends Error` needs no `name`. */
function nameOf(error: Error): string {
  const name = textOf(error.name);
  return cut(
    name === "Error" || name === "" ? textOf(error.constructor?.name) || "Error" : name,
    MAX_NAME_CHARS,
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
}
