import assert from "node:assert/strict";
import type { Site, SiteKind } from "../../src/compiler/site";
import { siteAt } from "../../src/hover/resolve";
import type { Seen } from "../../src/trace/model";

const source = `const w = a @ x
w = w * 2 // w is twice itself
function f(x) { return w + x }
const url = "http://w"
w.grad.sum()
[w, v] = pair`;

interface Place {
  text: string;
  kind?: SiteKind;
  name?: string;
  /** Not reached. */
  unseen?: boolean;
}

/** Sites of the program above, named by the text they cover. */
const places: Place[] = [
  { text: "w = a @ x", kind: "binding", name: "w" },
  { text: "w = w * 2", kind: "binding", name: "w" },
  { text: "a @ x" },
  { text: "w + x", kind: "return" },
  { text: "w.grad" },
  { text: "w.grad.sum()", kind: "statement" },
  { text: "v", kind: "binding", name: "v", unseen: true },
];

const sites = places.map(({ text, kind, name }): Site => {
  const start = source.indexOf(text);
  return { kind: kind ?? "expression", name, start, end: start + text.length, line: 0 };
});
const value: Seen = { count: 1, value: { kind: "plain", text: "1" } };
const seen = new Map(places.flatMap(({ unseen }, id) => (unseen ? [] : [[id, value] as const])));

/** What hovering means, as the covered text; the place is where `|` stands in `marked`. */
function meant(marked: string): string | null {
  const offset = source.indexOf(marked.replace("|", "")) + marked.indexOf("|");
  const found = siteAt({ source, sites, seen }, offset);
  return found && places[found.site]!.text;
}

const meanings: [what: string, marked: string, meant: string | null][] = [
  ["a declared name is the declared variable", "const |w = a", "w = a @ x"],
  ["an assigned name is its new value", "\n|w = w * 2", "w = w * 2"],
  ["a name on the right is the variable as it was set above", "w = |w * 2", "w = a @ x"],
  ["an operator is its expression", "a |@ x", "a @ x"],
  ["a variable of the program inside a function is the latest set above it", "return |w +", "w = w * 2"],
  ["a property is the expression that reads it", "w.g|rad", "w.grad"],
  ["a called method is the call", "w.grad.s|um", "w.grad.sum()"],
  ["a variable that an expression begins with is the variable", "|w.grad", "w = w * 2"],
  ["a word in a comment is nothing", "// |w is", null],
  ["a variable never set is nothing", "|v] =", null],
];

describe("what a hover is about", () => {
  for (const [what, marked, expected] of meanings) {
    it(what, () => assert.equal(meant(marked), expected));
  }

  it("is not a variable with the name of a parameter", () => {
    const program =
      "const x = 1\nfunction f(x) { return x }\nconst g = (x: number): number => x\nif (x) { x }";
    const site: Site = { kind: "binding", name: "x", start: 6, end: 11, line: 0 };
    const at = (marked: string) =>
      siteAt(
        { source: program, sites: [site], seen: new Map([[0, value]]) },
        program.indexOf(marked.replace("|", "")) + marked.indexOf("|"),
      );
    assert.equal(at("return |x"), null);
    assert.equal(at("=> |x"), null);
  });

  it("is a variable that an `if` has tested", () => {
    const program = "const x = 1\nif (x) { x }";
    const site: Site = { kind: "binding", name: "x", start: 6, end: 11, line: 0 };
    const offset = program.lastIndexOf("x");
    const found = siteAt({ source: program, sites: [site], seen: new Map([[0, value]]) }, offset);
    assert.deepEqual(found, { site: 0, start: offset, end: offset + 1 });
  });
});
