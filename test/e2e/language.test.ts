import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { windowUrl } from "../../scripts/vscode/server.mjs";
import { repoRoot } from "../repo";
import { Editor, openEditor } from "./driver/editor";
import { sharedBrowser, sharedServer } from "./driver/session";

const model = `import torch from "torch"
import nn from "torch/nn"

const w = torch.ones(2, 3)
const x = torch.ones(3)
const y = w @ x
print(y)
`;

async function openProgram(text = model): Promise<Editor> {
  const editor = await openEditor({ file: "program.grad.ts", text, reuse: true });
  await editor.shows({ [text.split("\n").findIndex((line) => line.startsWith("print")) + 1]: "" });
  return editor;
}

/** The labels of the suggestions, once there are any that are good. */
async function suggestions(editor: Editor, isGood: (labels: string[]) => boolean): Promise<string[]> {
  const rows = editor.page.locator(".suggest-widget.visible .monaco-list-row");
  return editor.waitUntil(
    () => rows.evaluateAll((elements) => elements.map((row) => row.getAttribute("aria-label") ?? "")),
    isGood,
    "suggestions",
  );
}

/** Chooses among what the light bulb offers; it is asked again until the server has answered. */
async function chooseAction(editor: Editor, title: string): Promise<void> {
  const rows = editor.page.locator(".action-widget .monaco-list-row");
  await editor.waitUntil(
    async () => {
      if ((await rows.count()) === 0) await editor.pressKeys("Control+.");
      await rows
        .first()
        .waitFor({ timeout: 3000 })
        .catch(() => undefined);
      return rows.allInnerTexts();
    },
    (titles) => titles.some((shown) => shown.includes(title)),
    `the action "${title}"`,
  );
  await rows.filter({ hasText: title }).first().click();
}

async function hasLines(editor: Editor, isGood: (lines: string[]) => boolean, what: string): Promise<void> {
  await editor.waitUntil(() => editor.lines(), isGood, what);
}

describe("writing a program", () => {
  it("offers a tensor's methods and their documentation", async () => {
    const editor = await openProgram();
    await editor.goTo(8);
    await editor.type("y.backw");
    await suggestions(editor, (labels) => labels.some((label) => label.startsWith("backward")));
    await editor.screenshot("language/completion");
    await editor.pressKeys("Tab");
    await hasLines(editor, (lines) => lines[7] === "y.backward", "the chosen suggestion");
  });

  it("offers modules of torch with their import", async () => {
    const editor = await openProgram();
    await editor.goTo(8);
    await editor.type("F");
    await suggestions(editor, (labels) => labels.some((label) => /^F\b.*torch\/nn\/functional/.test(label)));
    await editor.screenshot("language/import");
    await editor.pressKeys("Tab");
    await hasLines(
      editor,
      (lines) => lines[2] === 'import F from "torch/nn/functional"',
      "the import of the chosen suggestion",
    );
  });

  it("offers ranges of the dimension being indexed", async () => {
    const editor = await openProgram();
    await editor.goTo(8);
    await editor.type('w[0, "');
    await suggestions(editor, (labels) => labels.some((label) => label.includes("dimension 1 of (2, 3)")));
    await editor.screenshot("language/index");
  });

  it("lists keywords while they are typed", async () => {
    const editor = await openProgram();
    await editor.goTo(8);
    await editor.type("y.sum({");
    const keyword = editor.page.locator(".parameter-hints-widget.visible li", {
      hasText: "keepdim?: boolean",
    });
    await keyword.waitFor();
    await editor.screenshot("language/signature");
  });

  it("shows type, shape and value in one hover", async () => {
    const editor = await openProgram();
    await editor.hover(6, 7);
    const hovers = editor.page.locator(".monaco-hover:not(.hidden) .monaco-hover-content:visible");
    await editor.waitUntil(
      async () => (await hovers.allInnerTexts()).join("\n").replaceAll("\u00a0", " "),
      (text) => text.includes("const y: torch.Tensor (2,) float32") && text.includes("tensor([3., 3.])"),
      "type, shape and value",
    );
    await editor.screenshot("language/hover");
  });

  it("renames a variable where operators use it", async () => {
    const editor = await openProgram();
    await editor.goTo(4, 7);
    await editor.pressKeys("F2");
    const input = editor.page.locator(".rename-box input");
    await input.fill("weight");
    await input.press("Enter");
    await hasLines(editor, (lines) => lines[5] === "const y = weight @ x", "the new name");
  });

  it("marks a wrong operand, fades what is not used, and fixes a misspelt keyword", async () => {
    const editor = await openProgram(`${model}y @ "a"\ntorch.ones(3, { require_grad: true })\n`);
    const problems = await editor.problems((found) => found.length >= 2);
    const messages = problems.map(({ message }) => message);
    assert.ok(
      messages.includes("Operator '@' cannot be applied to types 'Tensor' and 'string'."),
      String(messages),
    );
    await editor.screenshot("language/problems");
    await editor.goTo(9, 20);
    await chooseAction(editor, "Change spelling to 'requires_grad'");
    await hasLines(editor, (lines) => lines[8]!.includes("{ requires_grad: true }"), "the fix");
  });

  it("lays the program out", async () => {
    const editor = await openProgram(model.replace("w @ x", "w@x"));
    await editor.runCommand("Format Document");
    await hasLines(editor, (lines) => lines[5] === "const y = w @ x", "spaces around @");
  });

  it("goes on when the language server dies", async () => {
    const editor = await openProgram();
    const before = serverProcesses();
    assert.ok(before.length > 0);
    for (const pid of before) process.kill(pid);
    await editor.waitUntil(
      async () => serverProcesses().filter((pid) => !before.includes(pid)),
      (pids) => pids.length > 0,
      "a new language server",
    );
    await editor.goTo(8);
    await editor.type("y @ 2");
    await editor.problems((found) => found.some(({ message }) => message.startsWith("Operator '@'")));
  });
});

describe("a workspace of two folders", () => {
  it("runs programs of the second with what they import, and renames across them", async () => {
    const root = await mkdtemp(join(tmpdir(), "gradlens-folders-"));
    const files = {
      "first/other.grad.ts": "const scale = 1\n",
      "second/scale.grad.ts": "export const scale = 3\n",
      "second/main.grad.ts": 'import { scale } from "./scale.grad"\nconst y = scale * 2\n',
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
    const workspace = join(root, "both.code-workspace");
    const folders = [{ path: "first" }, { path: "second" }];
    await writeFile(workspace, JSON.stringify({ folders }));
    const context = await (await sharedBrowser()).newContext({ viewport: { width: 1280, height: 800 } });
    const editor = new Editor(context, await context.newPage(), root);
    const file = join(root, "second/main.grad.ts");
    try {
      await editor.load(windowUrl(await sharedServer(), { folder: workspace, file, extension: repoRoot }));
      await editor.shows({ 2: "y = 6" });
      await editor.openFile(join(root, "second/scale.grad.ts"));
      await editor.goTo(1, "export const s".length);
      await editor.pressKeys("F2");
      const input = editor.page.locator(".rename-box input");
      await input.fill("factor");
      await input.press("Enter");
      await hasLines(editor, (lines) => lines[0] === "export const factor = 3", "the new name");
      await editor.openFile(file);
      await hasLines(
        editor,
        (lines) => lines[1] === "const y = factor * 2",
        "the new name in the other program",
      );
      await editor.shows({ 2: "y = 6" });
    } finally {
      await editor.close();
    }
  });
});

/** The language servers of this repository. */
function serverProcesses(): number[] {
  const bundle = join(repoRoot, "dist/language-server.cjs");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid).includes(bundle))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
