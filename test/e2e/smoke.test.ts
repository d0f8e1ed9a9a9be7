import assert from "node:assert/strict";
import { join } from "node:path";
import { repoRoot } from "../repo";
import { openEditor } from "./driver/editor";

const bareExtension = join(repoRoot, "bench/keystroke/bare-extension");
const text = "const a = 1;\nconst b: string = 2;\n";

describe("VS Code on this machine", () => {
  it("runs an extension in development, and its annotation follows what is typed", async () => {
    const editor = await openEditor({ file: "two-lines.ts", text, extension: bareExtension });
    await editor.shows({ 1: "version 1", 2: null });

    await editor.goTo(2, 21);
    await editor.type(" //");
    await editor.shows({ 1: null, 2: "version 4" });
    assert.deepEqual(await editor.lines(), ["const a = 1;", "const b: string = 2; //", ""]);
  });
});
