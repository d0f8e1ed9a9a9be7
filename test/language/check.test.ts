import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../src/cli/check";
import type { Strictness } from "../../src/language/options";
import { repoRoot } from "../repo";
import { folders } from "./programs";

describe("gradlens check", () => {
  let folder: string;
  let strictness: Strictness = "relaxed";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "gradlens-check-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(...programs: [name: string, text: string | undefined][]) {
    for (const [name, text] of programs) if (text !== undefined) writeFileSync(join(folder, name), text);
    const lines: string[] = [];
    const paths = programs.map(([name]) => join(folder, name));
    const exitCode = check(
      paths,
      strictness,
      (line) => lines.push(line.replaceAll(join(folder, "/"), "")),
      folders,
    );
    return { exitCode, lines };
  }

  it("prints warnings, which are no errors", () => {
    const program = 'import torch from "torch";\nconst x = torch.ones(2);\nprint(x === x.T);';
    const { exitCode, lines } = run(["warned.grad.ts", program]);
    assert.equal(exitCode, 0);
    assert.match(lines.join(), /^warned\.grad\.ts:3:7 - warning TS100001: Operator '==='/);
  });

  it("is strict if asked to be, or if a tsconfig.json beside the program says so", () => {
    const program = "function f(x) { return x; }\nf(1);";
    assert.deepEqual(run(["loose.grad.ts", program]).lines, []);
    strictness = "strict";
    const expected = ["loose.grad.ts:1:12 - error TS7006: Parameter 'x' implicitly has an 'any' type."];
    assert.deepEqual(run(["loose.grad.ts", program]).lines, expected);
    strictness = "relaxed";
    writeFileSync(join(folder, "tsconfig.json"), '// ours\n{ "compilerOptions": { "strict": true } }');
    assert.deepEqual(run(["loose.grad.ts", program]).lines, expected);
    rmSync(join(folder, "tsconfig.json"));
  });

  it("prints nothing for a program without errors", () => {
    const program = 'import torch from "torch";\nprint(torch.ones(2, 3) @ torch.ones(3));';
    assert.deepEqual(run(["good.grad.ts", program]), { exitCode: 0, lines: [] });
  });

  it("prints each error of each file with its line and column", () => {
    const bad = 'import torch from "torch";\r\nconst x = torch.ones(2);\r\n  x @ 2; x.nothing;';
    assert.deepEqual(
      run(["bad.grad.ts", bad], ["good.grad.ts", "1 + 1;"], ["worse.grad.ts", "\uFEFFlet a = ;"]),
      {
        exitCode: 1,
        lines: [
          "bad.grad.ts:3:3 - error TS2365: Operator '@' cannot be applied to types 'Tensor' and 'number'.",
          "bad.grad.ts:3:12 - error TS2339: Property 'nothing' does not exist on type 'Tensor'.",
          "worse.grad.ts:1:9 - error TS1109: Expression expected.",
        ],
      },
    );
  });

  it("finds no error in the lessons, with the engine's own declarations", () => {
    const lessons = readdirSync(join(repoRoot, "examples")).filter((file) => file.endsWith(".grad.ts"));
    assert.ok(lessons.length >= 5);
    const lines: string[] = [];
    const paths = lessons.map((lesson) => join(repoRoot, "examples", lesson));
    check(paths, "relaxed", (line) => lines.push(line), {
      lib: folders.lib,
      types: join(repoRoot, "dist/types"),
    });
    assert.deepEqual(lines, []);
  });

  it("names a file that is missing or no program, and checks the others", () => {
    assert.deepEqual(run(["missing.grad.ts", undefined], ["notes.txt", "hello"], ["bad.grad.ts", "1 @ 1;"]), {
      exitCode: 2,
      lines: [
        "missing.grad.ts - error: No such file.",
        "notes.txt - error: Not a .grad.ts file.",
        "bad.grad.ts:1:1 - error TS2365: Operator '@' cannot be applied to types 'number' and 'number'.",
      ],
    });
  });
});
