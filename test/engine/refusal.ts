import { AssertionError } from "node:assert/strict";

/** The name and message of the error that `body` ends in. */
export function refusal(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  throw new AssertionError({ message: "no error was thrown" });
}
