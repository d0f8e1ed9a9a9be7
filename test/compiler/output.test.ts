import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { compile } from "../../src/compiler/compile";
import { repoRoot } from "../repo";
import { run } from "./programs";

function codeOf(source: string, probes = false): string {
  const { code, diagnostics } = compile(source, { fileName: "program.grad.ts", probes });
  assert.notEqual(code, null, JSON.stringify(diagnostics));
  return code!;
}

const lineBreak = /\r\n|[\n\r\u2028\u2029]/;

describe("compiled code", () => {
  it("keeps every word on its line", () => {
    const source = `import torch, {
  Tensor,
} from "torch"
interface A {
  x: number
}
const word3 = torch.x[
  word5,
  word6
] = word8 @
  word9
for (const word11 of word12)
  word13[word14] **= (word15 as
    Tensor)
export {
  word3
}
const f = <T,
>(word21: T):
  T => word21 ? \`
  \${word24}\` : (
    word26)?.[word27
    ]
`.replace(/word(\d+)/g, "word_$1");
    for (const probes of [false, true]) {
      const lines = codeOf(source, probes).split(lineBreak);
      const sourceLines = source.split(lineBreak);
      assert.equal(lines.length, sourceLines.length);
      for (const [index, line] of sourceLines.entries()) {
        for (const [word] of line.matchAll(/word_\d+/g)) {
          if (sourceLines.slice(15, 18).includes(line)) continue; // exports are handed over at the end
          assert.ok(lines[index]!.includes(word), `${word} left line ${index + 1}: ${lines[index]}`);
        }
      }
    }
  });

  it("leaves operators alone where both operands are surely numbers", () => {
    const source = `let s = 0, k = 1.5, best;
for (let i = 0; i < xs.length; i++) { s += i * 2; k = -k / Math.sqrt(i + 1) % 3; if (s >= k && !s) s++; }
best = s > 3 ? s : Number(x); const t = (k as number) ** 2 - +("1" + s) | ~s & 3;
if (best !== undefined && best < t) out(\`\${s}\`, "a" + x, s && k);
xs.map((v, i) => i)`;
    assert.doesNotMatch(codeOf(source), /\$\$\.(?!left|check)/);
  });

  it("asks operands that may be anything", () => {
    const lowered = (source: string) =>
      codeOf(source)
        .match(/\$\$\.(\w+)\(/g)
        ?.join(" ");
    assert.equal(lowered("function f(a: number) { return a + 1 }"), "$$.add(");
    assert.equal(lowered("let a = 1; a = f(); a * 2"), "$$.mul(");
    assert.equal(lowered("let a = 1; { let a = f(); a - 2 } a - 2"), "$$.sub(");
    assert.equal(lowered("let [a] = [1]; a - 2"), "$$.sub(");
    assert.equal(lowered("let a = 0; ({ a } = f()); -a"), "$$.neg(");
    assert.equal(lowered("let a = 0; for (a of f()) a < 2"), "$$.check( $$.lt(");
    assert.equal(lowered("class A { length = f() } const b = new A().length + 1"), "$$.add(");
    assert.equal(lowered("const Math = f(); Math.max() + 1"), "$$.add(");
    assert.equal(lowered("let a = 0, b = 1; a = b; b = f(); a % 2"), "$$.mod(");
  });

  it("of ordinary TypeScript is valid JavaScript on the same lines", function () {
    this.timeout(60_000);
    let compiled = 0;
    for (const file of ordinaryFiles()) {
      const source = readFileSync(file, "utf8");
      for (const probes of [false, true]) {
        const { code } = compile(source, { fileName: file, probes });
        if (code === null) continue; // it is no module of erasable syntax
        assert.equal(code.split(lineBreak).length, source.split(lineBreak).length, file);
        assert.doesNotThrow(() => new Script(code), file);
        compiled++;
      }
    }
    assert.ok(compiled > 300, `${compiled} compiled`);
  });
});

describe("a whole library, compiled", () => {
  for (const probes of [false, true]) {
    it(`reads and writes YAML as ever, ${probes ? "with" : "without"} probes`, async () => {
      const source = readFileSync(join(repoRoot, "node_modules/js-yaml/dist/js-yaml.mjs"), "utf8");
      const { exported, error } = await run(source, { probes });
      assert.equal(error, null);
      const { load, dump } = exported as { load(text: string): unknown; dump(value: unknown): string };
      const value = { name: "x", list: [1, 2.5, { deep: [true, null, "a: b"] }], text: "two\nlines\n" };
      const text = dump(value);
      assert.equal(text.split("\n").length, 12, text);
      assert.deepEqual(JSON.parse(JSON.stringify(load(text))), value);
    });
  }
});

/** AssemblyScript looks like TypeScript but is a language of its own. */
const ASSEMBLY_SCRIPT = join("engine", "wasm", "assembly");

/** Some hundred files of TypeScript and JavaScript modules, of a size that keeps this quick. */
function* ordinaryFiles(): Generator<string> {
  for (const folder of [
    "src",
    "engine",
    "test",
    "scripts",
    "node_modules/mocha/lib",
    "node_modules/esbuild",
    "node_modules/semver",
    "node_modules/yargs/build",
    "node_modules/zod",
    "node_modules/undici/lib",
    "node_modules/glob",
    "node_modules/markdown-it/lib",
    "node_modules/jsonc-parser/lib/esm",
  ]) {
    let names: string[];
    try {
      names = readdirSync(join(repoRoot, folder), { recursive: true }) as string[];
    } catch {
      continue; // a package that is no longer installed
    }
    for (const name of names) {
      if (!/\.(ts|mjs|js|cjs)$/.test(name) || name.endsWith(".grad.ts")) continue;
      const file = join(repoRoot, folder, name);
      if (!file.includes(ASSEMBLY_SCRIPT) && readFileSync(file).length < 60_000) yield file;
    }
  }
}
