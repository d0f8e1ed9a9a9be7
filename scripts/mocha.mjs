// @ts-check
// Runs bundled test files with mocha, in Node (as a program: `node mocha.mjs FILE…`) and inside VS Code's
// extension host (as a function).
import { appendFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { format } from "node:util";
import Mocha from "mocha";

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 */

/**
 * Prints each test's result, or appends it to the file named by GRADLENS_TEST_OUTPUT; leaves the counts in
 * the one named by GRADLENS_TEST_COUNTS. A test that fails is tried twice more, on a machine that may have been
 * busy; each of them is named at the end.
 *
 * @param {string[]} files bundled test files
 * @param {number} jobs how many files are run at a time, each then in a process of its own
 * @returns {Promise<Counts>}
 */
export async function runMocha(files, jobs = 1) {
  const { GRADLENS_TEST_GREP, GRADLENS_TEST_COUNTS, GRADLENS_TEST_OUTPUT } = process.env;
  if (GRADLENS_TEST_OUTPUT) {
    // An extension host's console is full of its own messages.
    Mocha.reporters.Base.consoleLog = (...args) =>
      appendFileSync(GRADLENS_TEST_OUTPUT, `${format(...args)}\n`);
  }
  process.setSourceMapsEnabled(true); // in Node, errors point into test/ and not into the bundle
  const timeout = Number(process.env.GRADLENS_TEST_TIMEOUT ?? 10_000);
  const retries = Number(process.env.GRADLENS_TEST_RETRIES ?? 2);
  const parallel = jobs > 1;
  const grep = GRADLENS_TEST_GREP;
  const mocha = new Mocha({ ui: "bdd", timeout, retries, grep, color: false, parallel, jobs });
  for (const file of files) mocha.addFile(file);
  const counts = parallel ? await run(mocha) : await loadAndRun(mocha);
  if (GRADLENS_TEST_COUNTS) await writeFile(GRADLENS_TEST_COUNTS, JSON.stringify(counts));
  return counts;
}

/**
 * A file that cannot be loaded fails the whole run, as one test.
 *
 * @returns {Promise<Counts>}
 */
async function loadAndRun(/** @type {Mocha} */ mocha) {
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    Mocha.reporters.Base.consoleLog(error instanceof Error ? error.stack : error);
    return { passed: 0, failed: 1 };
  }
  return run(mocha);
}

/** @returns {Promise<Counts>} */
async function run(/** @type {Mocha} */ mocha) {
  /** @type {Set<string>} */
  const retried = new Set();
  const counts = await new Promise((resolve) => {
    const runner = mocha.run(() => resolve({ passed: runner.stats?.passes ?? 0, failed: runner.failures }));
    runner.on("retry", (test, error) => retried.add(`  ${test.fullTitle()}\n    ${firstLine(error)}`));
  });
  if (retried.size > 0) Mocha.reporters.Base.consoleLog(`  Tried again:\n${[...retried].join("\n")}\n`);
  return counts;
}

function firstLine(/** @type {unknown} */ error) {
  // From another process it comes as a plain object.
  const { message = String(error) } = /** @type {{ message?: string }} */ (error ?? {});
  return message.split("\n")[0];
}
