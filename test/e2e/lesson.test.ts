import assert from "node:assert/strict";
import { openEditor } from "./driver/editor";

/** As a lesson begins: a forward and a backward pass, then a loop. */
const lesson = `// The square of a weighted sum, and what each weight had to do with it.
import torch from "torch"

const x = torch.tensor([4, 5])
const w = torch.tensor([2, 3], { requires_grad: true })
const z = w @ x
const loss = z ** 2
loss.backward()

let v = torch.tensor([[1, 2], [3, 4]], { requires_grad: true })
for (let epoch = 0; epoch < 20; epoch++) {
  const error = ((v - 1) ** 2).mean()
  error.backward()
  v = torch.no_grad(() => v - 0.3 * v.grad).requires_grad_()
  if (error < 0.01) {
    print(error)
  }
}
`;
const line = (text: string) => lesson.split("\n").findIndex((one) => one.includes(text)) + 1;
const at = { x: line("const x"), w: line("const w"), z: line("const z"), loss: line("const loss") };

/** Opens the lesson and waits until it has run. */
async function openLesson(options: { theme?: string; settings?: Record<string, unknown> } = {}) {
  const editor = await openEditor({ file: "lesson.grad.ts", text: lesson, reuse: true, ...options });
  await editor.statusBarShows(" ms");
  await editor.shows({ [at.x]: "x = tensor([4., 5.])" });
  return editor;
}

for (const theme of ["Default Dark Modern", "Default Light Modern", "Default High Contrast"]) {
  const name = theme.replace("Default ", "").toLowerCase().replaceAll(" ", "-");

  describe(`a lesson in VS Code, ${name}`, () => {
    it("comes alive as it is opened, changed, broken and mended", async () => {
      const editor = await openLesson({ theme });
      await editor.shows({
        [at.x]: "x = tensor([4., 5.])",
        [at.w]: "w = tensor([2., 3.])  ∇ [184., 230.]",
        [at.z]: "z = tensor(23.)  DotBackward0  ∇ 46.",
        [line("backward()")]: "∇ → w [184., 230.]",
        [line("const error")]: "×20",
        [line("if (error")]: "True  ×20",
      });
      await editor.screenshot(`lesson-${name}-1-open`);

      await editor.goTo(at.x, "const x = torch.tensor([4, 5".length);
      await editor.type("1");
      await editor.shows({ [at.x]: "x = tensor([ 4., 15.])", [at.w]: "∇ [ 424., 1590.]" });
      await editor.screenshot(`lesson-${name}-2-changed`);

      await editor.goTo(at.z, "const z = w @ x".length + 1);
      await editor.type(" @ (");
      await editor.shows({ [at.x]: "x = tensor([ 4., 15.])", [at.loss]: "loss = " }, { dimmed: true });
      const problems = await editor.problems();
      assert.deepEqual(new Set(problems.map(({ severity }) => severity)), new Set(["error"]));
      await editor.statusBarShows("cannot run");
      await editor.screenshot(`lesson-${name}-3-broken`);

      await editor.goTo(at.z, "const z = w @ x @ (".length + 1);
      for (const _ of " @ (") await editor.pressKeys("Backspace");
      await editor.shows({ [at.x]: "x = tensor([ 4., 15.])", [at.loss]: "loss = tensor(2809.)" });
      await editor.problems((found) => found.length === 0);

      assert.match(
        await editor.hover(at.w, "const w".length),
        /tensor\(\[2., 3.\], requires_grad=True\)[\s\S]*∇ gradient\s+tensor\(\[ *424., 1590.\]\)/,
      );
      await editor.page.waitForTimeout(500); // it fades in
      await editor.screenshot(`lesson-${name}-4-hover`);
    });
  });
}

describe("a program that goes wrong in VS Code", () => {
  it("is marked where it failed, with the lines before it still explained", async () => {
    const editor = await openLesson();
    await editor.goTo(at.x, "const x = torch.tensor([4, 5".length + 1);
    await editor.type(", 6");
    await editor.shows({ [at.x]: "x = tensor([4., 5., 6.])" });
    await editor.shows({ [at.z]: "✖ RuntimeError: inconsistent tensor size" });
    await editor.shows({ [at.loss]: "loss = " }, { dimmed: true });
    await editor.statusBarShows("failed: RuntimeError");
    const [problem] = await editor.problems();
    assert.equal(problem?.line, at.z);
    assert.equal(problem.column, "const z = ".length + 1);
    assert.match(problem.message, /^RuntimeError: inconsistent tensor size/);
    await editor.screenshot("lesson-failed");
  });

  it("is stopped when it never ends, and can be typed into all the while", async () => {
    const editor = await openLesson({ settings: { "gradlens.timeLimit": 2 } });
    await editor.goTo(at.loss, 1);
    await editor.type("while (true) {}\n");
    await editor.statusBarShows("running");
    await editor.shows({ [at.loss + 1]: "loss = tensor(529.)" }, { dimmed: true });
    await editor.goTo(at.x, "const x = torch.tensor([4, 5".length);
    await editor.type("1"); // while it runs
    await editor.shows({ [at.x]: "x = tensor([ 4., 15.])" });
    await editor.statusBarShows("stopped");
    const [problem] = await editor.problems();
    assert.equal(problem?.severity, "warning");
    assert.equal(problem.line, at.loss);
    assert.match(problem.message, /^Stopped after 2000 ms\. Shorten the loop or raise the time limit/);
    await editor.screenshot("lesson-endless");

    await editor.selectLine(at.loss);
    await editor.type("// it ends now");
    await editor.shows({ [at.loss + 1]: "loss = tensor(2809.)" });
    await editor.problems((found) => found.length === 0);
  });
});

describe("a program's views in VS Code", () => {
  it("stay with their lines when lines are added above", async () => {
    const editor = await openLesson();
    await editor.goTo(at.x, 1);
    await editor.type("\n\n");
    await editor.shows({ [at.x]: null, [at.x + 2]: "x = tensor([4., 5.])", [at.loss + 2]: "loss = " });
  });

  it("can be hidden and shown again in one file", async () => {
    const editor = await openLesson();
    await editor.runCommand("Gradlens: Toggle Annotations in This File");
    await editor.shows({ [at.x]: null, [at.w]: null });
    await editor.runCommand("Gradlens: Toggle Annotations in This File");
    await editor.shows({ [at.x]: "x = " });
  });

  it("wait for the command if they are told to, which then has no time limit", async () => {
    const settings = { "gradlens.run": "onCommand", "gradlens.timeLimit": 0.001 };
    const editor = await openEditor({ file: "lesson.grad.ts", text: lesson, settings, reuse: true });
    await editor.statusBarShows("not run");
    await editor.pressKeys("Control+Enter");
    await editor.shows({ [at.x]: "x = tensor([4., 5.])", [line("if (error")]: "×20" });
    assert.deepEqual(
      (await editor.lines()).filter((text) => text !== ""),
      lesson.split("\n").filter((text) => text !== ""),
    );
  });

  it("come with a new file that is made from a lesson", async () => {
    const editor = await openLesson();
    await editor.runCommand("Gradlens: New File from a Lesson…");
    await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: "Lesson 0" }).click();
    await editor.shows({ 9: "x = tensor([4., 5.])" });
  });
});
