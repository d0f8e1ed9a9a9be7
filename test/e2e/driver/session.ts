import type { Browser } from "playwright-core";
import { launchChromium } from "../../../scripts/vscode/chromium.mjs";
import { type Server, startServer } from "../../../scripts/vscode/server.mjs";

/** What all editors of one mocha run share: one browser, and one server per kind of extension. */
let browser: Promise<Browser> | undefined;
const servers = new Map<string, Promise<Server>>();

/** Started when first asked for, closed after the last test. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= launchChromium();
  return browser;
}

/** A server for development extensions, or the product with one vsix file installed. */
export function sharedServer(vsix?: string): Promise<Server> {
  const key = vsix ?? "development";
  const server =
    servers.get(key) ?? startServer(vsix ? { form: "product", extensions: [vsix] } : { form: "development" });
  servers.set(key, server);
  return server;
}

after("close VS Code", async () => {
  await (await browser)?.close();
  for (const server of servers.values()) await (await server).dispose();
});
