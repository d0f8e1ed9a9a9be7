// @ts-check
// `npm run screenshots`: takes the pictures of the documentation and of the walkthrough in real VS Code, from the
// built and packaged extension. Arguments choose pictures by their paths.
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packExtension } from "./pack.mjs";
import { repoRoot } from "./root.mjs";
import { launchChromium } from "./vscode/chromium.mjs";
import { startServer, windowUrl } from "./vscode/server.mjs";

/** @typedef {{ path: string, file: string, theme: string, until: string, line?: number,
 *   column?: number, keys?: string[], commands?: string[], beside?: string, viewport: { width: number, height: number } }} Picture */

/** @type {Picture[]} */
const pictures = [
  {
    path: "docs/images/lesson.png",
    file: "0-training.grad.ts",
    theme: "Default Dark Modern",
    until: "DotBackward0",
    viewport: { width: 1200, height: 760 },
  },
  {
    path: "docs/images/hover-gradient.png",
    file: "0-training.grad.ts",
    theme: "Default Dark Modern",
    until: "DotBackward0",
    line: 42,
    column: 10,
    keys: ["Control+k", "Control+i"],
    viewport: { width: 1200, height: 760 },
  },
  {
    path: "docs/images/going-back.png",
    file: "2-training-loop.grad.ts",
    theme: "Default Light Modern",
    until: "MulBackward0",
    line: 79,
    keys: ["Alt+Shift+[", "Alt+]", "Alt+]"],
    viewport: { width: 1200, height: 760 },
  },
  {
    path: "docs/images/panel.png",
    file: "6-spirals.grad.ts",
    theme: "Default Dark Modern",
    until: "tensor(",
    line: 40,
    commands: ["Gradlens: Open Training Panel"],
    beside: "arms: contour",
    viewport: { width: 1360, height: 1320 },
  },
  {
    path: "docs/images/graph.png",
    file: "5-xor.grad.ts",
    theme: "Default Light Modern",
    until: "tensor(",
    line: 23,
    column: 10,
    commands: ["Gradlens: Show Backward Graph"],
    beside: "TanhBackward0",
    viewport: { width: 1360, height: 820 },
  },
  ...["Default Dark Modern", "Default Light Modern"].flatMap(walkthrough),
];

/** The same steps as in package.json. Small, as they stand beside a text. */
function walkthrough(/** @type {string} */ theme) {
  const kind = theme.split(" ")[1].toLowerCase();
  const viewport = { width: 820, height: 520 };
  const training = { file: "2-training-loop.grad.ts", theme, until: "tensor(", viewport, line: 79 };
  return [
    { ...training, path: `media/walkthrough/values-${kind}.png` },
    {
      path: `media/walkthrough/why-${kind}.png`,
      file: "0-training.grad.ts",
      theme,
      until: "tensor(",
      line: 42,
      column: 10,
      commands: ["Show or Focus Hover"],
      viewport,
    },
    { ...training, path: `media/walkthrough/back-${kind}.png`, keys: ["Alt+Shift+[", "Alt+]", "Alt+]"] },
    {
      ...training,
      path: `media/walkthrough/panel-${kind}.png`,
      commands: ["Gradlens: Open Training Panel"],
    },
    { ...training, path: `media/walkthrough/check-${kind}.png`, commands: ["Gradlens: Check My Gradient"] },
  ];
}

const settings = {
  "editor.minimap.enabled": false,
  "editor.fontSize": 14,
  "breadcrumbs.enabled": false,
  "workbench.layoutControl.enabled": false,
};

const folder = await mkdtemp(join(tmpdir(), "gradlens-pictures-"));
const vsix = await packExtension(repoRoot, join(folder, "gradlens.vsix"));
const server = await startServer({ form: "product", extensions: [vsix] });
const browser = await launchChromium();
try {
  const chosen = process.argv.slice(2);
  for (const picture of pictures) {
    if (chosen.length === 0 || chosen.some((part) => picture.path.includes(part))) await take(picture);
  }
} finally {
  await browser.close();
  await server.dispose();
  await rm(folder, { recursive: true });
}

async function take(
  /** @type {Picture} */ {
    path,
    file,
    theme,
    until,
    viewport,
    line,
    column = 1,
    keys = [],
    commands = [],
    beside,
  },
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
  for (const command of commands) {
    await page.keyboard.press("F1");
    await page.locator(".quick-input-widget:visible input").fill(`>${command}`);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(2000);
  }
  if (beside !== undefined) {
    const panel = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
    await panel.getByText(beside).first().waitFor();
  }
  await page.waitForTimeout(1000); // until the layout has settled
  const target = join(repoRoot, path);
  await mkdir(dirname(target), { recursive: true });
  await page.screenshot({ path: target });
  await context.close();
  console.log(path);
}
