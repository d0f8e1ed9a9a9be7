import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import ts from "../../src/language/typescript";
import { errorsOf, fixtures } from "./programs";

/** The tree of an expression with every operation in parentheses. */
function grouped(expression: string): string {
  const file = ts.createSourceFile("program.grad.ts", expression, ts.ScriptTarget.Latest);
  const print = (node: ts.Node): string => {
    if (ts.isBinaryExpression(node)) {
      return `(${print(node.left)} ${node.operatorToken.getText(file)} ${print(node.right)})`;
    }
    if (ts.isPrefixUnaryExpression(node)) return `(${ts.tokenToString(node.operator)}${print(node.operand)})`;
    return node.getText(file);
  };
  return file.statements
    .map((node) => print(ts.isExpressionStatement(node) ? node.expression : node))
    .join("; ");
}

describe("parsing", () => {
  const expressions: [source: string, tree: string][] = [
    ["a @ b @ c", "((a @ b) @ c)"],
    ["a + b @ c", "(a + (b @ c))"],
    ["a @ b * c", "((a @ b) * c)"],
    ["a * b @ c", "((a * b) @ c)"],
    ["a @ b ** c", "(a @ (b ** c))"],
    ["a @ -b", "(a @ (-b))"],
    ["w@x+b", "((w @ x) + b)"],
    ["a @\n b", "(a @ b)"],
    ["-x ** 2", "(-(x ** 2))"],
    ["+x ** 2", "(+(x ** 2))"],
    ["-x ** 2 * y", "((-(x ** 2)) * y)"],
    ["2 ** -x ** 2", "(2 ** (-(x ** 2)))"],
    ["- -x ** y ** 2", "(-(-(x ** (y ** 2))))"],
    ["y = -x.grad ** 2 + 1", "(y = ((-(x.grad ** 2)) + 1))"],
  ];
  for (const [source, tree] of expressions) {
    it(`groups ${source.replace("\n", "↵")} as ${tree}`, () => assert.equal(grouped(source), tree));
  }

  it("still takes @ at the start of a line, or before a class, for a decorator", () => {
    const source =
      "class A {\n  @first a = 1\n  @second() b = a\n  @third @fourth c\n}\nx = y\n@fifth class B {}";
    const file = ts.createSourceFile("program.grad.ts", source, ts.ScriptTarget.Latest);
    const decorators: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isDecorator(node)) decorators.push(node.getText(file));
      ts.forEachChild(node, visit);
    };
    visit(file);
    assert.deepEqual(decorators, ["@first", "@second()", "@third", "@fourth", "@fifth"]);
  });

  it("still refuses !x ** 2 and typeof x ** 2", () => {
    for (const program of ["!x ** 2;", "typeof x ** 2;"]) {
      assert.match(errorsOf(`let x = 2;\n${program}`).join(), /^TS17006/);
    }
  });
});

describe("half-typed code", () => {
  it("never fails to be checked, wherever the text ends", function () {
    this.timeout(30_000);
    const program = readFileSync(`${fixtures}/short.grad.ts`, "utf8");
    for (let end = 0; end < program.length; end++) {
      assert.doesNotThrow(() => errorsOf(program.slice(0, end)), `cut at ${end}`);
    }
    assert.deepEqual(errorsOf(program), []);
  });

  it("keeps the types of the lines around it", () => {
    const program =
      'import torch from "torch";\nconst x = torch.ones(2);\nconst y = x @\nx.nothing;\nx.item().nothing;';
    assert.deepEqual(errorsOf(program), [
      "TS2339 «nothing» Property 'nothing' does not exist on type 'Tensor'.",
      "TS2339 «nothing» Property 'nothing' does not exist on type 'number'.",
    ]);
  });
});
