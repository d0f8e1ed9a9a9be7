import assert from "node:assert/strict";
import { moveFile, prepareRename, rename } from "../../../src/language/features/rename";
import { edited, editedBy, programOf, workspaceOf } from "../editing";

describe("rename", () => {
  it("renames a variable in operators, indices and assignments", () => {
    const program = programOf(
      'import torch from "torch"\nlet ‸w = torch.ones(2)\nw *= 2\nprint(w @ w[0, "1:"], -w ** 2, { w })',
    );
    const text = editedBy(program, rename(program, program.at, "weight"));
    assert.match(
      text,
      /let weight = .*\nweight \*= 2\nprint\(weight @ weight\[0, "1:"\], -weight \*\* 2, \{ w: weight \}\)$/,
    );
  });

  it("renames across programs, open or not", () => {
    const user = 'import { scale } from "./scale"\nprint(scale(3))';
    const workspace = workspaceOf({ "/project/scale.grad.ts": "", "/project/user.grad.ts": user });
    const program = workspace.open("/project/scale.grad.ts", "export const ‸scale = (x) => x * 2");
    const { changes } = rename(program, program.at, "double");
    assert.match(editedBy(program, { changes: changes! }), /const double =/);
    const other = workspace.open("/project/user.grad.ts", user);
    assert.equal(
      edited(other, changes?.["file:///project/user.grad.ts"]),
      'import { double } from "./scale"\nprint(double(3))',
    );
  });

  it("refuses names of PyTorch's, but not the name a module was imported as", () => {
    const method = programOf('import torch from "torch"\ntorch.‸ones(2)');
    assert.throws(() => prepareRename(method, method.at), { message: '"ones" is a name of PyTorch\'s.' });
    const module = programOf('import torch from "torch"\n‸torch.ones(2)');
    assert.equal(editedBy(module, rename(module, module.at, "t")), 'import t from "torch"\nt.ones(2)');
  });

  it("refuses what has no name", () => {
    const program = programOf("const a = ‸1");
    assert.throws(() => prepareRename(program, program.at), { message: "You cannot rename this element." });
  });

  it("changes imports when a file moves", () => {
    const user = 'import { scale } from "./scale"\nprint(scale(3))';
    const workspace = workspaceOf({
      "/project/scale.grad.ts": "export const scale = (x) => x * 2",
      "/project/user.grad.ts": user,
    });
    const program = workspace.open("/project/user.grad.ts", user);
    const edit = moveFile(program, "/project/scale.grad.ts", "/project/lib/factor.grad.ts");
    assert.match(editedBy(program, edit), /^import \{ scale \} from "\.\/lib\/factor(\.grad)?"/);
  });
});
