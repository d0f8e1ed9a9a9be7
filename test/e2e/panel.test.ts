import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { repoRoot } from "../repo";
import { type Editor, openEditor } from "./driver/editor";
import { openPanel, type Panel } from "./driver/panel";

const xor = "examples/5-xor.grad.ts";
const optimizer = "const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.2";
const lineOf = (text: string) =>
  readFileSync(join(repoRoot, xor), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

/** XOR, trained, with its panel beside it. */
async function openXor({ reuse = true } = {}) {
  const editor = await openEditor({
    file: xor,
    viewport: { width: 1600, height: 1000 },
    reuse,
  });
  await hasRun(editor);
  const panel = await openPanel(editor);
  await panel.shows("step 100 / 100");
  return { editor, panel };
}

/** A program that trains for `epochs`, with its panel, while it runs. */
async function openTraining(epochs: number) {
  const source = `import torch from "torch"
const w = torch.tensor([2, 3], { requires_grad: true })
const epochs = ${epochs}
const lr = 1e-9
for (let epoch = 0; epoch < epochs; epoch++) {
  const loss = (w ** 2).sum()
  loss.backward()
  torch.no_grad(() => w.sub_(w.grad! * lr))
  w.grad = null
}
`;
  // Without a limit of time: opening the panel may take long.
  const settings = { "gradlens.timeLimit": 0 };
  const editor = await openEditor({ file: "training.grad.ts", text: source, settings, reuse: true });
  const panel = await openPanel(editor);
  await panel.shows("steps/s");
  return { editor, panel };
}

/** The address of the same window, which opens what was open in it. */
function withoutFile(address: string): string {
  const url = new URL(address);
  const payload = JSON.parse(url.searchParams.get("payload")!) as [key: string, value: string][];
  url.searchParams.set("payload", JSON.stringify(payload.filter(([key]) => key !== "openFile")));
  return url.href;
}

async function hasRun(editor: Editor): Promise<void> {
  await editor.waitUntil(
    () => editor.statusBar(),
    (text) => /\d m?s\b/.test(text),
    "a finished run",
  );
}

/** Replaces the learning rate, and waits for its run to be the newest. */
async function changeLearningRate(editor: Editor, panel: Panel, from: string, to: string): Promise<void> {
  await editor.page.waitForTimeout(1200); // a text that stands for a second is one to compare with
  await editor.goTo(lineOf(optimizer), optimizer.length - 3 + from.length + 1);
  for (const _ of from) await editor.pressKeys("Shift+ArrowLeft");
  await editor.page.keyboard.insertText(to);
  await panel.shows(`lr ${from} → ${to}`);
}

describe("the training panel in VS Code", () => {
  it("fills while XOR is trained, without a word in the program", async () => {
    const { editor, panel } = await openXor();
    await panel.shows("first run");
    assert.deepEqual(await panel.cardTitles(), [
      "Loss",
      "Runs",
      "Weights",
      "Gradients",
      "Update / weight size",
    ]);
    await panel.shows("loss 0.01597");
    await editor.screenshot("panel-xor");
  });

  it("keeps the run before an edit as a ghost, labelled by what changed", async () => {
    const { editor, panel } = await openXor();
    await changeLearningRate(editor, panel, "0.2", "0.5");
    await panel.shows("loss · first run 0.01597");
    assert.deepEqual(await panel.runNames(), ["lr 0.2 → 0.5", "first run"]);
    await editor.screenshot("panel-ghost");

    await panel.press("Pin first run");
    await panel.press("first run");
    await editor.type("slow");
    await editor.pressKeys("Enter");
    await panel.shows("loss · slow");
    await panel.press("Hide slow");
    await panel.waitUntilGone("loss · slow");
  });

  it("takes the annotations along to an epoch with its slider", async () => {
    const { editor, panel } = await openXor();
    const loss = lineOf("const loss =");
    await editor.shows({ [loss]: "0.0160" });
    await panel.setSlider("step", 1);
    await panel.shows("step 1 / 100");
    await editor.statusBarShows("step 1 of 100"); // while the keyboard is in the panel
    await editor.pressKeys("Alt+]");
    await panel.shows("step 2 / 100");
    await editor.pressKeys("Alt+[");
    await panel.shows("step 1 / 100");
    await editor.page.locator(".view-line").first().click();
    await editor.shows({ [loss]: "loss = tensor(0.6996" });
    await panel.press("Play");
    await panel.waitUntilGone("step 1 / 100");
    await panel.press("To the end");
    await panel.shows("step 100 / 100");
    await editor.page.locator(".view-line").first().click();
    await editor.shows({ [loss]: "0.0160" });
  });

  it("comes back with its runs when the window is loaded again", async function () {
    this.timeout(120_000);
    const { editor, panel } = await openXor();
    await changeLearningRate(editor, panel, "0.2", "0.5");
    await editor.pressKeys("Control+S");
    await editor.page.waitForTimeout(2500); // until the runs are on the disk
    await editor.page.goto(withoutFile(editor.page.url()));
    await panel.shows("loss · first run 0.01597");
    assert.deepEqual(await panel.runNames(), ["lr 0.2 → 0.5", "first run"]);
  });

  it("pauses a training between two iterations and lets it go on, by buttons and by keyboard", async () => {
    const { editor, panel } = await openTraining(100_000_000);
    const isPaused = async () => {
      await panel.shows("paused");
      await editor.statusBarShows("paused"); // from then on the keys and commands know it too
    };
    const goesOn = async () => {
      await panel.shows("running");
      await editor.waitUntil(
        () => editor.statusBar(),
        (text) => !text.includes("paused"),
        "a running program",
      );
    };
    const standingStill = async () => {
      const before = await panel.text();
      await editor.page.waitForTimeout(700);
      return (await panel.text()) === before ? before : null;
    };
    await panel.press("Pause");
    await isPaused();
    // It does once the last values of the iteration have come.
    const readOut = await editor.waitUntil(
      standingStill,
      (text) => text !== null,
      "a read-out that stands still",
    );
    await editor.screenshot("panel-paused");

    await panel.press("Resume");
    await goesOn();
    await editor.waitUntil(
      () => panel.text(),
      (text) => text !== readOut,
      "more steps",
    );
    await panel.frame.getByRole("button", { name: "Pause" }).focus();
    await editor.pressKeys("Enter");
    await isPaused();
    assert.equal(await panel.frame.locator(":focus").textContent(), "Resume");
    await editor.pressKeys("Control+Alt+\\");
    await goesOn();
    await editor.runCommand("Gradlens: Pause");
    await isPaused();
    await panel.press("Stop");
    await panel.shows("stopped");
  });

  it("runs an edit at once though the training was paused, and says why a text cannot run", async () => {
    const { editor, panel } = await openTraining(100_000_000);
    await panel.press("Pause");
    await panel.shows("paused");
    await editor.page.locator(".view-line").first().click();
    await editor.goTo(3, 17);
    await editor.pressKeys("Shift+End");
    await editor.page.keyboard.insertText("1000");
    await panel.shows("done");
    await editor.page.keyboard.insertText(" *");
    await panel.shows("cannot run");
    await panel.shows("Expression expected.");
    await panel.press("Line 4");
    await editor.statusBarShows("Ln 4, Col 1");
  });

  it("shows what the program plots, and goes back in time with it", async () => {
    const editor = await openEditor({
      file: "examples/6-spirals.grad.ts",
      viewport: { width: 1600, height: 1300 },
    });
    const panel = await openPanel(editor);
    await panel.shows("step 150 / 150");
    await panel.shows("arms: contour of 50 × 50 cells, 120 points.");
    assert.deepEqual((await panel.cardTitles()).slice(0, 4), ["Loss", "Runs", "Plots", "arms"]);
    const picture = panel.frame.getByRole("img", { name: /^arms/ });
    await picture.scrollIntoViewIfNeeded();
    const pixels = () =>
      picture.evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
    const last = await pixels();
    await editor.screenshot("panel-plots");
    await panel.setSlider("step", 1);
    await editor.waitUntil(pixels, (shown) => shown !== last, "another boundary");
    await editor.screenshot("panel-plots-first-step");
    await panel.export("arms", "CSV");
    await editor.waitUntil(
      async () => (await readdir(editor.folder)).filter((name) => name.endsWith(".csv")),
      (names) => names.length === 1,
      "a file",
    );
  });

  it("shows names that a program gives its plots as they are, and 200 curves", async () => {
    const name = "<img src=x onerror=document.body.remove()>&\u202e";
    const source = `import torch from "torch"
import plot from "gradlens/plot"
for (let i = 0; i < 4; i++) {
  plot(${JSON.stringify(name)}, i)
  for (let k = 1; k < 200; k++) plot("curve " + k, k)
  plot.image(torch.eye(4), { name: ${JSON.stringify(name)} })
}
`;
    const editor = await openEditor({ file: "hostile.grad.ts", text: source, reuse: true });
    const panel = await openPanel(editor);
    await panel.shows("<img src=x onerror=document.body.remove()>&");
    await panel.shows("curve 23 23 and 176 more");
    assert.equal(await panel.frame.locator("img").count(), 0);
    await panel.frame.getByRole("img", { name: /^<img.* image of 4 × 4 cells/ }).waitFor();
  });

  it("comes back with all it had after it was hidden", async () => {
    const { editor, panel } = await openXor();
    await changeLearningRate(editor, panel, "0.2", "0.5");
    await panel.frame.getByLabel("Scale of Loss").selectOption("log");
    await editor.page
      .getByRole("tab", { name: /Training/ })
      .first()
      .click();
    await editor.runCommand("File: New Untitled Text File");
    await editor.page.waitForTimeout(500);
    await editor.page
      .getByRole("tab", { name: /Training/ })
      .first()
      .click();
    await panel.shows("loss · first run 0.01597");
    assert.equal(await panel.frame.getByLabel("Scale of Loss").inputValue(), "log");
  });

  it("exports the numbers it shows, and pictures that open", async () => {
    const { editor, panel } = await openXor({ reuse: false }); // files are saved in the window's own folder
    for (const [label, file] of [
      ["CSV", "5-xor-loss.csv"],
      ["SVG", "5-xor-loss.svg"],
      ["PNG", "5-xor-loss.png"],
      ["JSON", "5-xor-loss.json"],
    ]) {
      await panel.export("Loss", label);
      await editor.waitUntil(
        async () => (await readdir(editor.folder)).includes(file),
        (isThere) => isThere,
        file,
      );
    }
    const read = (name: string) => readFile(join(editor.folder, name));
    const rows = (await read("5-xor-loss.csv")).toString().trim().split("\n");
    assert.equal(rows[0], "step,loss");
    assert.equal(rows.length, 101);
    const [step, loss] = rows[100].split(",").map(Number);
    assert.equal(step, 100);
    assert.equal(loss.toFixed(5), "0.01597");
    const { columns } = JSON.parse((await read("5-xor-loss.json")).toString());
    assert.equal(columns[1].values[99], loss);
    assert.match((await read("5-xor-loss.svg")).toString(), /<svg [\s\S]*5-xor.grad.ts · Loss[\s\S]*<\/svg>/);
    const png = await read("5-xor-loss.png");
    assert.deepEqual(
      [...png.subarray(1, 4)],
      [..."PNG"].map((letter) => letter.charCodeAt(0)),
    );
    assert.ok(png.readUInt32BE(16) >= 1600, "twice the picture's own width");

    await editor.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await panel.choose("Loss", "Copy as image");
    await panel.shows("Copied as an image.");
    assert.deepEqual(await panel.typesOnClipboard(), ["image/png"]);
  });

  it("can be used with the keyboard alone", async () => {
    const { editor, panel } = await openXor();
    await panel.frame.locator("[data-card=loss] .plot").focus();
    await editor.pressKeys("End", "ArrowLeft", "+");
    await panel.shows("loss 0.01662"); // one step before the last
    assert.equal(
      await panel.frame.locator("[data-card=loss] [aria-live]").textContent(),
      "step 99: loss 0.01662",
    );
    await editor.pressKeys("0");
    const table = panel.frame.locator("[data-card=loss]").getByRole("button", { name: "Table" });
    await table.focus();
    await editor.pressKeys("Enter");
    await editor.waitUntil(
      () => panel.frame.locator("[data-card=loss] tbody tr").count(),
      (rows) => rows === 100,
      "a row for each step",
    );
    await panel.frame.getByRole("slider", { name: "step" }).focus();
    await editor.pressKeys("Home", "ArrowRight");
    await panel.shows("step 2 / 100");
  });

  it("has no barrier that axe-core knows of, in any theme", async () => {
    const { editor, panel } = await openXor();
    await changeLearningRate(editor, panel, "0.2", "0.5");
    await panel.inEachTheme(async () => assert.deepEqual(await panel.axe(), []));
    // Nor may it load anything but its own script and style.
    const meta = panel.frame.locator("meta[http-equiv=Content-Security-Policy]");
    const policy = ((await meta.getAttribute("content")) ?? "").split("; ");
    assert.deepEqual(
      policy.map((rule) => rule.split(" ")[0]),
      ["default-src", "style-src", "script-src", "img-src"],
    );
    assert.equal(policy[0], "default-src 'none'");
    assert.match(policy[2], /^script-src 'nonce-[0-9a-f]{32}'$/);
    assert.doesNotMatch(policy.join(), /unsafe|https:(\s|$)|\*(\s|$)/);
  });

  it("stands in the side bar too, as narrow as that is", async () => {
    const editor = await openEditor({ file: xor, viewport: { width: 1000, height: 900 } });
    await hasRun(editor);
    await editor.runCommand("View: Show Gradlens");
    const panel = await openPanel(editor, { inSideBar: true });
    await panel.shows("loss 0.01597");
    assert.equal(await panel.overflow(), 0);
    await editor.screenshot("panel-side-bar");
  });
});
