// @ts-check
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

const commands = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Flags with which Debian's Chromium runs in a container, without a display, as root. */
const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** A page counts as loaded after about two seconds without work. */
const QUIET_MS = 3000;

/**
 * Starts a headless Chromium. On a bare Debian, as root, it is installed first.
 *
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function launchChromium() {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: await chromiumExecutable(), args: flags });
  await endStartup(browser);
  return browser;
}

/**
 * Shows a page that does nothing. Until the first page after its start has been idle, or for a minute, Chromium puts
 * off what it deems less urgent, the update of a service worker among it. A webview of VS Code waits for that update:
 * if a training without end were the first thing that this browser shows, the second webview would be blank so long.
 */
async function endStartup(/** @type {import("playwright-core").Browser} */ browser) {
  const page = await browser.newPage();
  await page.goto("data:text/html,");
  await delay(QUIET_MS);
  await page.close();
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
