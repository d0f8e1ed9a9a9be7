import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moduleTypes } from "../../src/language/modules";
import { Folder, floats, matrixNpy, safetensors } from "./folder";

describe("what a program imports", function () {
  this.timeout(60_000);
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => rmSync(folder.outer, { recursive: true }));

  describe("from torch", () => {
    it("is each of the modules, whole and by the names in it, run and checked", async () => {
      const names = Object.keys(moduleTypes).filter((name) => name.startsWith("torch"));
      const source = names
        .map(
          (name, i) =>
            `import m${i} from "${name}";\nimport * as all${i} from "${name}";\nprint(typeof m${i}, all${i}.default === m${i});`,
        )
        .join("\n");
      assert.equal(await folder.prints(source), "object True\n".repeat(names.length));
      assert.deepEqual(await folder.check(source), []);
    });

    it("may plot, which the command line has no place for", async () => {
      const source = `import plot from "gradlens/plot";
import torch from "torch";
for (let i = 0; i < 3; i++) plot("a", i);
plot.image(torch.ones(2, 2));
plot.contour((p) => { print(p.shape); return p; }, { resolution: 2 });
plot.scatter([1], [2], { name: "b" });
`;
      assert.equal(await folder.prints(source), "[4, 2]\n");
      assert.deepEqual(await folder.check(source), []);
    });

    it("is what Python's modules hold", async () => {
      const source = `import torch from "torch";
import { Linear } from "torch/nn";
import { ones_ } from "torch/nn/init";
import { clip_grad_norm_ } from "torch/nn/utils";
import { Parameter } from "torch/nn/parameter";
import { jacobian } from "torch/autograd/functional";
import { checkpoint } from "torch/utils/checkpoint";
import { StepLR } from "torch/optim/lr_scheduler";
import { manual_seed } from "torch/random";
import { TensorDataset } from "torch/utils/data";
import utils from "torch/utils";
manual_seed(0);
const p = new Parameter(ones_(torch.empty(2)));
print(jacobian((x) => x * 2, torch.ones(1)), checkpoint((x) => x, p).shape);
p.sum().backward();
print(clip_grad_norm_([p], 1), new Linear(1, 2), typeof StepLR, new TensorDataset(p).length, typeof utils.data);`;
      assert.match(
        await folder.prints(source),
        /^tensor\(\[\[2\.\]\]\) \[2\]\ntensor\(1\.4142\) Linear\(in_features=1, out_features=2, bias=True\) function /,
      );
      assert.deepEqual(await folder.check(source), []);
    });
  });

  describe("from files", () => {
    it("is what they hold: programs, plain TypeScript, JSON, CSV, NumPy arrays and safetensors", async () => {
      folder.write(
        "lib/scale.grad.ts",
        'import { half } from "../half";\nexport const scale = (x) => x * half;',
      );
      folder.write("half.ts", "export const half: number = 0.5;");
      folder.write("data.json", '\uFEFF{ "rate": 0.25, "layers": [2, 3] }');
      folder.write("table.csv", "x,y,label\n1,2,a\n3,4,b\n");
      folder.write("matrix.npy", matrixNpy);
      folder.write(
        "state.safetensors",
        safetensors('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', floats(5, 6)),
      );
      const source = `import torch from "torch";
import { scale } from "./lib/scale";
import { scale as same } from "./lib/scale.grad.ts";
import { half } from "./half.ts";
import data, { rate } from "./data.json";
import table from "./table.csv";
import matrix from "./matrix.npy";
import state from "./state.safetensors";
print(scale(torch.ones(2)), same === scale, half, rate, data.layers);
print(table.columns, table.column("label"), table.tensor("x", "y"));
print(matrix @ matrix, state.get("w"));`;
      assert.equal(
        await folder.prints(source),
        `tensor([0.5000, 0.5000]) True 0.5 0.25 [2, 3]
['x', 'y', 'label'] ['a', 'b'] tensor([[1., 2.],
        [3., 4.]])
tensor([[ 7., 10.],
        [15., 22.]]) tensor([5., 6.])
`,
      );
      assert.deepEqual(await folder.check(source), []);
    });

    it("is typed as what it holds", async () => {
      folder.write("data.json", '{ "rate": 0.25 }');
      folder.write("table.csv", "x\n1\n");
      folder.write("matrix.npy", matrixNpy);
      folder.write("state.safetensors", safetensors("{}"));
      const source = `import data from "./data.json";
import table from "./table.csv";
import matrix from "./matrix.npy";
import state from "./state.safetensors";
data.rates; table.rowz; matrix.shapes; state.gett; state.get("w").shapes;`;
      assert.deepEqual(
        (await folder.check(source)).map((line) =>
          /Property '(\w+)' does not exist on type '([^']*)'/.exec(line)?.slice(1),
        ),
        [
          ["rates", "{ rate: number; }"],
          ["rowz", "Table"],
          ["shapes", "Tensor"],
          ["gett", "StateDict"],
          ["shapes", "Tensor"],
        ],
      );
    });

    it("is evaluated once, before the program, and in the order of the imports", async () => {
      folder.write("a.ts", 'import { c } from "./c";\nprint("a", c.n++);');
      folder.write("b.ts", 'import { c } from "./c.ts";\nprint("b", c.n++);');
      folder.write("c.ts", 'print("c"); export const c = { n: 0 };');
      const source = 'print("program");\nimport "./b";\nimport "./a";';
      assert.equal(await folder.prints(source), "c\nb 0\na 1\nprogram\n");
    });

    it("may await before it exports, and re-export", async () => {
      folder.write("slow.ts", "export const value = await Promise.resolve(3);");
      folder.write(
        "all.ts",
        'export * from "./slow";\nexport * as slow from "./slow";\nexport { value as again } from "./slow";',
      );
      const source = 'import { value, slow, again } from "./all";\nprint(value, slow.value, again);';
      assert.equal(await folder.prints(source), "3 3 3\n");
    });

    it("has no labels of its own beside the program", async () => {
      folder.write("loop.ts", "export let sum = 0;\nfor (let i = 0; i < 10; i++) { sum += i; }");
      folder.write("program.grad.ts", 'import { sum } from "./loop";\n\nconst twice = sum * 2;');
      const { stdout } = await folder.gradlens(["annotate", "program.grad.ts"]);
      assert.equal(stdout, 'import { sum } from "./loop";\n\nconst twice = sum * 2;   twice = 90\n');
    });

    it("may lie anywhere in the folder that gradlens is called in", async () => {
      folder.write("lib/f.ts", "export const f = 1;");
      folder.write("sub/program.grad.ts", 'import { f } from "../lib/f";\nprint(f);');
      const { stdout } = await folder.gradlens(["run", "sub/program.grad.ts"]);
      assert.equal(stdout, "1\n");
      const inner = await folder.gradlens(["run", "program.grad.ts"], join(folder.path, "sub"));
      assert.match(inner.stderr, /^program\.grad\.ts:1:19: "\.\.\/lib\/f" is outside .*sub\./);
    });
  });

  describe("fails in words and at its import", () => {
    it("when nothing of that name can be imported, in run and in check alike", async () => {
      writeFileSync(join(folder.path, "notes.txt"), "");
      const specifiers = [
        "numpy",
        "node:fs",
        "fs",
        "torch/cuda",
        "/etc/passwd",
        "file:///etc/passwd",
        "https://example.com/a.js",
        "..",
      ];
      await refusedAlike(specifiers, /^Cannot find module "[^"]*"\. A program can import "torch", /);
      const files = ["./missing", "./missing.csv", "./notes.txt", "./", "./a\\0b"];
      await refusedAlike(files, /^Cannot find module "[^"]*"\. A relative import reads a \.grad\.ts, /);
    });

    it("when it leads out of the folder, by a path or by a link", async () => {
      symlinkSync(join(folder.outer, "secret.json"), join(folder.path, "link.json"));
      symlinkSync(folder.outer, join(folder.path, "up"));
      const specifiers = [
        "../secret.json",
        "../../../../../../../etc/passwd",
        "../../../../../../../etc/passwd.json",
        "./../secret.json",
        "./x/../../secret.json",
        "./link.json",
        "./up/secret.json",
      ];
      await refusedAlike(
        specifiers,
        /^"[^"]*" is outside .*project\. Imports read files in the workspace folder only\.$/,
      );
    });

    /** Each import of one program is refused at its place: when it runs with this message, and by the checker. */
    async function refusedAlike(specifiers: string[], message: RegExp) {
      const source = specifiers.map((specifier, i) => `import m${i} from "${specifier}";`).join("\n");
      const { stdout, stderr, code } = await folder.run(source);
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.doesNotMatch(stderr, /the secret|root:|node:internal|dist\//);
      const messages = stderr.split("\n").filter((line) => line.startsWith("program.grad.ts:"));
      const place = (i: number) => `program.grad.ts:${i + 1}:${`import m${i} from `.length + 1}`;
      for (const [i, specifier] of specifiers.entries()) {
        assert.equal(messages[i].slice(0, place(i).length), place(i), specifier);
        assert.match(messages[i].slice(place(i).length + 2), message, specifier);
      }
      assert.equal(messages.length, specifiers.length, stderr);
      const checked = await folder.check(source);
      assert.deepEqual(
        checked.map((line) => line.replace(/TS\d+: Cannot find module .*/, "")),
        specifiers.map((_, i) => `${place(i)} - error `),
      );
    }

    it("when it is no file, or too large", async () => {
      mkdirSync(join(folder.path, "folder.json"));
      execFileSync("mkfifo", [join(folder.path, "pipe.csv")]);
      writeFileSync(join(folder.path, "big.npy"), matrixNpy);
      truncateSync(join(folder.path, "big.npy"), 2 ** 30);
      const messageFor = (name: string) => folder.fails(`import m from "./${name}";\nprint(m);`);
      assert.equal(await messageFor("folder.json"), '1:15: "./folder.json" is not a file.');
      assert.equal(await messageFor("pipe.csv"), '1:15: "./pipe.csv" is not a file.');
      assert.equal(
        await messageFor("big.npy"),
        '1:15: "./big.npy" has 1024 MB. The files that a program imports may have 128 MB together: import a smaller part of the data.',
      );
    });

    it("when its content is broken", async () => {
      folder.write("ragged.csv", "a,b\n1,2\n3\n");
      assert.equal(
        await folder.fails('import m from "./ragged.csv";\nprint(m);'),
        "1:15: ValueError: row 1 has 1 field, but there are 2 columns (in ragged.csv)",
      );
    });

    it("when an imported file does not compile, throws, or does not end", async () => {
      folder.write("broken.grad.ts", "const a = 1;\nconst b = ;");
      folder.write(
        "throws.grad.ts",
        'import torch from "torch";\n\nexport const y = torch.ones(2) @ torch.ones(3);',
      );
      folder.write("raises.grad.ts", 'throw new Error("no");');
      folder.write("endless.grad.ts", "let i = 0;\nfor (;;) i++;\nexport {};");
      folder.write("never.grad.ts", "await new Promise(() => {});\nexport {};");
      folder.write("deep.grad.ts", 'import "./throws";');
      folder.write("lost.grad.ts", 'import "./gone.csv";');
      folder.write("bare.grad.ts", '\nimport "numpy";');
      const messageFor = (name: string, ...options: string[]) =>
        folder.fails(`import "./${name}";`, ...options);
      assert.equal(await messageFor("broken"), "1:8: Expression expected. (in broken.grad.ts:2:11)");
      assert.match(
        await messageFor("throws"),
        /^1:8: RuntimeError: inconsistent tensor size.* \(in throws\.grad\.ts:3:18\)$/,
      );
      assert.equal(await messageFor("raises"), "1:8: Error: no (in raises.grad.ts:1:7)");
      assert.equal(
        await messageFor("endless", "--time-limit", "0.5"),
        "1:8: Stopped after 500 ms. Shorten the loop or raise the time limit (--time-limit SECONDS). (in endless.grad.ts:2:1)",
      );
      assert.match(
        await messageFor("never"),
        /^1:8: RuntimeError: The program waits for a promise .*\(in never\.grad\.ts\)$/,
      );
      assert.match(
        await messageFor("deep"),
        /^1:8: RuntimeError: inconsistent .* \(in throws\.grad\.ts:3:18\)$/,
      );
      assert.match(
        await messageFor("lost"),
        /^1:8: Cannot find module "\.\/gone\.csv".* \(in lost\.grad\.ts:1:8\)$/,
      );
      assert.match(await messageFor("bare"), /^1:8: Cannot find module "numpy".* \(in bare\.grad\.ts:2:8\)$/);
    });

    it("when something that is not exported is asked for", async () => {
      folder.write("lib.ts", "export const a = 1;");
      folder.write("user.ts", 'import { b } from "./lib";\nprint(b);');
      assert.match(
        await folder.fails('import { b } from "./lib";\nprint(b);'),
        /^1:19: SyntaxError: The module "\.\/lib" has no export named 'b'$/,
      );
      assert.match(
        await folder.fails('import "./user";'),
        /^1:8: SyntaxError: The module "\.\/lib" has no export named 'b' \(in user\.ts:1:19\)$/,
      );
    });

    it("when files import each other", async () => {
      folder.write("a.ts", 'import { b } from "./b";\nexport const a = b;');
      folder.write("b.ts", 'import { a } from "./a";\nexport const b = a;');
      folder.write("back.ts", '\nimport "./program";');
      assert.match(
        await folder.fails('import "./a";'),
        /^1:8: These files import each other: a\.ts → b\.ts → a\.ts\. .*\(in b\.ts:1:19\)$/,
      );
      assert.match(
        await folder.fails('import "./back";'),
        /^1:8: These files import each other: program\.grad\.ts → back\.ts → program\.grad\.ts\. /,
      );
      assert.match(
        await folder.fails('import "./program";'),
        /^1:8: These files import each other: program\.grad\.ts → program\.grad\.ts\. /,
      );
    });
  });

  it("marks the call in the program when an imported function fails", async () => {
    folder.write(
      "my program.grad.ts",
      'import torch from "torch";\nexport function f(x) {\n  return x @ torch.ones(3);\n}',
    );
    const source =
      'import torch from "torch";\nimport { f } from "./my program";\n\nconst y = f(torch.ones(2));';
    assert.match(
      await folder.fails(source),
      /^4:11: RuntimeError: inconsistent tensor size.* \(in my program\.grad\.ts:3:10\)$/,
    );
  });

  it("ends a program that awaits as any other, whatever its imports do", async () => {
    folder.write(
      "patch.ts",
      "Promise.prototype.then = null as any; Array.prototype.push = null as any; Object.create = null as any; export const a = 1;",
    );
    assert.equal(
      await folder.prints(
        'import { a } from "./patch";\nimport data from "./d.json";\nawait null;\nprint(a, data);'
          .replace('import data from "./d.json";\n', "")
          .replace(", data", ""),
      ),
      "1\n",
    );
  });
});
