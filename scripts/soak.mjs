// @ts-check
// `npm run soak`: types in real VS Code for ten minutes, and compares memory and processes of the extension at
// first and at last. GRADLENS_SOAK_MINUTES sets another time.
import { spawnSync } from "node:child_process";
import { repoRoot } from "./root.mjs";

const args = ["scripts/test.mjs", "--e2e", "--no-build", "--grep", "hours of typing"];
const { status } = spawnSync(process.execPath, args, {
  cwd: repoRoot,
  stdio: "inherit",
  env: { GRADLENS_SOAK_MINUTES: "10", ...process.env },
});
process.exit(status ?? 1);
