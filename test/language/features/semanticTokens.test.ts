import assert from "node:assert/strict";
import { semanticTokens, semanticTokensLegend } from "../../../src/language/features/semanticTokens";
import { type Opened, programOf } from "../editing";

function describeTokens(program: Opened, range?: Opened["range"]): string[] {
  const { data } = semanticTokens(program, range);
  const found: string[] = [];
  let line = 0;
  let character = 0;
  for (let i = 0; i < data.length; i += 5) {
    const [lines, characters, length, type, modifiers] = data.slice(i, i + 5) as [
      number,
      number,
      number,
      number,
      number,
    ];
    line += lines;
    character = lines === 0 ? character + characters : characters;
    const start = program.document.offsetAt({ line, character });
    const { tokenTypes, tokenModifiers } = semanticTokensLegend;
    const names = tokenModifiers.filter((_, bit) => modifiers & (1 << bit));
    found.push(
      [program.document.getText().slice(start, start + length), [tokenTypes[type], ...names].join(".")].join(
        " ",
      ),
    );
  }
  return found;
}

describe("semantic tokens", () => {
  it("tell what each name is, gradients apart", () => {
    const program = programOf(
      'import torch from "torch"\nfunction f(x) {\n  return x @ x\n}\nconst y = f(1), w = torch.ones(2)\nw.backward()\nw.grad',
    );
    assert.deepEqual(describeTokens(program), [
      "f function.declaration",
      "x parameter.declaration",
      "x parameter",
      "x parameter",
      "y variable.declaration.readonly",
      "f function",
      "w variable.declaration.readonly",
      "ones function.readonly",
      "w variable.readonly",
      "backward method.gradient",
      "w variable.readonly",
      "grad property.gradient",
    ]);
  });

  it("of a range are those in it", () => {
    const program = programOf("const a = 1\n«const b = 2»\nconst c = 3");
    assert.deepEqual(describeTokens(program, program.range), ["b variable.declaration.readonly"]);
  });
});
