/* The runner process. Ends with the channel to the editor, so that none outlives it. */
import { join } from "node:path";
import type { FromRunner, ToRunner } from "./messages";
import { ProgramThread } from "./thread";

const files = { program: join(__dirname, "program.cjs"), realm: join(__dirname, "realm.js") };

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

// The first thread gets ready while the compiler loads; messages wait for their listener.
const thread = new ProgramThread(files);
void import("./controller").then(({ Controller }) => {
  const controller = new Controller(files, thread, (message, sent) => {
    process.send?.(message, undefined, undefined, () => sent?.());
  });
  process.on("message", (message: ToRunner) => controller.receive(message));
  process.send?.({ kind: "ready", confined: process.permission !== undefined } satisfies FromRunner);
});
