import assert from "node:assert/strict";
import { type Editor, openEditor } from "./driver/editor";
import { recordedFrames, recordFrames } from "./driver/in-page.mjs";

const training = `import torch from "torch"

const x = torch.tensor([1, 2, 3])
const y = torch.tensor([2, 4, 6])
const w = torch.tensor(0.5, { requires_grad: true })
const optimizer = new torch.optim.SGD([w], { lr: 0.05 })
for (let epoch = 0; epoch < 20; epoch++) {
  const loss = ((w * x - y) ** 2).mean()
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
}
print(w.grad)
`;
const line = (text: string, source = training) =>
  source.split("\n").findIndex((one) => one.includes(text)) + 1;
const at = {
  loop: line("for ("),
  loss: line("const loss"),
  backward: line("backward()"),
  step: line("step()"),
  print: line("print"),
};

async function openTraining(options: Partial<Parameters<typeof openEditor>[0]> = {}): Promise<Editor> {
  const editor = await openEditor({ file: "training.grad.ts", text: training, reuse: true, ...options });
  await editor.shows({ [at.loop]: "×20", [at.print]: "tensor(" });
  return editor;
}

describe("annotations of a training in VS Code", () => {
  it("tell what backward and the optimizer did, and go back to any epoch and forth again", async () => {
    const editor = await openTraining();
    const last = (await editor.annotations()).get(at.loss)!.text;
    await editor.shows({ [at.backward]: "∇ → w " });
    await editor.shows({ [at.step]: "Δ w " });
    await editor.statusBarShows("epoch 20 of 20");

    await editor.goTo(at.loss, 3);
    await editor.pressKeys("Alt+Shift+[");
    await editor.shows({ [at.loop]: "epoch 1 of 20", [at.loss]: "loss = tensor(10.5000)", [at.print]: null });
    await editor.shows({ [at.backward]: "∇ → w -14.", [at.step]: "Δ w 0.7000" });
    await editor.statusBarShows("epoch 1 of 20");
    assert.match(await editor.hover(at.loss, 9), /tensor\(10\.5000[\s\S]*In epoch 1 of 20/);
    await editor.screenshot("past-hover");
    await editor.goTo(at.loss, 3);

    await editor.pressKeys("Alt+]", "Alt+]");
    await editor.shows({ [at.loop]: "epoch 3 of 20" });
    await editor.pressKeys("Alt+[");
    await editor.shows({ [at.loop]: "epoch 2 of 20" });

    await editor.pressKeys("Escape");
    await editor.shows({ [at.loop]: "×20", [at.loss]: last, [at.print]: "tensor(" });
  });

  it("stay at their epoch while the program is edited", async () => {
    const editor = await openTraining();
    await editor.goTo(at.loss, 3);
    await editor.pressKeys("Alt+Shift+[", "Alt+]");
    await editor.shows({ [at.loop]: "epoch 2 of 20" });
    const before = (await editor.annotations()).get(at.loss)!.text;
    await editor.goTo(line("lr: 0.05"), training.split("\n")[line("lr: 0.05") - 1]!.indexOf("0.05") + 5);
    await editor.type("1");
    await editor.shows({ [at.loop]: "epoch 2 of 20" });
    await editor.waitUntil(
      async () => (await editor.annotations()).get(at.loss)?.text,
      (text) => text !== undefined && text !== before,
      "another loss in epoch 2",
    );
  });

  it("play the epochs up to the last", async () => {
    const editor = await openTraining();
    await editor.goTo(at.loss, 3);
    await editor.pressKeys("Alt+\\");
    await editor.shows({ [at.loop]: "epoch 20 of 20" });
  });

  it("can be chosen from a list, which shows each epoch as one moves through it", async () => {
    const editor = await openTraining();
    await editor.runCommand("Gradlens: Go to Iteration…");
    await editor.page.locator(".quick-input-widget:visible input").fill("epoch 7 of");
    await editor.shows({ [at.loop]: "epoch 7 of 20" });
    await editor.screenshot("past-list");
    await editor.pressKeys("Escape");
    await editor.shows({ [at.loop]: "×20" });
  });

  it("are hidden on a line, and shown again", async () => {
    const editor = await openTraining();
    await editor.goTo(at.loss, 3);
    await editor.runCommand("Gradlens: Toggle Annotation on This Line");
    await editor.shows({ [at.loss]: null, [at.backward]: "∇" });
    await editor.runCommand("Gradlens: Toggle Annotation on This Line");
    await editor.shows({ [at.loss]: "loss =" });
  });

  it("say why the program failed, in the colour of errors, beside what came before", async () => {
    const text = 'import torch from "torch"\nconst a = torch.ones(2, 3)\nconst b = a @ torch.ones(2, 3)\n';
    const editor = await openEditor({ file: "error.grad.ts", text, reuse: true });
    await editor.shows({ 2: "a (2, 3)", 3: "✖ RuntimeError: mat1 and mat2 shapes cannot be multiplied" });
    await editor.screenshot("error");
  });

  it("stand in a column, or are inlay hints, as the settings say", async () => {
    const settings = { "gradlens.annotations.alignment": "column", "gradlens.annotations.column": 70 };
    const editor = await openTraining({ settings });
    await editor.screenshot("column");
    const lefts = await editor.page
      .locator(".view-line [class*='TextEditorDecorationType']")
      .evaluateAll((spans) => spans.map((span) => Math.round(span.getBoundingClientRect().left)));
    assert.ok(lefts.length > 3);
    await editor.configure({ settings: { "gradlens.annotations.display": "inlayHint" } });
    await editor.waitUntil(
      () => editor.lines(),
      (lines) => lines.some((one) => one.includes("loss = tensor(")),
      "inlay hints",
    );
  });
});

describe("the hover of the first lesson's open question", () => {
  it("says why w.grad is negative", async () => {
    const editor = await openEditor({ file: "examples/0-training.grad.ts", reuse: true });
    await editor.shows({ 27: "tensor(16.)" });
    const shown = await editor.hover(42, "print(w.gr".length);
    assert.match(shown, /w went into w @ x/);
    assert.match(shown, /subtracted, so the sign turns/);
    assert.match(shown, /negative, because raising any element of w lowers loss/);
    // Types come as soon as the language server is there, and stand below the values.
    await editor.waitUntil(
      async () => {
        await editor.pressKeys("Escape");
        return editor.hover(42, "print(w.gr".length);
      },
      (text) => /Why this gradient[\s\S]*\(property\) Tensor\.grad/.test(text),
      "the type below the value",
    );
    await editor.screenshot("hover");
  });
});

describe("annotations while typing", () => {
  it("are never blank between two values over 60 keystrokes", async () => {
    const editor = await openTraining();
    await editor.goTo(line("0.5, {"), "const w = torch.tensor(0.5".length + 1);
    await editor.page.evaluate(recordFrames, [at.loss, at.backward, at.step, line("const w")]);
    for (let round = 0; round < 10; round++) {
      const digits = `${1 + (round % 9)}${1 + ((round * 3) % 9)}${1 + ((round * 7) % 9)}`;
      for (const digit of digits) {
        await editor.type(digit);
        await editor.page.waitForTimeout(40 + 30 * (round % 5));
      }
      await editor.shows({ [line("const w")]: `tensor(0.5${digits})` });
      for (const _ of digits) {
        await editor.pressKeys("Backspace");
        await editor.page.waitForTimeout(40 + 30 * (round % 5));
      }
    }
    const frames: Frame[] = await editor.page.evaluate(recordedFrames);
    const texts = new Set(frames.map(({ texts }) => texts.join("|")));
    assert.ok(
      frames.length > 100 && texts.size > 10,
      `${frames.length} frames, different: ${[...texts].join("\n")}`,
    );
    assert.deepEqual(
      frames.filter(({ texts }) => texts.some((text) => text === "")),
      [],
    );
  });
});

interface Frame {
  atMs: number;
  texts: string[];
}
