import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { languages, Range, Uri, WorkspaceEdit, window, workspace } from "vscode";

const WAIT_MS = 60_000;

describe("a program that imports a file", function () {
  this.timeout(3 * WAIT_MS);
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "gradlens-imports-")));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  /** Opens a program that fails with what it imports, and waits until its message is as expected. */
  async function openProgram() {
    write("program.grad.ts", 'import data from "./data.json"\nthrow new Error("it is " + data.value)\n');
    const uri = Uri.file(join(folder, "program.grad.ts"));
    await window.showTextDocument(await workspace.openTextDocument(uri));
    return async (expected: RegExp, meanwhile = () => {}) => {
      const until = performance.now() + WAIT_MS;
      for (let turn = 1; ; turn++) {
        const messages = languages.getDiagnostics(uri).map(({ message }) => message);
        if (messages.some((message) => expected.test(message))) return;
        if (performance.now() > until) assert.fail(`no ${expected} in ${JSON.stringify(messages)}`);
        await delay(50);
        if (turn % 20 === 0) meanwhile();
      }
    };
  }

  it("runs again when the file is written, and when it is made", async () => {
    const says = await openProgram();
    await says(/Cannot find module "\.\/data\.json"/);
    // VS Code does not tell when it has begun to watch the folder: until then nobody hears of a file.
    const make = () => {
      rmSync(join(folder, "data.json"), { force: true });
      write("data.json", '{ "value": 1 }');
    };
    make();
    await says(/it is 1/, make);
    write("data.json", '{ "value": 2 }');
    await says(/it is 2/);
  });

  it("runs again with the text of an editor that is not saved", async () => {
    write("data.json", '{ "value": 1 }');
    const says = await openProgram();
    await says(/it is 1/);
    const data = await workspace.openTextDocument(Uri.file(join(folder, "data.json")));
    const edit = new WorkspaceEdit();
    edit.replace(data.uri, new Range(0, 0, 0, data.getText().length), '{ "value": 3 }');
    assert.ok(await workspace.applyEdit(edit));
    await says(/it is 3/);
    assert.ok(data.isDirty);
  });
});
