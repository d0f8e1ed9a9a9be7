import assert from "node:assert/strict";
import { openEditor } from "./driver/editor";
import { openPanel } from "./driver/panel";

describe("the training panel in VS Code", () => {
  it("fills while XOR is trained, without a word in the program", async () => {
    const editor = await openEditor({
      file: "examples/5-xor.grad.ts",
      viewport: { width: 1600, height: 1000 },
    });
    await editor.statusBarShows(" ms");
    const panel = await openPanel(editor);
    await panel.shows("step 100 / 100");
    await panel.shows("first run");
    assert.deepEqual(await panel.cardTitles(), [
      "Loss",
      "Runs",
      "Weights",
      "Gradients",
      "Update / weight size",
    ]);
    await editor.screenshot("panel-xor");
  });
});
