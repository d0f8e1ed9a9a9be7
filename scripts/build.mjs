// Builds everything into dist/ (see docs/architecture.md for what each output is).
// `--watch` rebuilds on change; `--tests` also bundles the tests into out/.
import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import esbuild from "esbuild";
import { patchTypeScript } from "./patch-typescript.mjs";

const watch = process.argv.includes("--watch");

const common = {
  bundle: true,
  sourcemap: true,
  minify: false,
  keepNames: true, // error messages and `print(model)` show class names
  target: "es2023",
  logLevel: watch ? "info" : "warning", // the watch task waits for the report of a finished build
  // One patched compiler for all: `#typescript` stays an import, and so does ts-blank-space's.
  external: ["#typescript"],
  alias: { typescript: "#typescript" },
};

/** The runner may read its own folder only, and so cannot look a package's imports up. */
const compilerBesideBundle = {
  name: "compiler-beside-bundle",
  setup(build) {
    const compiler = { path: "./typescript.cjs", external: true };
    build.onResolve({ filter: /^#?typescript$/ }, () => compiler);
  },
};

/** One entry per output file; each is explained in docs/architecture.md. */
const outputs = [
  { entryPoints: ["engine/torch.ts"], outfile: "dist/torch.js", format: "esm", platform: "neutral" },
  {
    entryPoints: ["src/extension/extension.ts"],
    outfile: "dist/extension.cjs",
    format: "cjs",
    platform: "node",
    external: ["vscode"],
    mainFields: ["module", "main"], // jsonc-parser's other form looks its parts up while it runs
    minify: true, // loaded at the first program's opening
  },
  {
    entryPoints: ["src/language/server.ts"],
    outfile: "dist/language-server.cjs",
    format: "cjs",
    platform: "node",
  },
  {
    entryPoints: ["src/runner/main.ts"],
    outfile: "dist/runner.cjs",
    format: "cjs",
    platform: "node",
    plugins: [compilerBesideBundle],
  },
  { entryPoints: ["src/runner/program.ts"], outfile: "dist/program.cjs", format: "cjs", platform: "node" },
  {
    entryPoints: ["src/runner/realm.ts"],
    outfile: "dist/realm.js",
    format: "iife",
    platform: "neutral",
    // A script whose value is the module, and which keeps the globals that programs do not get.
    globalName: "realm",
    banner: { js: `(() => { "use strict"; const { Atomics, WebAssembly } = globalThis;` },
    footer: { js: "return realm; })();" },
  },
  {
    entryPoints: {
      panel: "media/panel/main.ts",
      graph: "media/graph/main.ts",
      graphLayout: "media/graph/layoutWorker.ts",
    },
    outdir: "dist",
    format: "iife",
    platform: "browser",
    target: "chrome134", // the oldest that a supported VS Code runs in
    minify: true,
  },
  {
    entryPoints: { panel: "media/panel/panel.css", graph: "media/graph/graph.css" },
    outdir: "dist",
    minify: true,
  },
  {
    entryPoints: { cli: "src/cli/main.ts" },
    outdir: "dist",
    format: "esm",
    platform: "node",
    splitting: true,
    chunkNames: "cli/[name]-[hash]",
    banner: { js: "#!/usr/bin/env node" },
  },
];

await rm("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["scripts/build-kernels.mjs"], { stdio: "inherit" });
// The declarations that `.grad.ts` files are checked against are those of the engine's own source.
execFileSync(process.execPath, ["scripts/generate-operators.mjs"], { stdio: "inherit" });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"], {
  stdio: "inherit",
});
await patchTypeScript("dist");
for (const output of outputs) {
  if (watch) await (await esbuild.context({ ...common, ...output })).watch();
  else await esbuild.build({ ...common, ...output });
}
