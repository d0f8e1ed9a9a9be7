// @ts-check
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const commands = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Flags with which Debian's Chromium runs in a container, without a display, as root. */
const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/**
 * Starts a headless Chromium. On a bare Debian, as root, it is installed first.
 *
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function launchChromium() {
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath: await chromiumExecutable(), args: flags });
}

/** @returns {Promise<string>} */
export async function chromiumExecutable() {
  const installed = process.env.CHROMIUM ?? commandPath(commands);
  if (installed) return installed;
  if (process.getuid?.() === 0 && commandPath(["apt-get"])) {
    console.log("Installing Chromium with apt-get; once, about a minute.");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env });
    const fresh = commandPath(commands);
    if (fresh) return fresh;
  }
  throw new Error(
    "The tests in real VS Code need Chromium or Chrome. Install one (on Debian: apt-get install chromium), " +
      "or set CHROMIUM to its executable.",
  );
}

/** The first of these commands that is on the PATH. */
export function commandPath(/** @type {string[]} */ names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}
