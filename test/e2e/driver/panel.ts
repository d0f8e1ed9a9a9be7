import type { Frame, FrameLocator } from "playwright-core";
import type { Editor } from "./editor";

/** Opens the training panel of the program in the active editor and waits for its page. */
export async function openPanel(editor: Editor, { inSideBar = false } = {}): Promise<Panel> {
  if (!inSideBar) await editor.runCommand("Gradlens: Open Training Panel");
  const panel = new Panel(editor);
  await panel.frame.locator("#root main").waitFor();
  return panel;
}

/** The page of a training panel. */
export class Panel {
  readonly editor: Editor;
  readonly frame: FrameLocator;

  constructor(editor: Editor) {
    this.editor = editor;
    this.frame = editor.page
      .frameLocator("iframe.webview.ready[src*='extensionId=gradlens.gradlens']")
      .frameLocator("#active-frame");
  }

  async text(): Promise<string> {
    return (await this.frame.locator("#root").innerText()).replace(/\s+/g, " ");
  }

  /** Waits until the page contains this text. */
  async shows(text: string): Promise<void> {
    await this.editor.waitUntil(
      () => this.text(),
      (shown) => shown.includes(text),
      `"${text}" in the panel`,
    );
  }

  async waitUntilGone(text: string): Promise<void> {
    await this.editor.waitUntil(
      () => this.text(),
      (shown) => !shown.includes(text),
      `no "${text}" in the panel`,
    );
  }

  async cardTitles(): Promise<string[]> {
    return this.frame.locator(".card:visible h2").allInnerTexts();
  }

  /** Newest first. */
  async runNames(): Promise<string[]> {
    return this.frame.locator(".run-name").allInnerTexts();
  }

  /** Presses the button of this accessible name. */
  async press(name: string): Promise<void> {
    await this.frame.getByRole("button", { name, exact: true }).click();
  }

  async setSlider(label: string, value: number): Promise<void> {
    await this.frame.getByRole("slider", { name: label }).fill(String(value));
  }

  /** Exports a card's content under the name that is offered. */
  async export(card: string, format: string): Promise<void> {
    const { page } = this.editor;
    const menu = this.frame.getByRole("region", { name: card, exact: true }).locator(".menu");
    await menu.locator("summary").click();
    await menu.getByRole("button", { name: format, exact: true }).click();
    const input = page.locator(".quick-input-widget:visible input").first();
    await input.waitFor();
    await this.editor.waitUntil(
      () => input.inputValue(),
      (path) => path.endsWith(format.toLowerCase()),
      "a file name",
    );
    await input.press("Enter");
    await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** What axe-core, whose source is `script`, finds wrong with the page: rule and elements. */
  async axe(script: string): Promise<string[]> {
    const page = await this.page();
    await page.evaluate(script);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: {
          run(): Promise<{
            violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
          }>;
        };
      };
      const { violations } = await axe.run();
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
      );
    });
  }

  private async page(): Promise<Frame> {
    for (const frame of this.editor.page.frames()) {
      if (await frame.locator("#root > .toolbar").count()) return frame;
    }
    throw new Error("The panel's page is gone.");
  }
}
