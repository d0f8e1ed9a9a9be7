import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repoRoot } from "../repo";

describe("patching TypeScript", () => {
  let original: string;
  let patch: (source: string) => Promise<string>;

  before(async () => {
    original = await readFile(join(repoRoot, "node_modules/typescript-js/lib/typescript.js"), "utf8");
    ({ patch } = await import(pathToFileURL(join(repoRoot, "scripts/patch-typescript.mjs")).href));
  });

  it("stops with the name of an edit whose place is missing", async () => {
    const other = original.replace("function checkBinaryLikeExpressionWorker(", "function checkBinary(");
    await assert.rejects(patch(other), {
      message:
        'TypeScript cannot be patched: edit "binary operators ask the protocol": its anchor occurs 0 times.',
    });
  });

  it("stops with the name of an edit whose place is not unique", async () => {
    const anchor = "    case 45 /* PercentToken */:\n      return 14 /* Multiplicative */;";
    await assert.rejects(patch(original.replace(anchor, () => `${anchor}\n${anchor}`)), {
      message:
        'TypeScript cannot be patched: edit "`@` has the precedence of `*`": its anchor occurs 2 times.',
    });
  });

  it("stops when TypeScript already has a function of the same name", async () => {
    await assert.rejects(patch(`${original}\nfunction operandTypes() {}`), {
      message:
        'TypeScript cannot be patched: edit "binary operators ask the protocol": "operandTypes" exists already.',
    });
  });
});
