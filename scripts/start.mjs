// @ts-check
// `npm start`: builds the extension and opens the examples in real VS Code with it. That is desktop VS Code
// where its `code` command is on the PATH, otherwise VS Code's server on a local port.
import { spawn, spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { packExtension } from "./pack.mjs";
import { repoRoot } from "./root.mjs";
import { commandPath } from "./vscode/chromium.mjs";
import { installation } from "./vscode/install.mjs";
import { startServer, windowUrl } from "./vscode/server.mjs";

const PREFERRED_PORT = 8377;
const examples = join(repoRoot, "examples");

const build = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: repoRoot, stdio: "inherit" });
if (build.status !== 0) process.exit(1);
const desktop = commandPath(process.platform === "win32" ? ["code.cmd"] : ["code"]);
if (desktop) openOnDesktop(desktop);
else await openOnServer();

function openOnDesktop(/** @type {string} */ command) {
  console.log("Opening the examples in desktop VS Code.");
  const args = [`--extensionDevelopmentPath=${repoRoot}`, "--disable-workspace-trust", examples];
  spawn(command, args, { stdio: "inherit", shell: process.platform === "win32" }).on("exit", process.exit);
}

async function openOnServer() {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
  const vsix = await packExtension(repoRoot, join(repoRoot, "out/gradlens.vsix"));
  const server = await startServer({
    form: "product",
    extensions: [vsix],
    dataDirectory: join(installation.data, "start"),
    port: PREFERRED_PORT,
  });
  const [first] = (await readdir(examples)).filter((name) => name.endsWith(".grad.ts")).sort();
  const file = first && join(examples, first);
  console.log(
    `\nVS Code runs with Gradlens and the examples at\n\n  ${windowUrl(server, { folder: examples, file })}\n`,
  );
  console.log("Open this address in a browser on this machine. Ctrl+C stops it.");
}
