import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "../repo";

/** Runs the command line as a user would. */
function gradlens(...args: string[]): string {
  return execFileSync("node", [join(repoRoot, "dist/cli.js"), ...args], { cwd: repoRoot, encoding: "utf8" });
}

// What real PyTorch prints for scripts/vectors/training/<name>.py, in expected/<name>.txt.
describe("the models trained in examples/", function () {
  this.timeout(60_000);
  const examples = readdirSync(join(repoRoot, "examples")).filter((name) =>
    /^[5-9]-.*\.grad\.ts$/.test(name),
  );

  it("are all five there", () => {
    assert.deepEqual(examples.map(titleOf), ["xor", "spirals", "cnn", "char-rnn", "transformer"]);
  });

  for (const example of examples) {
    const title = titleOf(example);
    const expected = readFileSync(join(repoRoot, `test/training/expected/${title}.txt`), "utf8");

    it(`${title} learns as it does in PyTorch, to the printed digit in every step`, () => {
      assert.equal(gradlens("run", `examples/${example}`), expected);
    });

    it(`${title} trains for at least 50 steps, and ends better than it began`, () => {
      const losses = Array.from(expected.matchAll(/loss = ([\d.]+)/g), ([, loss]) => Number(loss));
      assert.ok(losses.length >= 50, `${losses.length} steps`);
      assert.ok(losses.at(-1)! < losses[0] / 2, `${losses[0]} → ${losses.at(-1)}`);
    });
  }
});

/** `char-rnn` for `8-char-rnn.grad.ts`. */
function titleOf(example: string): string {
  return example.replace(/^\d-(.*)\.grad\.ts$/, "$1");
}
