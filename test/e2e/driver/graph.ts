import type { Frame, FrameLocator } from "playwright-core";
import type { Editor } from "./editor";

/** Opens the graph of the tensor at the cursor and waits until it is drawn. */
export async function openGraph(editor: Editor): Promise<Graph> {
  await editor.runCommand("Gradlens: Show Backward Graph");
  const graph = new Graph(editor);
  await graph.frame.locator("#root main").waitFor();
  return graph;
}

/** The page of the backward graph. */
export class Graph {
  readonly editor: Editor;
  readonly frame: FrameLocator;

  constructor(editor: Editor) {
    this.editor = editor;
    this.frame = editor.page
      .frameLocator("iframe.webview.ready[src*='extensionId=gradlens.gradlens']")
      .frameLocator("#active-frame");
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

  async press(name: string): Promise<void> {
    await this.frame.getByRole("button", { name, exact: true }).click();
  }

  async details(): Promise<string> {
    return (await this.frame.locator(".details").textContent()) ?? "";
  }

  /** Saves under the name that is offered. */
  async export(format: string): Promise<void> {
    const { page } = this.editor;
    await this.press(format);
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

  /** What axe-core, whose source is `script`, finds wrong with the page. */
  async axe(script: string): Promise<string[]> {
    const page = await this.page();
    await page.evaluate(script);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await axe.run();
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    });
  }

  private async page(): Promise<Frame> {
    for (const frame of this.editor.page.frames()) {
      if (await frame.locator("svg.canvas").count()) return frame;
    }
    throw new Error("The graph's page is gone.");
  }
}
