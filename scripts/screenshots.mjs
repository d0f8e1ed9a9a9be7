// @ts-check
// `npm run screenshots`: takes the pictures of the documentation in real VS Code, from the built and packaged
// extension, and writes them to docs/images/.
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packExtension } from "./pack.mjs";
import { repoRoot } from "./root.mjs";
import { launchChromium } from "./vscode/chromium.mjs";
import { startServer, windowUrl } from "./vscode/server.mjs";

/** @typedef {{ name: string, file: string, theme: string, until: string, line?: number,
 *   column?: number, keys?: string[], viewport: { width: number, height: number } }} Picture */

/** @type {Picture[]} */
const pictures = [
  {
    name: "lesson",
    file: "0-training.grad.ts",
    theme: "Default Dark Modern",
    until: "DotBackward0",
    viewport: { width: 1200, height: 760 },
  },
  {
    name: "hover-gradient",
    file: "0-training.grad.ts",
    theme: "Default Dark Modern",
    until: "DotBackward0",
    line: 42,
    column: 10,
    keys: ["Control+k", "Control+i"],
    viewport: { width: 1200, height: 760 },
  },
  {
    name: "going-back",
    file: "2-training-loop.grad.ts",
    theme: "Default Light Modern",
    until: "MulBackward0",
    line: 79,
    keys: ["Alt+Shift+[", "Alt+]", "Alt+]"],
    viewport: { width: 1200, height: 760 },
  },
];

const settings = {
  "editor.minimap.enabled": false,
  "editor.fontSize": 14,
  "breadcrumbs.enabled": false,
  "workbench.layoutControl.enabled": false,
};

const images = join(repoRoot, "docs/images");
const folder = await mkdtemp(join(tmpdir(), "gradlens-pictures-"));
const vsix = await packExtension(repoRoot, join(folder, "gradlens.vsix"));
const server = await startServer({ form: "product", extensions: [vsix] });
const browser = await launchChromium();
try {
  await mkdir(images, { recursive: true });
  for (const picture of pictures) await take(picture);
} finally {
  await browser.close();
  await server.dispose();
  await rm(folder, { recursive: true });
}

async function take(
  /** @type {Picture} */ { name, file, theme, until, viewport, line, column = 1, keys = [] },
) {
  const workspace = join(folder, "examples");
  await cp(join(repoRoot, "examples"), workspace, { recursive: true });
  await mkdir(join(workspace, ".vscode"), { recursive: true });
  const chosen = { ...settings, "workbench.colorTheme": theme, "files.exclude": { "**/.vscode": true } };
  await writeFile(join(workspace, ".vscode/settings.json"), JSON.stringify(chosen));
  const context = await browser.newContext({ viewport, deviceScaleFactor: 2 });
  const page = await context.newPage();
  await page.goto(windowUrl(server, { folder: workspace, file: join(workspace, file) }));
  await page.waitForFunction((/** @type {string} */ text) => {
    const labels = [...document.querySelectorAll(".view-line span")].map(
      (e) => getComputedStyle(e, "::after").content,
    );
    return labels.some((label) => label.includes(text));
  }, until);
  await page.keyboard.press("Control+b"); // the side bar leaves the room to the lines
  if (line !== undefined) {
    await page.keyboard.press("Control+g");
    const input = page.locator(".quick-input-widget:visible input");
    await input.fill(`:${line}:${column}`);
    await input.press("Enter");
    await page.waitForTimeout(1000); // until the cursor is there and the values of its lines are painted
  }
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForTimeout(1000); // until the layout has settled
  await page.screenshot({ path: join(images, `${name}.png`) });
  await context.close();
  console.log(`docs/images/${name}.png`);
}
