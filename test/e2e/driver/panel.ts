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
    await this.saveAs(format.toLowerCase(), () => this.choose(card, format));
  }

  /** Chooses from a card's menu. */
  async choose(card: string, item: string): Promise<void> {
    const menu = this.frame.getByRole("region", { name: card, exact: true }).locator(".menu");
    await menu.locator("summary").click();
    await menu.getByRole("button", { name: item, exact: true }).click();
  }

  /** What kinds of things are on the clipboard. */
  async typesOnClipboard(): Promise<string[]> {
    const page = await this.page();
    return page.evaluate(async () => {
      const { navigator } = globalThis as unknown as { navigator: Clipboards };
      return (await navigator.clipboard.read()).flatMap(({ types }) => types);
    });
  }
}

interface Clipboards {
  clipboard: { read(): Promise<{ types: string[] }[]> };
}
