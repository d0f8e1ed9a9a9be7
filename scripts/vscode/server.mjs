// @ts-check
// Starts the installed VS Code server on a free local port.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { installServer } from "./install.mjs";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/**
 * @typedef {object} ServerOptions
 * @property {"product" | "development"} form
 *   `product` is what users run: extensions come from vsix files. `development` also takes extensions
 *   from their source folder, and extension tests.
 * @property {string[]} [extensions] vsix files to install before the server starts
 * @property {Record<string, unknown>} [settings] user settings of every window, unless `dataDirectory` has some
 * @property {NodeJS.ProcessEnv} [env] added to the environment of the server and its extension hosts
 * @property {string} [dataDirectory] kept when the server stops; without it the server has data of its own,
 *   deleted with it
 * @property {number} [port] used if it is free
 * @property {boolean} [asksForTrust] whether folders have to be trusted; in development only
 */

/**
 * @typedef {object} Server
 * @property {string} url ends in a slash
 * @property {() => string} log what the server wrote so far
 * @property {() => Promise<void>} dispose ends the server and every process it started
 */

/** User settings that keep first-run dialogs and side bars out of the way. */
const quietSettings = {
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "git.openRepositoryInParentFolders": "never",
};

/**
 * Installs VS Code's server if needed, starts it and waits until it answers.
 *
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer({
  form,
  extensions = [],
  settings = {},
  env = {},
  dataDirectory,
  port = 0,
  asksForTrust = false,
}) {
  const installed = await installServer();
  await mkdir(installed.data, { recursive: true });
  const data = dataDirectory ?? (await mkdtemp(join(installed.data, `${form}-`)));
  await writeSettings(data, { ...quietSettings, ...settings });
  const removeData = dataDirectory ? () => {} : () => rmSync(data, { recursive: true, force: true });
  process.once("exit", removeData);

  const usedPort = await freePort(port);
  const program = { form, installed, data, env: { ...serverEnvironment(data), ...env } };
  if (extensions.length > 0) await installExtensions(program, extensions);
  const { child, log } = launch(program, listenArguments(form, usedPort, asksForTrust));

  const dispose = async () => {
    await stopGroup(child);
    process.off("exit", removeData);
    removeData();
  };
  const url = `http://127.0.0.1:${usedPort}/`;
  try {
    await waitUntilAnswering(url, child, log);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { url, log, dispose };
}

/** Leaves settings alone that a kept data directory already has: they may be someone's choices. */
async function writeSettings(/** @type {string} */ data, /** @type {Record<string, unknown>} */ settings) {
  const file = join(data, "User/settings.json");
  if (existsSync(file)) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(settings, null, 2));
}

/**
 * The address of a window of `server`.
 *
 * @param {Pick<Server, "url">} server
 * @param {{ folder: string, file?: string, extension?: string, tests?: string }} what absolute paths;
 *   `folder` may be a `.code-workspace` file, `extension` is a development extension's folder and `tests` its
 *   test runner's module
 */
export function windowUrl({ url }, { folder, file, extension, tests }) {
  const kind = folder.endsWith(".code-workspace") ? "workspace" : "folder";
  const remote = (/** @type {string} */ path) => `vscode-remote://remote${path}`;
  const payload = [
    ["skipWelcome", "true"],
    // Under the name that it has in the folder, or an edit of it would open it a second time.
    ...(file ? [["openFile", `vscode-remote://${new URL(url).host}${file}`]] : []),
    ...(extension ? [["extensionDevelopmentPath", remote(extension)]] : []),
    ...(tests ? [["extensionTestsPath", remote(tests)]] : []),
  ];
  return `${url}?${new URLSearchParams({ [kind]: folder, payload: JSON.stringify(payload) })}`;
}

/** @typedef {{ form: ServerOptions["form"], installed: typeof import("./install.mjs").installation,
 *   data: string, env: NodeJS.ProcessEnv }} Program */

