// @ts-check
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repoRoot } from "../root.mjs";
import { launchChromium } from "./chromium.mjs";
import { startServer, windowUrl } from "./server.mjs";

/**
 * Runs the extension test module `index` inside the extension host of a VS Code window of its own.
 * Resolves with the exit code that VS Code reports; what the tests print is theirs to keep.
 *
 * @param {string} index absolute path of a module that exports `run()`
 * @param {NodeJS.ProcessEnv} env what the tests find in their environment
 * @returns {Promise<number>}
 */
export async function runInExtensionHost(index, env, timeoutMs = 10 * 60_000) {
  const folder = await mkdtemp(join(tmpdir(), "gradlens-host-"));
  const server = await startServer({ form: "development", env });
  const browser = await launchChromium();
  /** @type {string[]} */
  const consoleLines = [];
  try {
    const page = await browser.newPage();
    await page.exposeFunction(
      "codeAutomationLog",
      (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
        consoleLines.push(`${type}: ${args.join(" ")}`);
      },
    );
    const exited = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const console = consoleLines.join("\n");
        reject(
          new Error(
            `The extension host gave no result within ${timeoutMs} ms. VS Code's console:\n${console}`,
          ),
        );
      }, timeoutMs);
      page.exposeFunction("codeAutomationExit", (/** @type {number} */ code) => {
        clearTimeout(timer);
        resolve(code);
      });
    });
    await page.goto(windowUrl(server, { folder, extension: repoRoot, tests: index }));
    return await exited;
  } finally {
    await browser.close();
    await server.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
