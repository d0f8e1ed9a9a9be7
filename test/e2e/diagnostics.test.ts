import assert from "node:assert/strict";
import { openEditor } from "./driver/editor";

const TEXT = `import torch from "torch"
const w = torch.tensor(1.0, { requires_grad: true })
const optimizer = new torch.optim.SGD([w], { lr: 0.01 })
for (let step = 0; step < 10; step++) {
  const loss = w ** 2
  loss.backward()
  optimizer.step()
}
`;

describe("a mistake in a training", () => {
  it("is told at its line, and its quick fix repairs it", async () => {
    const editor = await openEditor({ file: "piling-up.grad.ts", text: TEXT, reuse: true });
    const [problem] = await editor.problems();
    assert.deepEqual([problem?.severity, problem?.line, problem?.column], ["warning", 6, 3]);
    assert.match(problem!.message, /earlier steps left in `w`, 9 times/);

    await editor.goTo(6, 5);
    await editor.runCommand("Auto Fix...");
    await editor.problems((problems) => problems.length === 0);
    assert.deepEqual((await editor.lines()).slice(5, 7), ["  optimizer.zero_grad()", "  loss.backward()"]);
  });

  it("is explained on its page", async () => {
    const editor = await openEditor({ file: "piling-up.grad.ts", text: TEXT, reuse: true });
    await editor.problems();
    await editor.goTo(6, 5);
    await editor.runCommand("Quick Fix...");
    await editor.page.locator(".action-widget .monaco-list-row", { hasText: "Explain" }).click();
    await editor.page.locator(".tab", { hasText: "accumulating-gradients" }).waitFor();
    await editor.screenshot("explained");
  });

  it("is not told of with its setting off", async () => {
    const settings = { "gradlens.diagnostics.accumulating-gradients": false };
    const editor = await openEditor({ file: "piling-up.grad.ts", text: TEXT, settings, reuse: true });
    await editor.shows({ 6: "∇ → w" });
    await editor.page.waitForTimeout(1000);
    assert.equal(await editor.page.locator(".squiggly-warning").count(), 0);
  });
});
