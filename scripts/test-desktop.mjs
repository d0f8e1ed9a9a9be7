// @ts-check
// `npm run test:desktop`: the tests of the extension host in desktop VS Code, which is downloaded first.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { bundleTests } from "./bundle-tests.mjs";
import { repoRoot } from "./root.mjs";

const { hostIndex } = await bundleTests();
const folder = await mkdtemp(join(tmpdir(), "gradlens-desktop-"));
try {
  const code = await runTests({
    extensionDevelopmentPath: repoRoot,
    extensionTestsPath: hostIndex,
    extensionTestsEnv: { GRADLENS_ROOT: repoRoot },
    launchArgs: [folder, "--disable-extensions", "--disable-workspace-trust"],
  });
  process.exitCode = code;
} finally {
  await rm(folder, { recursive: true, force: true });
}
