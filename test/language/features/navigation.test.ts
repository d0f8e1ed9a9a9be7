import assert from "node:assert/strict";
import type { SelectionRange } from "vscode-languageserver-types";
import {
  definition,
  highlights,
  implementation,
  references,
  selectionRanges,
  typeDefinition,
} from "../../../src/language/features/navigation";
import { programOf, workspaceOf } from "../editing";

const scale = "export const scale = (x) => x * 2";

describe("navigation", () => {
  it("goes to a definition in another program, in TypeScript, in JSON and in torch's declarations", () => {
    const workspace = workspaceOf({
      "/project/scale.grad.ts": scale,
      "/project/plain.ts": "export const half = 0.5",
      "/project/data.json": '{ "rate": 1 }',
    });
    const imports =
      'import torch from "torch"\nimport { scale } from "./scale"\nimport { half } from "./plain"\nimport data from "./data.json"\n';
    const targets = ["‸scale(1)", "‸half", "data.‸rate", "torch.‸ones(2)"].map((use) => {
      const program = workspace.open("/project/main.grad.ts", imports + use);
      return definition(program, program.at)[0]?.targetUri;
    });
    assert.deepEqual(targets.slice(0, 3), [
      "file:///project/scale.grad.ts",
      "file:///project/plain.ts",
      "file:///project/data.json",
    ]);
    assert.match(targets[3]!, /dist\/types\/.*\.d\.ts$/);
  });

  it("goes from the path of an import to the file", () => {
    const workspace = workspaceOf({ "/project/scale.grad.ts": scale });
    const program = workspace.open("/project/main.grad.ts", 'import { scale } from "./sc‸ale"');
    assert.equal(definition(program, program.at)[0]?.targetUri, "file:///project/scale.grad.ts");
  });

  it("goes to the type of what operators give", () => {
    const program = programOf('import torch from "torch"\nconst y = torch.ones(2) @ torch.ones(2)\n‸y');
    assert.match(typeDefinition(program, program.at)[0]!.targetUri, /tensor\.d\.ts$/);
  });

  it("goes to implementations", () => {
    const program = programOf(
      "interface Scale { by(x): unknown }\nclass Two implements Scale { by(x) { return x * 2 } }\nlet s: ‸Scale",
    );
    const found = implementation(program, program.at).map(({ range }) => range.start.line);
    assert.deepEqual(found, [1]);
  });

  it("goes nowhere from what only every program has", () => {
    const program = programOf("‸print(1)");
    assert.deepEqual(definition(program, program.at), []);
  });

  it("finds references in programs of the workspace that are not open", () => {
    const workspace = workspaceOf({
      "/project/scale.grad.ts": scale,
      "/project/other.grad.ts": 'import { scale } from "./scale"\nprint(scale(3))',
    });
    const program = workspace.open("/project/scale.grad.ts", scale.replace("scale", "‸scale"));
    const find = (includeDeclaration: boolean) =>
      references(program, program.at, { includeDeclaration })
        .map(({ uri, range }) => `${uri.split("/").at(-1)}:${range.start.line}`)
        .sort();
    assert.deepEqual(find(true), ["other.grad.ts:0", "other.grad.ts:1", "scale.grad.ts:0"]);
    assert.deepEqual(find(false), ["other.grad.ts:0", "other.grad.ts:1"]);
  });

  it("highlights reads and writes", () => {
    const program = programOf("let ‸n = 1\nn *= 2\nprint(n)");
    const found = highlights(program, program.at).map(({ range, kind }) => [range.start.line, kind]);
    assert.deepEqual(found, [
      [0, 3],
      [1, 3],
      [2, 2],
    ]);
  });

  it("grows a selection by what operators group", () => {
    const program = programOf("const y = w @ ‸x + b");
    const texts: string[] = [];
    for (
      let range: SelectionRange | undefined = selectionRanges(program, [program.at])[0];
      range;
      range = range.parent
    ) {
      texts.push(program.document.getText(range.range));
    }
    assert.deepEqual(texts.slice(0, 4), ["x", "w @ x", "w @ x + b", "const y = w @ x + b"]);
  });
});
