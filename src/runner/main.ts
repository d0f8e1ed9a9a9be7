/* The runner process. Ends with the channel to the editor, so that none outlives it. */
import { join } from "node:path";
import { Controller } from "./controller";
import type { FromRunner, ToRunner } from "./messages";

const controller = new Controller(
  { program: join(__dirname, "program.cjs"), realm: join(__dirname, "realm.js") },
  (message: FromRunner, sent) => process.send?.(message, undefined, undefined, () => sent?.()),
);

process.on("message", (message: ToRunner) => controller.receive(message));
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.send?.({ kind: "ready", confined: process.permission !== undefined } satisfies FromRunner);
