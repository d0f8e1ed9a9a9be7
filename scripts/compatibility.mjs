// @ts-check
// `npm run compatibility`: writes docs/compatibility.md.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import esbuild from "esbuild";
import {
  compatibilityPage,
  differencesExcepted,
  differencesNoted,
  namesOffered,
} from "./compatibility-table.mjs";
import { repoRoot } from "./root.mjs";

await import("./build-kernels.mjs");
await import("./generate-operators.mjs");
const { default: torch } = await load("engine/torch.ts");
const { exceptions } = await load("test/engine/opinfo/exceptions.ts");
const names = await readFile(join(repoRoot, "test/engine/vectors/public-names.json"), "utf8");
const differences = [...differencesNoted(join(repoRoot, "engine")), ...differencesExcepted(exceptions)];
const page = compatibilityPage(JSON.parse(names), namesOffered(torch), differences);
await writeFile(join(repoRoot, "docs/compatibility.md"), page);

/** @param {string} file a TypeScript module */
async function load(file) {
  const built = await esbuild.build({
    absWorkingDir: repoRoot,
    entryPoints: [file],
    bundle: true,
    write: false,
    format: "esm",
  });
  const source = Buffer.from(built.outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${source}`);
}
