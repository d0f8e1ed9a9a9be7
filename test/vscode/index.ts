// What VS Code loads as `extensionTestsPath`.
import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { runMocha } from "../../scripts/mocha.mjs";

/** What runs in processes of its own, of which the extension host knows nothing. */
const ELSEWHERE = ["cli", "language", "lessons", "training", "hostile/cli", "hostile/fuzz"];

/** Runs the bundled tests that need no browser: those that also run in Node, then those for VS Code. */
export async function run(): Promise<void> {
  const { failed } = await runMocha([
    ...(await testFiles(join(__dirname, "../unit"))),
    ...(await testFiles(__dirname)),
  ]);
  if (failed > 0) throw new Error(`${failed} failed`);
}

async function testFiles(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const isElsewhere = (file: string) =>
    ELSEWHERE.some((part) => file.startsWith(`${part}/`) || file.startsWith(`${part}.`));
  return files
    .map((file) => file.replaceAll(sep, "/"))
    .filter((file) => file.endsWith(".test.cjs") && !isElsewhere(file))
    .sort()
    .map((file) => join(folder, file));
}
