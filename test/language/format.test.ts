import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "../../src/cli/format";

describe("gradlens format", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "gradlens-format-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(text: string, check = false) {
    const file = join(folder, "program.grad.ts");
    writeFileSync(file, text);
    const lines: string[] = [];
    const exitCode = format([file], { check }, (line) => lines.push(line.replaceAll(join(folder, "/"), "")));
    return { exitCode, lines, text: readFileSync(file, "utf8") };
  }

  it("lays a program out and names it", () => {
    assert.deepEqual(run("const y=w@x\n"), {
      exitCode: 0,
      lines: ["program.grad.ts"],
      text: "const y = w @ x\n",
    });
  });

  it("says nothing of a program that is laid out", () => {
    assert.deepEqual(run("const y = w @ x\n"), { exitCode: 0, lines: [], text: "const y = w @ x\n" });
  });

  it("with --check names what is not laid out, and changes nothing", () => {
    assert.deepEqual(run("const y=w@x\n", true), {
      exitCode: 1,
      lines: ["program.grad.ts"],
      text: "const y=w@x\n",
    });
  });

  it("keeps line breaks and the byte order mark", () => {
    assert.equal(run("\uFEFFif (a) {\r\nb\r\n}\r\n").text, "\uFEFFif (a) {\r\n  b\r\n}\r\n");
  });

  it("leaves a program alone that does not parse", () => {
    const { exitCode, lines, text } = run("const y=\n");
    assert.deepEqual([exitCode, text], [1, "const y=\n"]);
    assert.match(lines.join(), /^program\.grad\.ts:\d:\d - error: Expression expected\. Not changed\.$/);
  });

  it("names what is missing or no program", () => {
    const lines: string[] = [];
    const exitCode = format(["missing.grad.ts", "package.json"], { check: true }, (line) => lines.push(line));
    assert.deepEqual(
      [exitCode, lines],
      [2, ["missing.grad.ts - error: No such file.", "package.json - error: Not a .grad.ts file."]],
    );
  });
});
