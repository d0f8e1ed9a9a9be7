import assert from "node:assert/strict";
import { diagnostics } from "../../src/language/features/diagnostics";
import { definition } from "../../src/language/features/navigation";
import { includingTsconfig } from "../../src/language/inclusion";
import { type Opened, workspaceOf } from "./editing";

const untyped = "export function f(x) { return x }";

function errors(program: Opened): string[] {
  return diagnostics(program)
    .filter(({ severity }) => severity === 1)
    .map(({ message }) => String(message));
}

describe("strictness", () => {
  const implicitAny = "Parameter 'x' implicitly has an 'any' type.";

  it("is relaxed for lessons and strict by setting", () => {
    assert.deepEqual(errors(workspaceOf({}).open("/project/a.grad.ts", untyped)), []);
    assert.deepEqual(errors(workspaceOf({}, "strict").open("/project/a.grad.ts", untyped)), [implicitAny]);
  });

  it("is that of a tsconfig.json beside the program, with what it extends", () => {
    const files = {
      "/project/tsconfig.json": '{ "extends": "./base.json" /* ours */ }',
      "/project/base.json": '{ "compilerOptions": { "strict": true } }',
    };
    const workspace = workspaceOf(files);
    assert.deepEqual(errors(workspace.open("/project/a.grad.ts", untyped)), [implicitAny]);
    assert.deepEqual(
      errors(workspace.open("/project/lessons/a.grad.ts", untyped)),
      [],
      "one further up is not asked",
    );
  });

  it("can be loosened by a tsconfig.json in part", () => {
    const files = { "/project/tsconfig.json": '{ "compilerOptions": { "noImplicitAny": false } }' };
    assert.deepEqual(errors(workspaceOf(files, "strict").open("/project/a.grad.ts", untyped)), []);
  });

  it("changes with the file", () => {
    const files: Record<string, string> = {};
    const program = workspaceOf(files).open("/project/a.grad.ts", untyped);
    assert.deepEqual(errors(program), []);
    files["/project/tsconfig.json"] = '{ "compilerOptions": { "strict": true } }';
    assert.deepEqual(errors(program), [implicitAny]);
  });

  it("does not bring JavaScript's hosts or other languages in", () => {
    const files = {
      "/project/tsconfig.json":
        '{ "compilerOptions": { "lib": ["dom"], "types": ["node"], "target": "es5" } }',
    };
    const program = workspaceOf(files).open("/project/a.grad.ts", "document; process");
    assert.equal(errors(program).length, 2);
  });
});

describe("paths of a tsconfig.json", () => {
  const files = {
    "/project/tsconfig.json":
      '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"], "rate": ["./lib/rate.ts"] } } }',
    "/project/lib/scale.grad.ts": "export const two = 2",
    "/project/lib/rate.ts": "export default 0.1",
  };

  it("lead to programs and other files", () => {
    const text = 'import { two } from "@lib/scale"\nimport rate from "rate"\nconst n: number = ‸two * rate';
    const program = workspaceOf(files).open("/project/a.grad.ts", text);
    assert.deepEqual(errors(program), []);
    assert.equal(definition(program, program.at)[0]?.targetUri, "file:///project/lib/scale.grad.ts");
  });

  it("do not hide torch", () => {
    const own = {
      ...files,
      "/project/tsconfig.json": '{ "compilerOptions": { "paths": { "torch": ["./lib/rate.ts"] } } }',
    };
    const program = workspaceOf(own).open(
      "/project/a.grad.ts",
      'import torch from "torch"\ntorch.ones(2) @ torch.ones(2)',
    );
    assert.deepEqual(errors(program), []);
  });
});

describe("an ordinary TypeScript project around a program", () => {
  const including = (tsconfig: string | undefined, program = "/project/src/a.grad.ts") =>
    includingTsconfig(program, {
      fileExists: (path) => path === "/project/tsconfig.json" && tsconfig !== undefined,
      readFile: (path) => (path === "/project/tsconfig.json" ? tsconfig : undefined),
    });

  it("is told of if it includes the program", () => {
    assert.equal(including("{}"), "/project/tsconfig.json");
    assert.equal(including('{ "include": ["src"] }'), "/project/tsconfig.json");
  });

  it("is not told of if it does not", () => {
    assert.equal(including(undefined), undefined);
    assert.equal(including('{ "exclude": ["**/*.grad.ts"] }'), undefined);
    assert.equal(including('{ "include": ["test"] }'), undefined);
    assert.equal(including('{ "files": ["src/main.ts"] }'), undefined);
  });
});
