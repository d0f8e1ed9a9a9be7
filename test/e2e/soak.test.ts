import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { repoRoot } from "../repo";
import { type Editor, openEditor } from "./driver/editor";
import { extensionHosts, extensionProcesses, type Process } from "./driver/processes";

/** Real time; what is typed in a minute is what a person types in six. */
const MINUTES = Number(process.env["GRADLENS_SOAK_MINUTES"] ?? 0.3);
/** What a process may hold more at the end, which is what its collector has not taken yet. */
const SLACK_MB = 150;

const lessons = ["1-gradients", "2-training-loop", "4-a-model", "5-xor"].map((name) =>
  readFileSync(join(repoRoot, "examples", `${name}.grad.ts`), "utf8"),
);

interface Usage {
  processes: number;
  extensionHost: number;
  runner: number;
  languageServer: number;
}

describe("hours of typing", () => {
  it(`leave memory and processes as they were (${MINUTES} minutes)`, async () => {
    const editor = await openEditor({ file: "soak.grad.ts", text: lessons[0] });
    await editor.statusBarShows(" ms");
    const until = performance.now() + MINUTES * 60_000;
    // Everything is loaded, and has been through each lesson once, when it is measured first.
    for (const lesson of lessons) await typeIn(editor, lesson);
    const before = await usage();
    for (let round = 0; performance.now() < until; round++) {
      await typeIn(editor, lessons[round % lessons.length]);
    }
    const after = await usage();
    console.log(`      at first ${JSON.stringify(before)}\n      at last  ${JSON.stringify(after)}`);
    // One that was replaced may still be ending when they are counted first.
    assert.ok(after.processes <= before.processes, `${before.processes} processes became ${after.processes}`);
    for (const key of ["extensionHost", "runner", "languageServer"] as const) {
      assert.ok(after[key] < before[key] + SLACK_MB, `${key} grew from ${before[key]} to ${after[key]} MB`);
    }
  }).timeout((MINUTES + 3) * 60_000);
});

/** Puts a lesson in the place of the text, changes numbers in it, breaks a line and mends it. */
async function typeIn(editor: Editor, lesson: string): Promise<void> {
  await editor.focus();
  await editor.pressKeys("Control+A");
  await editor.page.keyboard.insertText(lesson);
  const lines = lesson.split("\n").length;
  for (let edit = 0; edit < 8; edit++) {
    await editor.goTo(1 + Math.floor(Math.random() * lines), 200);
    await editor.type(" + 1 // a");
    await delay(100);
    for (let i = 0; i < 9; i++) await editor.pressKeys("Backspace");
    await delay(100);
  }
}

async function usage(): Promise<Usage> {
  await delay(3000); // what was replaced has ended, what is unused is collected
  const runners = extensionProcesses("runner.cjs");
  const servers = extensionProcesses("language-server.cjs");
  const memory = (processes: Process[]) => Math.round(Math.max(0, ...processes.map((one) => one.memoryMb)));
  return {
    processes: runners.length + servers.length,
    extensionHost: memory(extensionHosts()),
    runner: memory(runners),
    languageServer: memory(servers),
  };
}
