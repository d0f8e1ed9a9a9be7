import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import {
  commands,
  type Diagnostic,
  extensions,
  type Hover,
  languages,
  type TextDocument,
  window,
  workspace,
} from "vscode";

async function open(content: string): Promise<TextDocument> {
  const document = await workspace.openTextDocument({ language: "grad-ts", content });
  await window.showTextDocument(document);
  return document;
}

/** Asks until the answer is what the test waits for; mocha's time limit ends the wait. */
async function eventually<T>(ask: () => T | Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isEnough(answer)) return answer;
    await delay(50);
  }
}

const messages = (found: readonly Diagnostic[]) => found.map(({ message }) => message).join("\n");

describe("the installed extension", function () {
  this.timeout(30_000);

  it("is known to VS Code under its published name", () => {
    const extension = extensions.getExtension("gradlens.gradlens");
    assert.equal(extension?.packageJSON.displayName, "Gradlens");
  });

  it("wakes up for a .grad.ts file and contributes the commands it announces", async () => {
    await open("");
    const extension = extensions.getExtension("gradlens.gradlens")!;
    await eventually(() => extension.isActive, Boolean);
    const known = new Set(await commands.getCommands(true));
    const announced: { command: string }[] = extension.packageJSON.contributes.commands;
    assert.deepEqual(
      announced.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  });

  it("explains a value where one hovers over it", async () => {
    const { uri } = await open(
      'import torch from "torch"\nconst x = torch.ones(2, { requires_grad: true })\nx.sum().backward()\n',
    );
    const text = (hovers: Hover[]) =>
      hovers
        .flatMap(({ contents }) => contents.map((part) => (typeof part === "string" ? part : part.value)))
        .join("\n");
    const shown = await eventually(
      async () =>
        text(
          await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", uri, {
            line: 1,
            character: 6,
          }),
        ),
      (found) => found.includes("gradient"),
    );
    assert.match(shown, /tensor\(\[1\., 1\.\], requires_grad=True\)/);
  });

  it("reports type errors and run-time errors at the expressions they are about", async () => {
    const { uri } = await open(
      'import torch from "torch"\nconst x: number = torch.ones(2)\nconst y = torch.ones(2, 3) @ torch.ones(2, 3)\n',
    );
    const found = await eventually(
      () => languages.getDiagnostics(uri),
      (all) => /not assignable/.test(messages(all)) && /cannot be multiplied/.test(messages(all)),
    );
    const failed = found.find(({ message }) => message.includes("cannot be multiplied"))!;
    assert.equal(failed.range.start.line, 2);
    assert.equal(failed.range.start.character, 10);
  });
});
