import type { Editor } from "./editor";
import { WebviewPage } from "./webview";

/** Opens the graph of the tensor at the cursor and waits until it is drawn. */
export async function openGraph(editor: Editor): Promise<Graph> {
  await editor.runCommand("Gradlens: Show Backward Graph");
  const graph = new Graph(editor);
  await graph.frame.locator("#root main").waitFor();
  return graph;
}

/** The page of the backward graph. */
export class Graph extends WebviewPage {
  constructor(editor: Editor) {
    super(editor, "svg.canvas");
  }

  /** The boxes in sight, by their first line. */
  async boxes(): Promise<string[]> {
    return this.frame.locator(".box .title").allTextContents();
  }

  async shows(box: string): Promise<void> {
    await this.editor.waitUntil(
      () => this.boxes(),
      (boxes) => boxes.includes(box),
      `a box ${box}`,
    );
  }

  async waitUntilGone(box: string): Promise<void> {
    await this.editor.waitUntil(
      () => this.boxes(),
      (boxes) => !boxes.includes(box),
      `no box ${box}`,
    );
  }

  /** Clicks the first box of this title. */
  async click(box: string): Promise<void> {
    await this.frame.locator(".box").filter({ hasText: box }).first().click();
  }

  async pointAt(box: string): Promise<void> {
    await this.frame.locator(".box").filter({ hasText: box }).first().hover();
  }

  async details(): Promise<string> {
    return (await this.frame.locator(".details").textContent()) ?? "";
  }

  /** Saves under the name that is offered. */
  async export(format: string): Promise<void> {
    await this.saveAs(format.toLowerCase(), () => this.press(format));
  }
}
