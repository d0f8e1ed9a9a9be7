// @ts-check
// Installs the server build of VS Code from npm into .vscode-server/, so that real VS Code runs on a
// machine without a desktop. Versions are pinned; a second run only looks at the stamp.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { repoRoot } from "../root.mjs";

const NODE_VERSION = "24.21.0";
const CODE_SERVER_VERSION = "4.139.1";

const serverDirectory = join(repoRoot, ".vscode-server");
const stampFile = join(serverDirectory, "installed.json");

/** Where an installed server's programs are. */
export const installation = {
  /** Node of the version that VS Code's server is built for. */
  node: nodeExecutable(),
  /** The product, as users run it. */
  product: join(serverDirectory, "node_modules/code-server/out/node/entry.js"),
  /** VS Code's own server, which also takes development extensions and tests. */
  development: join(serverDirectory, "node_modules/code-server/lib/vscode/out/server-main.js"),
  /** Folder for data of single servers; safe to delete while none is running. */
  data: join(serverDirectory, "data"),
};

/**
 * Installs what is missing and returns where it is. The stamp is written last: an interrupted
 * installation starts over.
 *
 * @param {(message: string) => void} [log]
 */
export async function installServer(log = console.log) {
  const wanted = JSON.stringify({ node: NODE_VERSION, "code-server": CODE_SERVER_VERSION });
  if (existsSync(stampFile) && (await readFile(stampFile, "utf8")) === wanted) return installation;

  const nodePackage = platformNodePackage();
  if (!nodePackage && !process.version.startsWith("v24.")) {
    throw new Error(
      `VS Code's server needs Node 24 on ${process.platform} ${process.arch}; this is ${process.version}. ` +
        "Use Node 24, or put desktop VS Code's `code` command on the PATH for `npm start`.",
    );
  }
  log(
    `Installing VS Code's server (code-server ${CODE_SERVER_VERSION}) into .vscode-server/; once, about 20 s.`,
  );
  await rm(serverDirectory, { recursive: true, force: true });
  await mkdir(serverDirectory, { recursive: true });
  await writeFile(join(serverDirectory, "package.json"), JSON.stringify({ private: true }));
  await npmInstall(serverDirectory, [
    "--no-save",
    `code-server@${CODE_SERVER_VERSION}`,
    ...(nodePackage ? [`${nodePackage}@${NODE_VERSION}`] : []),
  ]);
  const vscode = join(serverDirectory, "node_modules/code-server/lib/vscode");
  await npmInstall(vscode, ["--omit=dev"]);
  await npmInstall(join(vscode, "extensions"), ["--omit=dev"]);
  await writeFile(stampFile, wanted);
  return installation;
}

/** Scripts are ignored throughout: they would compile native modules, which the server can do without. */
async function npmInstall(/** @type {string} */ cwd, /** @type {string[]} */ args) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    await promisify(execFile)(npm, ["install", ...flags, ...args], { cwd, env: npmEnvironment() });
  } catch (error) {
    const { stderr, message } = /** @type {Error & { stderr?: string }} */ (error);
    throw new Error(
      `Could not install VS Code's server: npm install failed in ${cwd}.\n${stderr || message}`,
    );
  }
}

/** Without what an outer `npm start` or `npm ci` sets for its own project and would impose on this one. */
function npmEnvironment() {
  const projectSettings =
    /^npm_(package_|lifecycle_|command$|config_(global|prefix|local_prefix|omit|only|production)$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !projectSettings.test(name)));
}

/** npm carries Node itself, as a package per platform; null where only an installed Node 24 will do. */
function platformNodePackage() {
  const { platform, arch } = process;
  return platform === "linux" && (arch === "x64" || arch === "arm64") ? `node-linux-${arch}` : null;
}

function nodeExecutable() {
  const name = platformNodePackage();
  return name ? join(serverDirectory, "node_modules", name, "bin/node") : process.execPath;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  installServer();
}
