// @ts-check
// `npm run kills`: kills the extension's processes while one types in real VS Code, 50 times each, and holds
// the annotations to their time. Arguments go on to the tests.
import { spawnSync } from "node:child_process";
import { repoRoot } from "./root.mjs";

const args = ["scripts/test.mjs", "--e2e", "--no-build", "--grep", "is killed while one types"];
const { status } = spawnSync(process.execPath, [...args, ...process.argv.slice(2)], {
  cwd: repoRoot,
  stdio: "inherit",
  env: { GRADLENS_KILLS: "50", ...process.env },
});
process.exit(status ?? 1);
