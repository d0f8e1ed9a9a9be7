import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contributes } from "../../package.json";
import { MISTAKES } from "../../src/diagnostics/codes";
import { repoRoot } from "../repo";

const folder = join(repoRoot, "docs/diagnostics");

describe("every diagnosed mistake", () => {
  it("has a page that says what it means, why it happens and how to fix it", () => {
    assert.deepEqual(readdirSync(folder).sort(), MISTAKES.map((code) => `${code}.md`).sort());
    for (const code of MISTAKES) {
      const page = readFileSync(join(folder, `${code}.md`), "utf8");
      assert.match(
        page,
        /^# .+\n\n.+\n\n## Why it happens\n\n[\s\S]+```ts\n[\s\S]+```\n\n## How to fix it\n\n.+/,
        code,
      );
    }
  });

  it("has a page that ships with the extension", () => {
    assert.match(readFileSync(join(repoRoot, ".vscodeignore"), "utf8"), /^!docs\/diagnostics\/\*\*$/m);
  });

  it("has a setting to turn it off", () => {
    const settings = Object.keys(contributes.configuration.properties);
    const codes = settings.flatMap((key) => key.match(/^gradlens\.diagnostics\.(.+)$/)?.slice(1) ?? []);
    assert.deepEqual(codes.sort(), [...MISTAKES].sort());
  });
});
