// @ts-check
// `npm test`: the checks of types, format and lint, then every test, in three phases. `--check`, `--unit`,
// `--host` and `--e2e` choose among them, `--grep PATTERN` chooses tests, `--no-build` takes dist/ as it is.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleTests } from "./bundle-tests.mjs";
import { repoRoot } from "./root.mjs";
import { runInExtensionHost } from "./vscode/host-tests.mjs";

const { values: options } = parseArgs({
  options: {
    check: { type: "boolean" },
    unit: { type: "boolean" },
    host: { type: "boolean" },
    e2e: { type: "boolean" },
    grep: { type: "string" },
    build: { type: "boolean", default: true },
  },
  allowNegative: true,
});

/** Each test that runs programs keeps a processor busy, and some hold them to a time. */
const UNIT_JOBS = 2;

if (options.build && !(await build())) giveUp("The build failed; no test ran.");
const bundles = await bundleTests().catch((error) => giveUp(`${error.message}\nNo test ran.`));
const phases = {
  unit: {
    title: "Tests in Node",
    run: (/** @type {NodeJS.ProcessEnv} */ env) => inNode(bundles.unit, env, UNIT_JOBS),
  },
  host: { title: "Tests in VS Code's extension host", run: inExtensionHost },
  e2e: {
    title: "Tests driving VS Code in a browser",
    run: (/** @type {NodeJS.ProcessEnv} */ env) =>
      inNode([bundles.e2e], { GRADLENS_TEST_TIMEOUT: "60000", ...env }),
  },
};
const names = /** @type {const} */ (["unit", "host", "e2e"]);
const chosen = names.filter((name) => options[name]);
const isWhole = chosen.length === 0 && !options.check && !options.grep;

const total = { passed: 0, failed: 0 };
if (isWhole || options.check) {
  for (const passed of await runChecks()) total[passed ? "passed" : "failed"]++;
}
if (!options.check || chosen.length > 0) await runPhases();
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

async function runPhases() {
  for (const name of chosen.length > 0 ? chosen : names) {
    const { passed, failed } = await runPhase(phases[name]);
    total.passed += passed;
    total.failed += failed;
  }
}

/** What can be said without running anything: each check counts as one test. */
async function runChecks() {
  console.log("\nTypes, format and lint");
  const checks = {
    types: ["node_modules/typescript/bin/tsc", "--noEmit"],
    "types of the webviews": ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "media"],
    "format and lint": ["node_modules/@biomejs/biome/bin/biome", "check", "."],
  };
  /** @type {boolean[]} */
  const results = [];
  for (const [name, command] of Object.entries(checks)) {
    const child = spawn(process.execPath, command, { cwd: repoRoot, stdio: "inherit" });
    const [code] = await once(child, "exit");
    console.log(`  ${code === 0 ? "✔" : "✖"} ${name}`);
    results.push(code === 0);
  }
  return results;
}

async function build() {
  const child = spawn(process.execPath, ["scripts/build.mjs"], { cwd: repoRoot, stdio: "inherit" });
  const [code] = await once(child, "exit");
  return code === 0;
}

/** @returns {never} */
function giveUp(/** @type {string} */ reason) {
  console.log(`\n${reason}\n\n0 passed, 1 failed`);
  process.exit(1);
}

/**
 * A phase that ends without counts, or without having run a test, is itself a failure: an empty phase
 * means that its tests were not found. With `--grep` it may be empty.
 *
 * @param {{ title: string, run: (env: NodeJS.ProcessEnv) => Promise<void> }} phase
 * @returns {Promise<import("./mocha.mjs").Counts>}
 */
async function runPhase({ title, run }) {
  console.log(`\n${title}`);
  const folder = await mkdtemp(join(tmpdir(), "gradlens-test-"));
  const countsFile = join(folder, "counts.json");
  try {
    await run({
      GRADLENS_ROOT: repoRoot,
      GRADLENS_TEST_COUNTS: countsFile,
      ...(options.grep ? { GRADLENS_TEST_GREP: options.grep } : {}),
    });
    /** @type {import("./mocha.mjs").Counts} */
    const counts = JSON.parse(await readFile(countsFile, "utf8"));
    if (counts.passed + counts.failed > 0 || options.grep) return counts;
    throw new Error("No test ran.");
  } catch (error) {
    console.error(`  ${title}: ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inNode(/** @type {string[]} */ files, /** @type {NodeJS.ProcessEnv} */ env, jobs = 1) {
  const args = ["--enable-source-maps", "scripts/mocha-node.mjs", String(jobs), ...files];
  const child = spawn(process.execPath, args, {
    cwd: repoRoot,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  await once(child, "exit");
}

async function inExtensionHost(/** @type {NodeJS.ProcessEnv} */ env) {
  const outputFolder = await mkdtemp(join(tmpdir(), "gradlens-host-output-"));
  const output = join(outputFolder, "output.txt");
  try {
    await runInExtensionHost(bundles.hostIndex, { ...env, GRADLENS_TEST_OUTPUT: output });
  } finally {
    console.log(await readFile(output, "utf8").catch(() => ""));
    await rm(outputFolder, { recursive: true, force: true });
  }
}
