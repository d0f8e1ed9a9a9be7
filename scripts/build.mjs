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

/** One entry per output file; each is explained in docs/architecture.md. */
const outputs = [
  { entryPoints: ["engine/torch.ts"], outfile: "dist/torch.js", format: "esm", platform: "neutral" },
  { entryPoints: ["src/language/server.ts"], outfile: "dist/language-server.cjs", format: "cjs", platform: "node" },
];

await rm("dist", { recursive: true, force: true });
// The declarations that `.grad.ts` files are checked against are those of the engine's own source.
execFileSync(process.execPath, ["scripts/generate-operators.mjs"], { stdio: "inherit" });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"], { stdio: "inherit" });
await patchTypeScript("dist");
for (const output of outputs) {
  if (watch) await (await esbuild.context({ ...common, ...output })).watch();
  else await esbuild.build({ ...common, ...output });
}
