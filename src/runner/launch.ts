import { type ChildProcess, fork } from "node:child_process";
import { realpathSync } from "node:fs";
import { join } from "node:path";

/**
 * Starts a runner process with as little power as this Node can give it: an empty environment, no standard
 * streams, no code from strings, and with `permissions` Node's permission model, under which it reads the
 * bundles in `folder` and nothing else.
 */
export function launchRunner(folder: string, permissions: boolean): ChildProcess {
  return fork(join(folder, "runner.cjs"), [], {
    execArgv: [
      "--disallow-code-generation-from-strings",
      "--no-warnings",
      // What V8 does beside the program is not to take every core from the editor.
      "--v8-pool-size=1",
      ...(permissions ? permissionFlags(folder) : []),
    ],
    env: environment(),
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // JSON would turn NaN and infinities in a series into null.
    serialization: "advanced",
  });
}

function permissionFlags(folder: string): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  const flag = ["--permission", "--experimental-permission"].find((name) => known.has(name));
  if (flag === undefined) return [];
  // Each only once, however it was written: Node 20 aborts at the second.
  const readable = new Set([folder, realpathSync(folder)].map((path) => join(path, "*")));
  return [flag, "--allow-worker", ...[...readable].map((path) => `--allow-fs-read=${path}`)];
}

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  // Electron's executable is a Node only when told so; Windows finds its own libraries through SystemRoot.
  if (process.versions["electron"] !== undefined) env["ELECTRON_RUN_AS_NODE"] = "1";
  if (process.platform === "win32" && process.env["SystemRoot"] !== undefined) {
    env["SystemRoot"] = process.env["SystemRoot"];
  }
  return env;
}
