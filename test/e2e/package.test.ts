import assert from "node:assert/strict";
import { join } from "node:path";
import { packExtension, packedFiles } from "../../scripts/pack.mjs";
import { repoRoot } from "../repo";
import { openEditor } from "./driver/editor";

describe("the packaged extension", () => {
  it("contains what runs and what a reader needs, and nothing else", async () => {
    const files = await packedFiles(repoRoot);
    const needed =
      /^(dist|syntaxes|snippets|media|examples|docs\/diagnostics)\/|^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
    assert.deepEqual(
      files.filter((file) => !needed.test(file) || file.endsWith(".map")),
      [],
    );
    const { main } = await import("../../package.json");
    assert.ok(files.includes(main.replace("./", "")), `${main} is missing`);
  });

  it("works in VS Code, where it is installed from the vsix file", async () => {
    const vsix = await packExtension(repoRoot, join(repoRoot, "out/package-test.vsix"));
    const text = 'import torch from "torch";\nconst x = torch.tensor(2);\n';
    const editor = await openEditor({ file: "packaged.grad.ts", text, extension: vsix });
    await editor.shows({ 2: "tensor(2.)" });
  });
});
