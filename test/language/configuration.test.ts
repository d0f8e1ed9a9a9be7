import assert from "node:assert/strict";
import configuration from "../../syntaxes/language-configuration.json";

interface Rule {
  beforeText: string;
  afterText?: string;
  previousLineText?: string;
  action: { indent: string; appendText?: string; removeText?: number };
}

/** What Enter does between `before` and `after`, as VS Code reads the rules: the first that fits. */
function onEnter(before: string, after = "", previousLine = ""): Rule["action"] | undefined {
  const fits = (pattern: string | undefined, text: string) =>
    pattern === undefined || new RegExp(pattern).test(text);
  const rules: Rule[] = configuration.onEnterRules;
  return rules.find(
    (rule) =>
      fits(rule.beforeText, before) &&
      fits(rule.afterText, after) &&
      fits(rule.previousLineText, previousLine),
  )?.action;
}

describe("the Enter key", () => {
  it("opens a block between its brackets", () => {
    for (const [before, after] of [
      ["for (const x of y) {", "}"],
      ["print(", ")"],
      ["const x = [", "]"],
    ]) {
      assert.equal(onEnter(before!, after)?.indent, "indentOutdent", before);
    }
  });

  it("goes on with a comment that is broken in two", () => {
    assert.equal(onEnter("// the gradient", "of w")?.appendText, "// ");
    assert.equal(onEnter("// the gradient"), undefined);
  });

  it("goes on with a documentation comment, and ends it", () => {
    assert.deepEqual(onEnter("/** Scales", " */"), { indent: "indentOutdent", appendText: " * " });
    assert.equal(onEnter(" * a tensor", "", "/** Scales")?.appendText, "* ");
    assert.equal(onEnter(" */")?.removeText, 1);
  });

  it("goes back after the one statement of a loop without a block", () => {
    assert.equal(onEnter("  print(x)", "", "for (const x of y)")?.indent, "outdent");
  });

  it("does nothing else", () => assert.equal(onEnter("const y = w @ x"), undefined));
});

describe("indentation", () => {
  const { increaseIndentPattern, decreaseIndentPattern } = configuration.indentationRules;

  it("grows behind an open bracket and ends before the closing one", () => {
    for (const line of ["torch.no_grad(() => {", "const x = torch.tensor([", "loss = f("]) {
      assert.match(line, new RegExp(increaseIndentPattern));
    }
    assert.doesNotMatch("w -= lr * w.grad", new RegExp(increaseIndentPattern));
    assert.match("  })", new RegExp(decreaseIndentPattern));
  });
});

describe("a word", () => {
  it("ends at operators, @ among them, and is a number with its point", () => {
    const words = "w@x + 0.5".match(new RegExp(configuration.wordPattern, "g"));
    assert.deepEqual(words, ["w", "x", "0.5"]);
  });
});
