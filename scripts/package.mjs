// @ts-check
// `npm run package`: builds the extension and writes gradlens-VERSION.vsix.
import { spawnSync } from "node:child_process";
import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { packExtension } from "./pack.mjs";
import { repoRoot } from "./root.mjs";

const build = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: repoRoot, stdio: "inherit" });
if (build.status !== 0) process.exit(1);
const { version } = createRequire(import.meta.url)("../package.json");
const file = await packExtension(repoRoot, `${repoRoot}/gradlens-${version}.vsix`);
console.log(`${relative(repoRoot, file)}: ${((await stat(file)).size / 1024).toFixed(0)} kB`);
