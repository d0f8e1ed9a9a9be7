// Writes dist/typescript.cjs: TypeScript with `@` as an operator and Python's operator protocol in
// the checker (docs/decisions/typescript-patch.md), and the library declarations it needs.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const typescriptFolder = dirname(createRequire(import.meta.url).resolve("typescript-js/lib/typescript.js"));
const insertedFolder = fileURLToPath(new URL("../src/language/patch/", import.meta.url));

/** The libraries a program is checked against; the rest follow from their references. */
const rootLibraries = ["es2023", "esnext.disposable"];

/**
 * Each edit replaces `anchor`, which must occur exactly once, so that another version of TypeScript
 * stops the build instead of being patched in the wrong place. `$&` stands for the anchor.
 */
const edits = [
  {
    name: "`@` has the precedence of `*`",
    anchor: "    case 45 /* PercentToken */:\n      return 14 /* Multiplicative */;",
    replacement: "    case 60 /* AtToken */:\n$&",
  },
  {
    name: "`@` at the start of a line begins a decorator",
    anchor:
      "      if (token() === 130 /* AsKeyword */ || token() === 152 /* SatisfiesKeyword */) {\n" +
      "        if (scanner2.hasPrecedingLineBreak()) {",
    replacement: "      if (token() === 60 /* AtToken */ && scanner2.hasPrecedingLineBreak()) break;\n$&",
  },
  {
    name: "`-x ** 2` is -(x ** 2)",
    anchor:
      "return finishNode(factory2.createPrefixUnaryExpression(token(), nextTokenAnd(parseSimpleUnaryExpression)), pos);",
    replacement:
      "const isSign = token() === 41 /* MinusToken */ || token() === 40 /* PlusToken */;\n" +
      "    const parseOperand = () => isSign && isUpdateExpression() ? parseUnaryExpressionOrHigher() : parseSimpleUnaryExpression();\n" +
      "    return finishNode(factory2.createPrefixUnaryExpression(token(), nextTokenAnd(parseOperand)), pos);",
  },
  {
    name: "the parser may make -(x ** 2) without parentheses",
    anchor: "parenthesizeOperandOfPrefixUnary: (operand) => cast(operand, isUnaryExpression),",
    replacement: "parenthesizeOperandOfPrefixUnary: identity,",
  },
  {
    name: "tables of the protocol",
    anchor: "\nfunction createTypeChecker(host) {",
    replacement: "\n{{tables.js}}$&",
  },
  {
    name: "binary operators ask the protocol",
    anchor:
      "  function checkBinaryLikeExpressionWorker(left, operatorToken, right, leftType, rightType, checkMode, errorNode) {\n" +
      "    const operator = operatorToken.kind;\n",
    replacement:
      "{{protocol.js}}$&" +
      "    const protocolType = checkOperatorProtocol(left, operatorToken, right, leftType, rightType, errorNode);\n" +
      "    if (protocolType) {\n" +
      "      checkAssignmentOperator(protocolType);\n" +
      "      return protocolType;\n" +
      "    }\n",
  },
  {
    name: "unary operators ask the protocol",
    anchor:
      "    switch (node.operand.kind) {\n      case 9 /* NumericLiteral */:\n        switch (node.operator) {\n" +
      "          case 41 /* MinusToken */:\n            return getFreshTypeOfLiteralType(",
    replacement:
      "    const protocolType = checkUnaryOperatorProtocol(node, operandType);\n" +
      "    if (protocolType) return protocolType;\n$&",
  },
  {
    name: "indexing asks the protocol",
    anchor:
      "    const indexExpression = node.argumentExpression;\n    const indexType = checkExpression(indexExpression);\n",
    replacement:
      "    const protocolType = checkElementAccessProtocol(node, objectType);\n" +
      "    if (protocolType) return protocolType;\n$&",
  },
  {
    name: "a comma in an index is no comma operator",
    anchor:
      "if (!compilerOptions.allowUnreachableCode && isSideEffectFree(left) && !isIndirectCall(left.parent)) {",
    replacement:
      "if (!compilerOptions.allowUnreachableCode && isSideEffectFree(left) && !isIndirectCall(left.parent) && !isIndexList(left.parent)) {",
  },
  {
    name: "`@` is laid out as an operator, not as a decorator",
    anchor:
      'rule("NoSpaceAfterAt", 60 /* AtToken */, anyToken, [isNonJsxSameLineTokenContext], 16 /* DeleteSpace */),',
    replacement:
      'rule("NoSpaceAfterAt", 60 /* AtToken */, anyToken, [isNonJsxSameLineTokenContext, isNotBinaryOpContext], 16 /* DeleteSpace */),',
  },
];

/** TypeScript's source with all edits made; rejects with the name of an edit that no longer fits. */
export async function patch(/** @type {string} */ original) {
  let source = original.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  for (const edit of edits) {
    const parts = source.split(edit.anchor);
    if (parts.length !== 2) throw new Error(failure(edit, `its anchor occurs ${parts.length - 1} times`));
    source = parts.join(await replacementOf(edit, original));
  }
  return source;
}

/** Fills in `$&` and `{{file}}`; a name that an inserted file declares must be new to TypeScript. */
async function replacementOf(edit, original) {
  const replacement = edit.replacement.replace("$&", () => edit.anchor);
  const [placeholder, file] = /\{\{(.+?)\}\}/.exec(edit.replacement) ?? [];
  if (!file) return replacement;
  const inserted = await readFile(join(insertedFolder, file), "utf8");
  for (const [, name] of inserted.matchAll(/^(?:function|const) (\w+)/gm)) {
    if (new RegExp(`\\b${name}\\b`).test(original))
      throw new Error(failure(edit, `"${name}" exists already`));
  }
  return replacement.replace(placeholder, () => inserted);
}

function failure(edit, reason) {
  return `TypeScript cannot be patched: edit "${edit.name}": ${reason}.`;
}

/** Writes `typescript.cjs` and `lib/*.d.ts` into `outputFolder`. */
export async function patchTypeScript(outputFolder) {
  const original = await readFile(join(typescriptFolder, "typescript.js"), "utf8");
  const minified = await esbuild.transform(await patch(original), {
    minify: true,
    target: "es2022",
    legalComments: "inline",
  });
  await mkdir(join(outputFolder, "lib"), { recursive: true });
  await writeFile(join(outputFolder, "typescript.cjs"), minified.code);
  await copyLibraries(rootLibraries, join(outputFolder, "lib"), new Set());
}

async function copyLibraries(names, folder, copied) {
  for (const name of names.filter((name) => !copied.has(name))) {
    copied.add(name);
    const source = join(typescriptFolder, `lib.${name}.d.ts`);
    await copyFile(source, join(folder, `lib.${name}.d.ts`));
    const references = (await readFile(source, "utf8")).matchAll(/^\/\/\/ <reference lib="(.+?)" \/>/gm);
    await copyLibraries(
      [...references].map(([, name]) => name),
      folder,
      copied,
    );
  }
}
