import assert from "node:assert/strict";
import type { DocumentSymbol } from "vscode-languageserver-types";
import { documentSymbols, foldingRanges, workspaceSymbols } from "../../../src/language/features/structure";
import { programOf, workspaceOf } from "../editing";

const model = `import torch from "torch"
import nn from "torch/nn"

// #region model
class Net extends nn.Module {
  layer = new nn.Linear(2, 3)
  forward(x) {
    return this.layer(x) @ x
  }
}
// #endregion
const net = new Net()
`;

describe("the structure of a program", () => {
  it("is its outline", () => {
    const outline = (symbols: DocumentSymbol[] | undefined): unknown[] =>
      (symbols ?? []).map(({ name, children }) => (children?.length ? [name, outline(children)] : name));
    assert.deepEqual(outline(documentSymbols(programOf(model))), [["Net", ["layer", "forward"]], "net"]);
  });

  it("folds imports, regions, classes and functions", () => {
    const found = foldingRanges(programOf(model)).map(({ startLine, endLine, kind }) => [
      startLine,
      endLine,
      kind,
    ]);
    assert.deepEqual(found, [
      [0, 1, "imports"],
      [3, 10, "region"],
      [4, 8, undefined],
      [6, 7, undefined],
    ]);
  });

  it("is found by name in the whole workspace", () => {
    const workspace = workspaceOf({ "/project/net.grad.ts": model });
    const program = workspace.open("/project/other.grad.ts", "const a = 1");
    const found = workspaceSymbols(program, "Net").map(({ name, location }) => [name, location.uri]);
    assert.deepEqual(found, [
      ["net", "file:///project/net.grad.ts"],
      ["Net", "file:///project/net.grad.ts"],
    ]);
  });
});
