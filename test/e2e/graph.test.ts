import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { repoRoot } from "../repo";
import { openEditor } from "./driver/editor";
import { openGraph } from "./driver/graph";

const lineOf = (file: string, text: string) =>
  readFileSync(join(repoRoot, file), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

interface Options {
  /** Files are saved where the window's own folder is. */
  reuse?: boolean;
  theme?: string;
  viewport?: { width: number; height: number };
}

/** The graph of the tensor on the line with `text`. */
async function openGraphOf(file: string, text: string, options: Options = {}) {
  const editor = await openEditor({ file, viewport: { width: 1600, height: 1000 }, reuse: true, ...options });
  await editor.statusBarShows("step 100 of 100");
  await editor.goTo(lineOf(file, text), text.indexOf("loss") + 5);
  const graph = await openGraph(editor);
  return { editor, graph };
}

const xor = "examples/5-xor.grad.ts";
const xorLoss = "  const loss = loss_fn(model(inputs), targets)";

describe("the backward graph in VS Code", () => {
  it("shows XOR's loss, goes to the source of a step, and collapses modules", async () => {
    const { editor, graph } = await openGraphOf(xor, xorLoss);
    await graph.shows("TanhBackward0");
    await graph.shows("model.0.weight");
    await editor.screenshot("graph-xor");
    await graph.click("TanhBackward0");
    assert.match(await graph.details(), /in model\.1/);
    await graph.press("Collapse modules");
    await graph.shows("model");
    await graph.waitUntilGone("TanhBackward0");
    await editor.screenshot("graph-xor-collapsed");
  });

  it("marks the expression of the box that is pointed at, and goes to the line of the one that is clicked", async () => {
    const { editor, graph } = await openGraphOf(xor, xorLoss);
    await graph.shows("TanhBackward0");
    await editor.goTo(1, 1);
    const marks = editor.page.locator(".view-overlays [class*='TextEditorDecorationType']");
    assert.equal(await marks.count(), 0);
    await graph.pointAt("BinaryCrossEntropyWith");
    await marks.first().waitFor();
    await graph.click("BinaryCrossEntropyWith");
    await editor.statusBarShows(`Ln ${lineOf(xor, xorLoss)},`);
  });

  it("goes back in time with the annotations", async () => {
    const { editor, graph } = await openGraphOf(xor, xorLoss);
    await graph.shows("TanhBackward0");
    await editor.focus();
    await editor.pressKeys("Alt+Shift+[");
    await graph.frame.getByRole("heading", { name: "Backward graph of loss in iteration 1" }).waitFor();
    await graph.frame.getByText("tensor(0.6996)").first().waitFor();
  });

  it("fits its frame when the tree opens beside it, unless it was moved", async () => {
    const { graph } = await openGraphOf(xor, xorLoss);
    await graph.shows("TanhBackward0");
    await graph.press("Fit");
    await graph.press("Tree");
    const sticksOut = () =>
      graph.frame.locator(".box").evaluateAll((boxes) => {
        const frame = boxes[0].closest("svg")!.getBoundingClientRect();
        return boxes.some((box) => box.getBoundingClientRect().right > frame.right + 1);
      });
    await graph.editor.waitUntil(sticksOut, (does) => !does, "the whole graph in sight");
  });

  it("saves what it shows as SVG, PNG and DOT", async () => {
    const { editor, graph } = await openGraphOf(xor, xorLoss, { reuse: false });
    await graph.shows("TanhBackward0");
    for (const format of ["SVG", "PNG", "DOT"]) {
      await graph.export(format);
      await editor.waitUntil(
        () => readdir(editor.folder),
        (files) => files.includes(`loss-graph.${format.toLowerCase()}`),
        format,
      );
    }
    const read = async (name: string) => (await readFile(join(editor.folder, name))).toString("latin1");
    assert.match(await read("loss-graph.svg"), /<svg [\s\S]*TanhBackward0[\s\S]*<\/svg>/);
    assert.match(await read("loss-graph.dot"), /digraph [\s\S]*TanhBackward0[\s\S]*lightblue/);
    assert.match(await read("loss-graph.png"), /^.PNG/);
  });

  it("can be walked with the keyboard, as a picture and as a tree", async () => {
    const { editor, graph } = await openGraphOf(xor, xorLoss);
    await graph.shows("TanhBackward0");
    await graph.frame.locator("svg.canvas").focus();
    await editor.pressKeys("ArrowUp", "ArrowUp");
    assert.match(await graph.details(), /^BinaryCrossEntropyWith/);
    await graph.press("Tree");
    await editor.pressKeys("ArrowDown");
    assert.match(await graph.details(), /^AddmmBackward0/);
    await editor.screenshot("graph-tree");
  });

  it("says what to do while the cursor is on no tensor", async () => {
    const editor = await openEditor({ file: xor });
    await editor.statusBarShows("step 100 of 100");
    const graph = await openGraph(editor);
    await graph.frame.getByText("Put the cursor on a tensor").waitFor();
  });

  it("has no barrier that axe-core knows of, in any theme", async () => {
    const { editor, graph } = await openGraphOf(xor, xorLoss);
    await graph.shows("TanhBackward0");
    await graph.press("Saved tensors");
    await graph.press("Tree");
    await graph.shows("loss");
    await graph.inEachTheme(async (kind) => {
      assert.deepEqual(await graph.axe(), []);
      await editor.screenshot(`graph-${kind}`);
    });
  });
});
