// What VS Code loads as `extensionTestsPath`.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { runMocha } from "../../scripts/mocha.mjs";

/** Runs every bundled test that needs no browser: those that also run in Node, then those for VS Code. */
export async function run(): Promise<void> {
  const { failed } = await runMocha([
    ...(await testFiles(join(__dirname, "../unit"))),
    ...(await testFiles(__dirname)),
  ]);
  if (failed > 0) throw new Error(`${failed} failed`);
}

async function testFiles(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files
    .filter((file) => file.endsWith(".test.cjs"))
    .sort()
    .map((file) => join(folder, file));
}
