import assert from "node:assert/strict";
import { withExclude } from "../../src/extension/tsconfigText";

describe("excluding programs from a tsconfig.json", () => {
  it("keeps comments, and what was left out by default", () => {
    const text = '{\n  // ours\n  "compilerOptions": { "outDir": "build" }\n}\n';
    const excluded = withExclude(text);
    assert.match(excluded, /\/\/ ours/);
    assert.deepEqual(JSON.parse(excluded.replace("// ours", "")).exclude, [
      "node_modules",
      "build",
      "**/*.grad.ts",
    ]);
  });

  it("adds to the patterns there are", () => {
    assert.deepEqual(JSON.parse(withExclude('{ "exclude": ["dist"] }')).exclude, ["dist", "**/*.grad.ts"]);
  });

  it("makes something of an empty file", () => {
    assert.deepEqual(JSON.parse(withExclude("")).exclude, ["node_modules", "**/*.grad.ts"]);
  });
});
