// @ts-check
// `npm run compatibility`: writes docs/compatibility.md.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import esbuild from "esbuild";
import { compatibilityPage, namesOffered } from "./compatibility-table.mjs";
import { repoRoot } from "./root.mjs";

await import("./build-kernels.mjs");
await import("./generate-operators.mjs");
const built = await esbuild.build({
  absWorkingDir: repoRoot,
  entryPoints: ["engine/torch.ts"],
  bundle: true,
  write: false,
  format: "esm",
});
const source = Buffer.from(built.outputFiles[0].contents).toString("base64");
const { default: torch } = await import(`data:text/javascript;base64,${source}`);
const names = await readFile(join(repoRoot, "test/engine/vectors/public-names.json"), "utf8");
const page = compatibilityPage(JSON.parse(names), namesOffered(torch));
await writeFile(join(repoRoot, "docs/compatibility.md"), page);
