import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatDocument, formatOnType, formatRange } from "../../../src/language/features/formatting";
import { repoRoot } from "../../repo";
import { edited, programOf } from "../editing";

const options = { tabSize: 2, insertSpaces: true };

function formatted(text: string): string {
  const program = programOf(text);
  return edited(program, formatDocument(program, options));
}

describe("formatting", () => {
  const rows: [what: string, before: string, after: string][] = [
    ["matrix products", "const y=w@x+b", "const y = w @ x + b"],
    ["chains of operators", "y=a@b@-c**2", "y = a @ b @ -c ** 2"],
    ["compound assignments", "w*=2;w-=w@x", "w *= 2; w -= w @ x"],
    ["comparisons", "m=x>0", "m = x > 0"],
    ["indices", 'x[0,1]=x["1:3" ,":" ]', 'x[0, 1] = x["1:3", ":"]'],
    ["keyword options", "x.sum({dim:1,keepdim:true})", "x.sum({ dim: 1, keepdim: true })"],
    ["blocks", "for(const row of x){\nprint(row)\n}", "for (const row of x) {\n  print(row)\n}"],
    ["decorators", "@ first class A{\n@second()  b=1\n}", "@first class A {\n  @second() b = 1\n}"],
    ["a product over lines", "const y=w@\nx", "const y = w @\n  x"],
  ];
  for (const [what, before, after] of rows) {
    it(`lays out ${what}`, () => assert.equal(formatted(before), after));
  }

  it("changes nothing the second time, and never what a program means", () => {
    const texts = readdirSync(join(repoRoot, "examples"))
      .filter((file) => file.endsWith(".grad.ts"))
      .map((file) => readFileSync(join(repoRoot, "examples", file), "utf8"));
    assert.ok(texts.length >= 5);
    for (const text of texts) {
      const once = formatted(text);
      assert.equal(once.replace(/\s/g, ""), text.replace(/\s/g, ""));
      assert.equal(formatted(once), once);
    }
  });

  it("lays out a range and leaves the rest", () => {
    const program = programOf("a=b@c\n«d=e@f»\ng=h");
    assert.equal(edited(program, formatRange(program, program.range, options)), "a=b@c\nd = e @ f\ng=h");
  });

  it("lays out a line when it is ended", () => {
    const program = programOf("a=b@c;‸");
    assert.equal(edited(program, formatOnType(program, program.at, ";", options)), "a = b @ c;");
  });

  it("indents as the editor does", () => {
    const program = programOf("{\na\n}");
    const tabs = formatDocument(program, { tabSize: 4, insertSpaces: false });
    assert.equal(edited(program, tabs), "{\n\ta\n}");
  });
});
