import type { FrameLocator } from "playwright-core";
import type { Editor } from "./editor";

/** Opens the training panel of the program in the active editor and waits for its page. */
export async function openPanel(editor: Editor): Promise<Panel> {
  await editor.runCommand("Gradlens: Open Training Panel");
  const panel = new Panel(editor);
  await panel.frame.locator("#root main").waitFor();
  return panel;
}

/** The page of a training panel that is an editor tab. */
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

  async cardTitles(): Promise<string[]> {
    return this.frame.locator(".card:visible h2").allInnerTexts();
  }
}
