import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "../repo";
import { type Editor, openEditor } from "./driver/editor";
import { type Graph, openGraph } from "./driver/graph";
import { openPanel, type Panel } from "./driver/panel";

/** So wide that a panel beside the code has 300 pixels. */
const NARROW = { width: 650, height: 1400 };

interface Example {
  name: string;
  file: string;
  /** The line of its loss. */
  loss: string;
  /** A step of the loss's graph. */
  step: string;
  cards: string[];
  /** What stands below the heatmap of a gradient. */
  heatmap: string;
}

const examples: Example[] = [
  {
    name: "XOR",
    file: "examples/5-xor.grad.ts",
    loss: "const loss = loss_fn",
    step: "TanhBackward0",
    cards: ["Loss", "Runs", "Weights", "Gradients", "Update / weight size"],
    heatmap: "(4, 2), 4 by 2 cells",
  },
  {
    name: "the CNN",
    file: "examples/7-cnn.grad.ts",
    loss: "const loss = F.cross_entropy",
    step: "ConvolutionBackward0",
    cards: ["Loss", "Runs", "Weights", "Gradients", "Scalars", "Update / weight size"],
    heatmap: "24 by 12 cells",
  },
  {
    name: "lesson 4",
    file: "examples/4-a-model.grad.ts",
    loss: "const loss = loss_fn",
    step: "ReluBackward0",
    cards: ["Runs", "Weights", "Gradients"],
    heatmap: "The program has cleared this gradient.",
  },
];

async function open({ file }: Example): Promise<Editor> {
  const editor = await openEditor({
    file,
    theme: "Dark Modern",
    viewport: { width: 1700, height: 1500 },
    settings: { "gradlens.timeLimit": 0 },
  });
  const finished = editor.page.locator(".statusbar-item:visible", { hasText: /^\s*\d[\d.]* m?s\s*$/ });
  await finished.waitFor({ timeout: 90_000 });
  await editor.runCommand("View: Toggle Primary Side Bar Visibility");
  return editor;
}

/** Each theme in turn, and the width of a phone: what is drawn follows, and nothing sticks out. */
async function looksWell(page: Panel | Graph, name: string): Promise<void> {
  const { editor } = page;
  await page.inEachTheme(async (kind) => {
    await editor.page.waitForTimeout(300); // until it is painted
    await editor.screenshot(`looks/${name}-${kind}`);
  });
  const { width, height } = editor.page.viewportSize()!;
  await editor.page.setViewportSize(NARROW);
  await editor.page.waitForTimeout(500);
  assert.equal(await page.overflow(), 0);
  await editor.screenshot(`looks/${name}-narrow`);
  await editor.page.setViewportSize({ width, height });
}

/** The first of them; all where GRADLENS_ALL is set. */
const chosen = process.env["GRADLENS_ALL"] ? examples : examples.slice(0, 1);

for (const example of chosen) {
  describe(`the looks of ${example.name}`, function () {
    this.timeout(180_000);

    it("hold in every theme and at 300 pixels, as charts", async () => {
      const editor = await open(example);
      const panel = await openPanel(editor);
      await editor.waitUntil(
        () => panel.cardTitles(),
        (titles) => titles.join() === example.cards.join(),
        example.cards.join(", "),
      );
      await looksWell(panel, `panel-${example.name}`);
      await panel.frame.getByLabel("Form of Weights").selectOption("histogram");
      await panel.frame.getByLabel("Form of Gradients").selectOption("heatmap");
      await panel.shows(example.heatmap);
      await looksWell(panel, `pictures-${example.name}`);
    });

    it("hold in every theme and at 300 pixels, as a graph", async () => {
      const editor = await open(example);
      const lines = readFileSync(join(repoRoot, example.file), "utf8").split("\n");
      const line = lines.findIndex((text) => text.includes(example.loss));
      await editor.goTo(line + 1, lines[line].indexOf("loss") + 2);
      const graph = await openGraph(editor);
      await graph.shows(example.step);
      await looksWell(graph, `graph-${example.name}`);
    });
  });
}
