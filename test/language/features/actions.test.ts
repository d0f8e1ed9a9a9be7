import assert from "node:assert/strict";
import type { CodeAction } from "vscode-languageserver-types";
import { codeActions, resolveAction } from "../../../src/language/features/actions";
import { RENAME_COMMAND } from "../../../src/language/protocol";
import { editedBy, type Opened, programOf } from "../editing";

function actionsAt(program: Opened, only?: string[]): CodeAction[] {
  return codeActions(program, program.range, only);
}

/** The text after the action of this title. */
function applied(text: string, title: string | RegExp, only?: string[]): string {
  const program = programOf(text);
  const actions = actionsAt(program, only);
  const matches = (action: CodeAction) =>
    typeof title === "string" ? action.title === title : title.test(action.title);
  const chosen = actions.find(matches);
  if (!chosen) assert.fail(`only ${actions.map((action) => action.title).join(", ")}`);
  return editedBy(program, (chosen.edit ? chosen : resolveAction(program, chosen)).edit);
}

describe("quick fixes", () => {
  it("correct the spelling of a method and of a keyword", () => {
    assert.equal(
      applied('import torch from "torch"\ntorch.ones(2).‸bakward()', /^Change spelling to 'backward'/),
      'import torch from "torch"\ntorch.ones(2).backward()',
    );
    assert.equal(
      applied('import torch from "torch"\ntorch.tensor(1, { ‸require_grad: true })', /^Change spelling/),
      'import torch from "torch"\ntorch.tensor(1, { requires_grad: true })',
    );
  });

  it("correct a keyword of a call with several signatures", () => {
    assert.equal(
      applied('import torch from "torch"\ntorch.ones(3, { ‸require_grad: true })', /^Change spelling/),
      'import torch from "torch"\ntorch.ones(3, { requires_grad: true })',
    );
  });

  it("import torch's modules by their usual names", () => {
    const text = 'import torch from "torch"\n‸F.relu(torch.ones(2))';
    assert.equal(
      applied(text, 'Add import from "torch/nn/functional"'),
      'import torch from "torch"\nimport F from "torch/nn/functional"\nF.relu(torch.ones(2))',
    );
    assert.match(
      applied("new ‸nn.Linear(1, 2)", 'Add import from "torch/nn"'),
      /^import nn from "torch\/nn"/,
    );
  });

  it("never change declarations", () => {
    const titles = actionsAt(programOf('import torch from "torch"\ntorch.ones(2).‸nothing()')).map(
      ({ title }) => title,
    );
    assert.deepEqual(
      titles.filter((title) => title.startsWith("Declare")),
      [],
    );
  });

  it("never import from the file of a declaration", () => {
    const titles = actionsAt(programOf("‸smooth_l1_loss")).map(({ title }) => title);
    assert.ok(titles.includes('Add import from "torch/nn/functional"'), String(titles));
    assert.deepEqual(
      titles.filter((title) => title.includes("/types/")),
      [],
    );
  });

  it("remove what is not used", () => {
    assert.equal(applied("const ‸a = 1\nprint(2)", "Remove unused declaration for: 'a'"), "print(2)");
  });

  it("compare tensors by value", () => {
    const text = 'import torch from "torch"\nconst a = torch.ones(2)\nif (‸a * 1 !== a) print(1)';
    assert.match(applied(text, "Compare the values as a whole"), /if \(!\(a \* 1\)\.equal\(a\)\) print/);
    assert.match(applied(text, "Compare element by element"), /if \(\(a \* 1\)\.ne\(a\)\) print/);
  });

  it("go through the rows of a tensor", () => {
    const text = 'import torch from "torch"\nfor (const row in ‸torch.ones(2)) print(row)';
    assert.match(applied(text, "Go through the rows"), /for \(const row of torch\.ones\(2\)\) print\(row\)$/);
  });

  it("fix all of a kind at once", () => {
    const text = "const ‸a = 1\nconst b = 2\nprint(3)";
    assert.equal(applied(text, "Delete all unused declarations"), "print(3)");
  });
});

describe("refactorings", () => {
  const text =
    'import torch from "torch"\nconst w = torch.ones(2), x = torch.ones(2)\nconst y = «w @ x ** 2» + 1';

  it("keep operators, and ask for the name of what was made", () => {
    const program = programOf(text);
    const constant = actionsAt(program).find(
      ({ title }) => title === "Extract to constant in enclosing scope",
    )!;
    assert.equal(constant.kind, "refactor.extract.constant");
    const { edit, command } = resolveAction(program, constant);
    assert.match(editedBy(program, edit), /const newLocal = w @ x \*\* 2\nconst y = newLocal \+ 1$/);
    assert.equal(command?.command, RENAME_COMMAND);
    assert.deepEqual(command?.arguments?.[1], { line: 3, character: 10 });
  });

  it("move operators into a function", () => {
    assert.match(applied(text, /^Extract to function in module scope/, ["refactor"]), /return w @ x \*\* 2/);
  });

  it("move declarations to a program of their own", () => {
    const program = programOf(
      'import torch from "torch"\n«export const two = (x) => x @ x * 2»\nprint(two(torch.ones(2)))',
    );
    const move = actionsAt(program, ["refactor.move"]).find(({ title }) => title === "Move to a new file")!;
    const { edit } = resolveAction(program, move);
    const made = edit?.documentChanges?.find((change) => "kind" in change);
    assert.equal(made && "uri" in made && made.uri, "file:///project/two.grad.ts");
  });
});

describe("source actions", () => {
  const imports =
    'import nn from "torch/nn"\nimport F from "torch/nn/functional"\nimport torch from "torch"\nprint(torch, F)‸';

  it("organize imports", () => {
    assert.equal(
      applied(imports, "Organize Imports", ["source.organizeImports"]),
      'import torch from "torch"\nimport F from "torch/nn/functional"\nprint(torch, F)',
    );
  });

  it("sort imports and remove unused ones separately", () => {
    assert.match(applied(imports, "Sort Imports", ["source.sortImports"]), /^import torch .*\nimport nn /);
    assert.doesNotMatch(
      applied(imports, "Remove Unused Imports", ["source.removeUnusedImports"]),
      /import nn/,
    );
  });

  it("are offered only when asked for", () => {
    assert.deepEqual(
      actionsAt(programOf(imports)).filter(({ kind }) => kind?.startsWith("source")),
      [],
    );
  });
});
