import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "../repo";

/** Runs the command line as a user would. */
function gradlens(...args: string[]): string {
  return execFileSync("node", [join(repoRoot, "dist/cli.js"), ...args], { cwd: repoRoot, encoding: "utf8" });
}

// What real PyTorch prints for scripts/vectors/lessons/lesson<n>.py.
describe("the lessons in examples/", function () {
  this.timeout(20_000);
  const examples = readdirSync(join(repoRoot, "examples")).filter((name) =>
    /^[0-4]-.*\.grad\.ts$/.test(name),
  );

  it("are all five there", () => {
    assert.deepEqual(
      examples.map((name) => name[0]),
      ["0", "1", "2", "3", "4"],
    );
  });

  for (const name of examples) {
    it(`${name} prints what PyTorch prints, line for line`, () => {
      const expected = readFileSync(join(repoRoot, `test/lessons/expected/lesson${name[0]}.txt`), "utf8");
      assert.equal(gradlens("run", `examples/${name}`), expected);
    });
  }

  it("have no type errors", () => {
    assert.equal(gradlens("check", ...examples.map((name) => `examples/${name}`)), "");
  });
});
