import assert from "node:assert/strict";
import { diskFiles } from "../../src/language/files";
import { createLanguageService } from "../../src/language/service";
import { fileNameOf, isVirtual, programNameOf, uriOf } from "../../src/language/uris";
import { withVirtualFiles } from "../../src/language/virtual";
import { folders } from "./editing";

describe("the names of documents", () => {
  for (const uri of [
    "file:///home/me/a%20b/%C3%A4.grad.ts",
    "vscode-vfs://github/me/repo/lesson.grad.ts",
    "memfs:/lesson.grad.ts",
    "untitled:Untitled-1",
  ]) {
    it(`lead back to ${uri}`, () => {
      assert.equal(uriOf(fileNameOf(uri)).replace("untitled:/", "untitled:"), uri);
    });
  }

  it("end as TypeScript's do, also of what was never saved", () => {
    assert.match(programNameOf("untitled:Untitled-1"), /^\/.*\.grad\.ts$/);
    assert.equal(programNameOf("file:///a.grad.ts"), "/a.grad.ts");
  });
});

describe("files that are not on this machine", () => {
  it("are asked of the editor, once, and programs are checked again when they are there", async () => {
    const remote: Record<string, string> = {
      [fileNameOf("memfs:/scale.grad.ts")]: "export const two: number = 2",
    };
    const asked: string[] = [];
    let hasChanged = () => {};
    const changed = new Promise<void>((resolve) => {
      hasChanged = resolve;
    });
    const files = withVirtualFiles(
      diskFiles,
      async (names) => {
        asked.push(...names);
        return names.map((name) => remote[name] ?? null);
      },
      () => hasChanged(),
    );
    const language = createLanguageService(files, folders);
    const program = programNameOf("memfs:/main.grad.ts");
    assert.ok(isVirtual(program));
    language.update(program, 'import { two } from "./scale"\nconst n: string = two');
    const messages = () => language.diagnostics(program).map(({ message }) => message);
    assert.match(messages().join(), /Cannot find module "\.\/scale"/);
    await changed;
    assert.deepEqual(messages(), ["Type 'number' is not assignable to type 'string'."]);
    assert.equal(new Set(asked).size, asked.length, "nothing is asked twice");
    files.forget();
    remote[fileNameOf("memfs:/scale.grad.ts")] = 'export const two: string = "2"';
    messages();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(messages(), []);
  });
});
