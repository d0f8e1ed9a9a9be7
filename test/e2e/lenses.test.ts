import assert from "node:assert/strict";
import { type Editor, openEditor } from "./driver/editor";

const TEXT = `import torch from "torch"
class Cube extends torch.autograd.Function {
  static forward(ctx, x) {
    ctx.save_for_backward(x)
    return x ** 3
  }
  static backward(ctx, grad) {
    const [x] = ctx.saved_tensors
    return grad * 2 * x ** 2
  }
}
torch.manual_seed(0)
const x = torch.randn(4)
const w = torch.tensor(2.0, { requires_grad: true })
const optimizer = new torch.optim.SGD([w], { lr: 0.001 })
for (let epoch = 0; epoch < 20; epoch++) {
  const loss = ((Cube.apply(w) - x) ** 2).mean()
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
}
`;

const lensTexts = (editor: Editor) =>
  editor.page.locator(".codelens-decoration").evaluateAll((rows) =>
    rows
      .map((row) => ({ top: row.getBoundingClientRect().top, text: row.textContent ?? "" }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) =>
        text
          .replaceAll("\u00a0", " ")
          .replace(/[\ue000-\uf8ff]/g, "")
          .trim(),
      ),
  );

async function lenses(editor: Editor, ...parts: (string | RegExp)[]): Promise<string[]> {
  return editor.waitUntil(
    () => lensTexts(editor),
    (texts) => parts.every((part) => texts.some((text) => text.match(part))),
    `lenses with ${parts.join(", ")}`,
  );
}

const click = (editor: Editor, text: string) =>
  editor.page.locator(".codelens-decoration a", { hasText: text }).first().click();

const open = (options: Partial<Parameters<typeof openEditor>[0]> = {}) =>
  openEditor({ file: "cube.grad.ts", text: TEXT, reuse: true, ...options });

describe("lenses above the lines", function () {
  this.timeout(120_000);

  it("tell how far the training is, and check gradients where they stand", async () => {
    const editor = await open();
    const shown = await lenses(editor, /20 epochs · /);
    assert.equal(shown.length, 3);
    assert.match(shown[1]!, /Run.*Rerun with a new seed.*20 epochs · .*Open in panel.*Show graph/);
    assert.match(shown[2]!, /Check my gradient/);

    await click(editor, "Check my gradient");
    await lenses(editor, "Gradient differs at w");
    const problems = await editor.problems((all) =>
      all.some(({ message }) => /finite differences/.test(message)),
    );
    const problem = problems.find(({ message }) => /finite differences/.test(message));
    assert.equal(problem?.line, 19);
    assert.match(
      problem!.message,
      /loss\.backward\(\) gives another gradient.*in epoch 1 of 20.*Check `Cube` too/s,
    );

    await click(editor, "Check Cube.backward");
    await lenses(editor, "Gradient differs at x");
    await editor.screenshot("lenses-checked");

    await editor.goTo(9, "    return grad * 2".length + 1);
    await editor.pressKeys("Backspace");
    await editor.type("3");
    await lenses(editor, "Check my gradient", "Check Cube.backward");
    await editor.shows({ 19: "∇ → w" });
    await click(editor, "Check my gradient");
    await lenses(editor, "Gradient agrees");
    await editor.problems((all) => all.every(({ message }) => !/finite differences/.test(message)));
  });

  it("rerun with a new seed, which takes the place of the program's own and is told", async () => {
    const editor = await open();
    await lenses(editor, /20 epochs · /);
    const before = (await editor.annotations()).get(13)!.text;
    await click(editor, "Rerun with a new seed");
    const shown = await lenses(editor, /seed \d{4}/);
    const seed = /seed \d{4}/.exec(shown.join())![0];
    await editor.statusBarShows(seed);
    assert.notEqual((await editor.annotations()).get(13)!.text, before);
    await click(editor, "Run");
    await editor.waitUntil(
      () => editor.statusBar(),
      (bar) => !bar.includes("seed"),
      "the program's own seed",
    );
    await editor.shows({ 13: before });
  });

  it("stay where they are while one types", async () => {
    const editor = await open();
    await lenses(editor, /20 epochs · /);
    await editor.goTo(17, "  const loss = ((Cube.apply(w)".length + 1);
    const rows = () =>
      editor.page
        .locator(".codelens-decoration")
        .evaluateAll((all) =>
          all.map((row) => Math.round(row.getBoundingClientRect().top)).sort((a, b) => a - b),
        );
    const before = await rows();
    assert.equal(before.length, 3);
    for (const key of " * 1 + (1 ") {
      await editor.type(key);
      for (let i = 0; i < 4; i++) {
        assert.deepEqual(await rows(), before, `after "${key}"`);
        await editor.page.waitForTimeout(40);
      }
    }
  });

  it("draw the graph of the loss", async () => {
    const editor = await open();
    await lenses(editor, /20 epochs · /);
    await click(editor, "Show graph");
    await editor.page.locator("iframe.webview").first().waitFor();
  });

  it("are not there with the setting off", async () => {
    const editor = await open({ settings: { "gradlens.codeLens.enabled": false } });
    await editor.shows({ 19: "∇ → w" });
    await editor.page.waitForTimeout(1000);
    assert.deepEqual(await lensTexts(editor), []);
  });

  for (const [theme, name] of [
    ["Default Light Modern", "light"],
    ["Default High Contrast", "high-contrast"],
  ] as const) {
    it(`are seen in a ${name} theme, in a narrow window`, async () => {
      const editor = await open({ theme, viewport: { width: 1000, height: 700 } });
      await lenses(editor, /20 epochs · /);
      await click(editor, "Check my gradient");
      await lenses(editor, "Gradient differs at w");
      await editor.screenshot(`lenses-${name}`);
    });
  }
});

describe("the walkthrough", function () {
  this.timeout(60_000);

  it("opens a lesson", async () => {
    const editor = await open({ viewport: { width: 1600, height: 900 } });
    await editor.runCommand("Welcome: Open Walkthrough...");
    await editor.page
      .locator(".quick-input-list .monaco-list-row", { hasText: "Get Started with Gradlens" })
      .click();
    const step = editor.page.locator(".getting-started-step", { hasText: "See what each line computes" });
    await step.waitFor();
    const button = editor.page.getByText("Open a training loop");
    // The first step opens by itself, sooner or later; a click on one that is open may hit its button.
    const isOpen = await button.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (!isOpen) await step.click();
    await editor.page.waitForTimeout(1000);
    await editor.screenshot("walkthrough");
    await button.click();
    await editor.waitUntil(
      () => editor.lines(),
      (lines) => lines.some((line) => line.includes("training loop")),
      "the lesson",
    );
  });
});
