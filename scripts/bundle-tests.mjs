// @ts-check
import { readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import esbuild from "esbuild";
import { repoRoot } from "./root.mjs";

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: repoRoot,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  sourcemap: "linked",
  keepNames: true, // as in the build: programs print class names
  logLevel: "warning",
  // Scripts that tests share ask for their own location only where it exists.
  logOverride: { "empty-import-meta": "silent" },
  external: ["vscode", "mocha", "playwright-core", "esbuild", "typescript-js", "@vscode/*", "#typescript"],
  alias: { typescript: "#typescript" }, // as in the build: one patched compiler for all
};

/**
 * Bundles all tests into out/test/: each test of a stage by itself (`unit`), those that need VS Code's API
 * with the index that VS Code loads (`host`), and those that drive VS Code in one bundle (`e2e`), because
 * they share one browser.
 */
export async function bundleTests() {
  const tests = (await readdir(join(repoRoot, "test"), { recursive: true }))
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .sort();
  const host = tests.filter((file) => file.startsWith("test/vscode/"));
  const e2e = tests.filter((file) => file.startsWith("test/e2e/"));
  const unit = tests.filter((file) => !host.includes(file) && !e2e.includes(file));

  await rm(join(repoRoot, "out/test"), { recursive: true, force: true });
  await bundle(unit, "out/test/unit");
  await bundle(["test/vscode/index.ts", ...host], "out/test/vscode");
  const contents = e2e.map((file) => `import "./${file}";`).join("\n");
  await esbuild.build({
    ...common,
    stdin: { contents, resolveDir: repoRoot, sourcefile: "e2e.ts", loader: "ts" },
    outfile: "out/test/e2e.cjs",
  });
  return {
    unit: unit.map((file) => bundled(file, "out/test/unit")),
    hostIndex: join(repoRoot, "out/test/vscode/index.cjs"),
    e2e: join(repoRoot, "out/test/e2e.cjs"),
  };
}

/**
 * Bundles a module that a script shares with tests.
 *
 * @returns {Promise<string>} the bundle's path
 */
export async function bundleOne(/** @type {string} */ file, /** @type {string} */ outfile) {
  await esbuild.build({ ...common, entryPoints: [file], outfile });
  return join(repoRoot, outfile);
}

/** Outputs keep their folder below test/. */
async function bundle(/** @type {string[]} */ files, /** @type {string} */ outdir) {
  if (files.length === 0) return;
  const outbase = outdir === "out/test/vscode" ? "test/vscode" : "test";
  await esbuild.build({ ...common, entryPoints: files, outbase, outdir });
}

function bundled(/** @type {string} */ file, /** @type {string} */ outdir) {
  return join(repoRoot, outdir, relative("test", file).replace(/\.ts$/, ".cjs"));
}