function launch(/** @type {Program} */ { form, installed, data, env }, /** @type {string[]} */ args) {
  const locations =
    form === "product"
      ? [
          "--user-data-dir",
          data,
          "--extensions-dir",
          join(data, "extensions"),
          "--config",
          join(data, "config.yaml"),
        ]
      : ["--server-data-dir", data, "--user-data-dir", data, "--extensions-dir", join(data, "extensions")];
  // A process group of its own, so that stopping it also ends its extension hosts.
  const child = spawn(installed.node, [installed[form], ...locations, ...args], {
    detached: true,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  stopWithThisProcess(child);
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      written += text;
    });
  }
  return { child, log: () => written };
}

function listenArguments(
  /** @type {ServerOptions["form"]} */ form,
  /** @type {number} */ port,
  /** @type {boolean} */ asksForTrust,
) {
  if (form === "product") {
    return [
      ...["--bind-addr", `127.0.0.1:${port}`, "--auth", "none"],
      ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
      ...["--disable-getting-started-override", "--ignore-last-opened"],
    ];
  }
  return [
    ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
    ...["--accept-server-license-terms", "--enable-smoke-test-driver"],
    ...["--telemetry-level", "off"],
    ...(asksForTrust ? [] : ["--disable-workspace-trust"]),
  ];
}

async function installExtensions(/** @type {Program} */ program, /** @type {string[]} */ files) {
  const args = files.flatMap((file) => ["--install-extension", file]);
  const { child, log } = launch(program, [...args, "--force"]);
  const [code] = await once(child, "exit");
  if (code !== 0 || /Failed Installing/i.test(log())) {
    throw new Error(`VS Code did not install ${files.join(", ")}:\n${log()}`);
  }
}

/** Without the variables by which an outer VS Code would make this one its child; logs stay in `data`. */
function serverEnvironment(/** @type {string} */ data) {
  const outer = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|PORT$)/;
  const inherited = Object.entries(process.env).filter(([name]) => !outer.test(name));
  return { ...Object.fromEntries(inherited), XDG_DATA_HOME: data };
}

/**
 * `preferred` if it is free, else any free port.
 *
 * @returns {Promise<number>}
 */
async function freePort(/** @type {number} */ preferred) {
  const probe = createServer().listen(preferred, "127.0.0.1");
  try {
    await once(probe, "listening");
  } catch (error) {
    if (preferred !== 0) return freePort(0);
    throw error;
  }
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return port;
}

async function waitUntilAnswering(
  /** @type {string} */ url,
  /** @type {ChildProcess} */ child,
  /** @type {() => string} */ log,
) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`VS Code's server ended at once:\n${log()}`);
    const response = await fetch(url).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await delay(100);
  }
  throw new Error(`VS Code's server did not answer at ${url} within 60 s:\n${log()}`);
}

/** Asks the process group to end, and insists after 3 s. */
async function stopGroup(/** @type {ChildProcess} */ child) {
  signalGroup(child, "SIGTERM");
  const deadline = Date.now() + 3000;
  while (signalGroup(child, 0) && Date.now() < deadline) await delay(50);
  signalGroup(child, "SIGKILL");
}

/** The server is in a process group of its own, so nothing else would end it when this process is ended. */
function stopWithThisProcess(/** @type {ChildProcess} */ child) {
  const stop = () => signalGroup(child, "SIGKILL");
  const stopAndExit = () => process.exit(1);
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  process.once("exit", stop);
  for (const name of signals) process.once(name, stopAndExit);
  child.once("exit", () => {
    stop();
    process.off("exit", stop);
    for (const name of signals) process.off(name, stopAndExit);
  });
}

/** False when no process of the group is left. */
function signalGroup(/** @type {ChildProcess} */ { pid }, /** @type {NodeJS.Signals | 0} */ name) {
  try {
    return pid !== undefined && process.kill(-pid, name);
  } catch {
    return false;
  }
}
