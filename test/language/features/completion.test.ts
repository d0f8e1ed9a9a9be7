import assert from "node:assert/strict";
import type { CompletionItem } from "vscode-languageserver-types";
import { completion, resolveCompletion } from "../../../src/language/features/completion";
import { edited, type Opened, programOf, workspaceOf } from "../editing";

function itemsAt(program: Opened, character?: string): CompletionItem[] {
  return completion(program, program.at, character)?.items ?? [];
}

function labels(program: Opened, character?: string): string[] {
  return itemsAt(program, character).map(({ label }) => label);
}

function itemNamed(program: Opened, label: string, source?: string): CompletionItem {
  const found = itemsAt(program).find(
    (item) => item.label === label && (!source || item.labelDetails?.description === source),
  );
  return found ?? assert.fail(`no item ${label}`);
}

function withImport(text: string): string {
  return `import torch from "torch"\nimport nn from "torch/nn"\n${text}`;
}

describe("completion", () => {
  it("offers a tensor's methods, also of a result of operators", () => {
    const found = labels(programOf(withImport("const x = torch.ones(2)\n;(x @ x * 2).‸")), ".");
    for (const name of ["backward", "sum", "requires_grad_", "grad_fn"])
      assert.ok(found.includes(name), name);
  });

  it("documents what is chosen", () => {
    const program = programOf(withImport("torch.ones(2).ab‸"));
    const item = resolveCompletion(program, itemNamed(program, "abs"));
    assert.match(item.detail!, /\.abs\(\): torch\.Tensor/);
    assert.match(JSON.stringify(item.documentation), /the derivative at 0 is 0/);
  });

  it("offers the keywords of an options object", () => {
    const found = labels(programOf(withImport("torch.tensor([1], { re‸ })")));
    assert.ok(found.includes("requires_grad?"), String(found.slice(0, 5)));
    assert.ok(found.includes("dtype?"));
  });

  it("offers what the last run saw of each tensor variable", () => {
    const program = programOf(withImport("const weight = torch.ones(2, 3)\nwei‸"), {
      weight: { shape: [2, 3] },
    });
    const item = itemNamed(program, "weight");
    assert.equal(item.labelDetails?.description, "(2, 3) float32");
    assert.equal(resolveCompletion(program, item).detail, "const weight: torch.Tensor (2, 3) float32");
  });

  describe("imports", () => {
    const cases: [typed: string, name: string, source: string, statement: string][] = [
      ["nn", "nn", "torch/nn", 'import nn from "torch/nn"'],
      ["F", "F", "torch/nn/functional", 'import F from "torch/nn/functional"'],
      ["opt", "optim", "torch/optim", 'import optim from "torch/optim"'],
      ["Lin", "Linear", "torch/nn", 'import { Linear } from "torch/nn"'],
    ];
    for (const [typed, name, source, statement] of cases) {
      it(`${name} from ${source} when it is chosen`, () => {
        const program = programOf(`import torch from "torch"\n\n${typed}‸`);
        const item = resolveCompletion(program, itemNamed(program, name, source));
        const text = edited(program, item.additionalTextEdits);
        assert.equal(text, `import torch from "torch"\n${statement}\n\n${typed}`);
      });
    }

    it("in a program that has none, with the semicolons of the rest", () => {
      const program = programOf("// A lesson.\nconst a = 1;\nF‸\n");
      const item = resolveCompletion(program, itemNamed(program, "F", "torch/nn/functional"));
      assert.equal(
        edited(program, item.additionalTextEdits),
        '// A lesson.\nimport F from "torch/nn/functional";\n\nconst a = 1;\nF\n',
      );
    });

    it("never from the file of a declaration", () => {
      const items = itemsAt(programOf("a‸"));
      const sources = new Set(items.flatMap(({ labelDetails }) => labelDetails?.description ?? []));
      assert.deepEqual(
        [...sources].filter((source) => !/^(torch|gradlens)\b/.test(source)),
        [],
      );
    });

    it("what another program exports", () => {
      const workspace = workspaceOf({});
      workspace.open("/project/lib/scale.grad.ts", "export const scaled_by_two = 2");
      const program = workspace.open("/project/main.grad.ts", "scaled‸");
      const item = resolveCompletion(program, itemNamed(program, "scaled_by_two"));
      assert.match(
        edited(program, item.additionalTextEdits),
        /import \{ scaled_by_two \} from "\.\/lib\/scale\.grad(\.ts)?"/,
      );
    });

    it("from torch's modules and the files around, in the path of an import", () => {
      const workspace = workspaceOf({ "/project/lib/a.grad.ts": "", "/project/data.json": "{}" });
      const modules = labels(workspace.open("/project/one.grad.ts", 'import nn from "torch/‸"'));
      assert.ok(modules.includes("torch/nn") || modules.includes("nn"), String(modules));
      const files = labels(workspace.open("/project/two.grad.ts", 'import x from "./‸"'));
      assert.ok(files.includes("lib") && files.includes("data.json"), String(files));
    });
  });

  describe("in an index", () => {
    it("offers ranges, with the sizes of the last run", () => {
      const program = programOf(withImport('const x = torch.ones(4, 6)\nx[0, "‸"]'), {
        x: { shape: [4, 6] },
      });
      const items = itemsAt(program, '"');
      assert.deepEqual(
        items.map(({ label }) => label),
        [":", "...", "1:", ":-1", "-1:", ":3", "0:6", "::2"],
      );
      assert.equal(items[0]?.detail, "all, dimension 1 of (4, 6) float32");
    });

    it("offers them in a string that has no end yet", () => {
      const program = programOf(withImport('const x = torch.ones(4, 6)\nx[0, "‸'), { x: { shape: [4, 6] } });
      assert.match(itemsAt(program, '"')[0]?.detail ?? "", /dimension 1 of/);
    });

    it("replaces what is in the string", () => {
      const program = programOf(withImport('const x = torch.ones(4)\nx["1‸:2"]'));
      const item = itemNamed(program, "::2");
      assert.ok(item.textEdit && "range" in item.textEdit);
      assert.match(edited(program, [item.textEdit]), /x\["::2"\]$/);
    });

    it("counts dimensions after an ellipsis from the end, and offers none that there is not", () => {
      const seen = { x: { shape: [4, 6, 8] } };
      const ellipsis = programOf(withImport('const x = torch.ones(4, 6, 8)\nx["...", "‸"]'), seen);
      assert.match(itemsAt(ellipsis)[0]?.detail ?? "", /dimension 2/);
      const tooMany = programOf(withImport('const x = torch.ones(4, 6, 8)\nx[0, 0, 0, "‸"]'), seen);
      assert.deepEqual(itemsAt(tooMany), []);
    });

    it("still offers the properties of ordinary objects", () => {
      assert.deepEqual(labels(programOf('const o = { rate: 1 }\no["‸"]')), ["rate"]);
    });
  });

  it("offers the names that the last run saw in a state dict", () => {
    const text = withImport('const sd = new nn.Linear(1, 2).state_dict()\nsd.get("‸")');
    const program = programOf(text, { sd: { keys: ["weight", "bias"] } });
    assert.deepEqual(labels(program, '"'), ["weight", "bias"]);
  });
});
