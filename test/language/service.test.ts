import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { diskFiles } from "../../src/language/files";
import { createLanguageService } from "../../src/language/service";
import { errorsOf, fixtures, folders } from "./programs";

describe("a program's imports", () => {
  it("say which modules exist when one does not", () => {
    for (const [program, code, name] of [
      ['import np from "numpy";', 2307, "numpy"],
      ['import "node:fs";', 2882, "node:fs"],
      ['import toString from "toString";', 2307, "toString"],
    ]) {
      const [error] = errorsOf(`${program}`);
      assert.ok(
        error?.startsWith(
          `TS${code} «"${name}"» Cannot find module "${name}". A program can import "torch", `,
        ),
        error,
      );
    }
  });

  it("say what a relative import can read when nothing is there", () => {
    const [error] = errorsOf('import { f } from "./missing";');
    assert.match(error!, /^TS2307 «".\/missing"» Cannot find module ".\/missing". A relative import reads /);
  });

  describe("of files", () => {
    const files: Record<string, string> = {
      "/project/data.json": '{ "rate": 0.1 }',
      "/project/lib/scale.grad.ts":
        'import { Tensor } from "torch";\nexport const scale = (x: Tensor) => x * 2;',
      "/project/plain.ts": "export const half: number = 0.5;",
    };
    const host = {
      fileExists: (path: string) => path in files || diskFiles.fileExists(path),
      readFile: (path: string) => files[path] ?? diskFiles.readFile(path),
    };
    const service = createLanguageService(host, folders);
    const check = (text: string) => {
      service.update("/project/program.grad.ts", text);
      return service.diagnostics("/project/program.grad.ts").map(({ message }) => message);
    };

    it("find .grad.ts, .ts and .json files, with their ending or without", () => {
      const imports = [
        'import data from "./data.json";',
        'import { scale } from "./lib/scale";',
        'import { scale as same } from "./lib/../lib/scale.grad.ts";',
        'import { half } from "./plain";',
      ];
      const program = `${imports.join("\n")}\nimport torch from "torch";\nscale(torch.ones(2)) @ same(torch.ones(2)) * data.rate * half;`;
      assert.deepEqual(check(program), []);
    });

    it("are found as soon as their file is there", () => {
      const program = 'import { late } from "./late";\nlate satisfies number;';
      assert.equal(check(program).length, 1);
      files["/project/late.grad.ts"] = "export const late = 1;";
      assert.deepEqual(check(program), []);
      delete files["/project/late.grad.ts"];
      assert.equal(check(program).length, 1);
    });

    it("are checked against the file as it is now", () => {
      const program = 'import { half } from "./plain";\nconst n: number = half;';
      assert.deepEqual(check(program), []);
      files["/project/plain.ts"] = 'export const half = "0.5";';
      assert.deepEqual(check(program), ["Type 'string' is not assignable to type 'number'."]);
    });
  });
});

describe("a program's checks", () => {
  const accepted: [what: string, program: string][] = [
    ["untyped parameters", "function f(x, y) { return x.anything * y; }\nf(1, 2).backward();"],
    [
      "gradients, which are null before backward()",
      'import torch from "torch";\ntorch.ones(1).grad.zero_();',
    ],
    ["lists that are filled later", "const losses = [];\nlosses.push(1);\nlosses[0] + 1;"],
    ["fields without an initial value", "class A { n: number; }\nnew A().n;"],
    ["errors of any kind in catch", "try { print(1); } catch (e) { print(e.message); }"],
    ["await at the top level", "const n = await Promise.resolve(1);\nn + 1;"],
    [
      "print and console",
      "print(1, 'a', null); console.log(1); console.warn(1); console.error(1); console.info(1);",
    ],
  ];
  for (const [what, program] of accepted) {
    it(`accept ${what}`, () => assert.deepEqual(errorsOf(program), []));
  }

  it("know nothing of a host", () => {
    for (const name of ["process", "setTimeout", "fetch", "require", "document", "Buffer"]) {
      assert.match(errorsOf(`${name};`).join(), new RegExp(`Cannot find name '${name}'`), name);
    }
  });

  it("refuse syntax that leaves code behind when types are removed", () => {
    for (const program of [
      "enum A { B }",
      "namespace A { export const b = 1; }",
      "class A { constructor(public b) {} }",
    ]) {
      assert.match(errorsOf(program).join(), /^TS1294 /, program);
    }
  });

  it("name a keyword that does not exist", () => {
    const program = 'import torch from "torch";\ntorch.tensor(1, { require_grad: true });';
    assert.deepEqual(errorsOf(program), [
      "TS2561 «require_grad» Object literal may only specify known properties, but 'require_grad' does not exist in type 'TensorOptions'. Did you mean to write 'requires_grad'?",
    ]);
  });

  it("report positions in a file with a byte order mark and CRLF", () => {
    assert.deepEqual(errorsOf("\uFEFFlet a = 1;\r\nlet b: string = a;\r\n"), [
      "TS2322 «b» Type 'number' is not assignable to type 'string'.",
    ]);
  });

  it("accept the constructs of the lessons", () => {
    assert.deepEqual(errorsOf(readFileSync(`${fixtures}/lesson.grad.ts`, "utf8")), []);
  });

  it("accept a name that another open program declares", () => {
    const service = createLanguageService(diskFiles, folders);
    for (const name of ["a", "b"]) service.update(`/project/${name}.grad.ts`, "const x = 1;");
    assert.deepEqual(service.diagnostics("/project/a.grad.ts"), []);
  });

  it("accept an empty program", () => assert.deepEqual(errorsOf(""), []));
});
