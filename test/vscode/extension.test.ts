import assert from "node:assert/strict";
import { extensions } from "vscode";

describe("the installed extension", () => {
  it("is known to VS Code under its published name", () => {
    const extension = extensions.getExtension("gradlens.gradlens");
    assert.equal(extension?.packageJSON.displayName, "Gradlens");
  });
});
