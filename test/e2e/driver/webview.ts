import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Frame, FrameLocator } from "playwright-core";
import { repoRoot } from "../../repo";
import type { Editor } from "./editor";

const FRAME = "iframe.webview.ready[src*='extensionId=gradlens.gradlens']";

const THEMES = { light: "Light Modern", "high-contrast": "Default High Contrast", dark: "Dark Modern" };

/** A page of the extension's, in a tab or in the side bar. */
export class WebviewPage {
  readonly editor: Editor;
  readonly frame: FrameLocator;
  /** What this page has and others have not. */
  private readonly mark: string;

  constructor(editor: Editor, mark: string) {
    this.editor = editor;
    this.mark = mark;
    this.frame = editor.page.frameLocator(FRAME).frameLocator("#active-frame");
  }

  /** What can be seen. */
  async text(): Promise<string> {
    // biome-ignore lint/performance/useDomNodeTextContent: what is hidden does not count
    return (await this.frame.locator("#root").innerText()).replace(/\s+/g, " ");
  }

  /** Presses the button of this accessible name. */
  async press(name: string): Promise<void> {
    await this.frame.getByRole("button", { name, exact: true }).click();
  }

  /** Saves under the name that is offered, once `choose` has asked for a file that ends so. */
  protected async saveAs(ending: string, choose: () => Promise<void>): Promise<void> {
    const { page } = this.editor;
    await choose();
    const input = page.locator(".quick-input-widget:visible input").first();
    await input.waitFor();
    await this.editor.waitUntil(
      () => input.inputValue(),
      (path) => path.endsWith(ending),
      "a file name",
    );
    await input.press("Enter");
    await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Switches the window's theme, and waits until the page is of its kind: `light`, `dark` or `high-contrast`. */
  async follow(theme: string, kind: string): Promise<void> {
    const settings = join(this.editor.folder, ".vscode/settings.json");
    const known = JSON.parse(readFileSync(settings, "utf8")) as Record<string, unknown>;
    await writeFile(settings, JSON.stringify({ ...known, "workbench.colorTheme": theme }));
    const body = this.frame.locator("body");
    await this.editor.waitUntil(
      () => body.getAttribute("data-vscode-theme-kind"),
      (shown) => shown === `vscode-${kind}`,
      theme,
    );
  }

  /** Does the same in a light, a high-contrast and a dark theme; the window is dark afterwards. */
  async inEachTheme(look: (kind: string) => Promise<void>): Promise<void> {
    for (const [kind, theme] of Object.entries(THEMES)) {
      await this.follow(theme, kind);
      await look(kind);
    }
  }

  /** How many pixels of the page's main part stick out sideways. */
  async overflow(): Promise<number> {
    return this.frame.locator("main").evaluate((main) => main.scrollWidth - main.clientWidth);
  }

  /** What axe-core finds wrong with the page: rule and elements. */
  async axe(): Promise<string[]> {
    const script = createRequire(join(repoRoot, "package.json")).resolve("axe-core/axe.min.js");
    const page = await this.page();
    await page.evaluate(readFileSync(script, "utf8"));
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
      const { violations } = await axe.run();
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
      );
    });
  }

  protected async page(): Promise<Frame> {
    for (const frame of this.editor.page.frames()) {
      if (await frame.locator(this.mark).count()) return frame;
    }
    throw new Error("The page is gone.");
  }
}

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}
