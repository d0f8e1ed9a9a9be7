import assert from "node:assert/strict";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { MarkupContent } from "vscode-languageserver-types";
import { hover } from "../../../src/language/features/hover";
import type { SeenValue } from "../../../src/language/tensors/seen";
import { programOf } from "../editing";

function hoverAt(text: string, seen?: Record<string, Partial<SeenValue>>): string {
  const program = programOf(`import torch from "torch"\n${text}`, seen);
  return (hover(program, program.at)?.contents as MarkupContent | undefined)?.value ?? "";
}

describe("hover", () => {
  it("shows the type that operators give", () => {
    assert.match(
      hoverAt("const ‸loss = (torch.ones(2) - 1) ** 2"),
      /^```typescript\nconst loss: torch\.Tensor\n```$/,
    );
  });

  it("shows documentation", () => {
    assert.match(hoverAt("torch.ones(2).‸abs()"), /\.abs\(\)[\s\S]*derivative at 0/);
  });

  it("adds the shape that the last run saw, at a declaration, a use and a field", () => {
    const seen = { "w = torch.ones(2, 3)": { shape: [2, 3] } };
    assert.match(hoverAt("let ‸w = torch.ones(2, 3)\nw", seen), /let w: torch\.Tensor \(2, 3\) float32\n/);
    assert.match(
      hoverAt("let w = torch.ones(2, 3)\nprint(‸w)", seen),
      /let w: torch\.Tensor \(2, 3\) float32\n/,
    );
    const field = "const m = { w: torch.ones(2) }\nm.‸w";
    assert.match(hoverAt(field, { "m.w": { shape: [2] } }), /\(property\) w: torch\.Tensor \(2\) float32\n/);
  });

  it("takes the shape that was assigned last above", () => {
    const text = "let w = torch.ones(2)\nw = torch.ones(3)\nprint(‸w)";
    const seen = { "w = torch.ones(2)": { shape: [2] }, "w = torch.ones(3)": { shape: [3] } };
    assert.match(hoverAt(text, seen), /torch\.Tensor \(3\) float32/);
  });

  it("keeps variables of the same name apart", () => {
    const text = "const w = torch.ones(2)\nfunction f(w: torch.Tensor) { return ‸w }";
    assert.match(hoverAt(text, { "w = torch.ones(2)": { shape: [2] } }), /\(parameter\) w: torch\.Tensor\n/);
  });

  it("keeps the shape while other lines are edited", () => {
    const program = programOf('import torch from "torch"\nconst ‸w = torch.ones(2, 3)\n', {
      "w = torch.ones(2, 3)": { shape: [2, 3] },
    });
    const below = `${program.document.getText()}print(w).`;
    const text = `// A line above.\n${below}`;
    for (const step of [below, text]) program.language.update(program.fileName, step);
    const document = TextDocument.create(program.document.uri, "grad-ts", 2, text);
    const found = hover({ ...program, document }, { line: 3, character: 6 })?.contents as MarkupContent;
    assert.match(found.value, /\(2, 3\) float32/);
  });
});
