import type { Editor } from "./editor";
import { WebviewPage } from "./webview";

/** Opens the training panel of the program in the active editor and waits for its page. */
export async function openPanel(editor: Editor, { inSideBar = false } = {}): Promise<Panel> {
  if (!inSideBar) await editor.runCommand("Gradlens: Open Training Panel");
  const panel = new Panel(editor);
  await panel.frame.locator("#root main").waitFor();
  return panel;
}

/** The page of a training panel. */
export class Panel extends WebviewPage {
  constructor(editor: Editor) {
    super(editor, "#root > .toolbar");
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

  async setSlider(label: string, value: number): Promise<void> {
    await this.frame.getByRole("slider", { name: label }).fill(String(value));
  }

  /** Exports a card's content under the name that is offered. */
  async export(card: string, format: string): Promise<void> {
    const menu = this.frame.getByRole("region", { name: card, exact: true }).locator(".menu");
    await this.saveAs(format.toLowerCase(), async () => {
      await menu.locator("summary").click();
      await menu.getByRole("button", { name: format, exact: true }).click();
    });
  }
}
