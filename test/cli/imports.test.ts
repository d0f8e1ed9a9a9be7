import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moduleTypes } from "../../src/language/modules";
import { Folder, floats, matrixNpy, npy, safetensors } from "./folder";

describe("what a program imports", function () {
  this.timeout(60_000);
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => rmSync(folder.outer, { recursive: true }));

  describe("from torch", () => {
    it("is each of the modules, whole and by the names in it, run and checked", async () => {
      const names = Object.keys(moduleTypes);
      const source = names
        .map(
          (name, i) =>
            `import m${i} from "${name}";\nimport * as all${i} from "${name}";\nprint(typeof m${i}, all${i}.default === m${i});`,
        )
        .join("\n");
      assert.equal(await folder.prints(source), "object True\n".repeat(names.length));
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
      for (const specifier of [
        "numpy",
        "node:fs",
        "fs",
        "torch/cuda",
        "/etc/passwd",
        "file:///etc/passwd",
        "https://example.com/a.js",
        "./missing",
        "./missing.csv",
        "./notes.txt",
        "./",
        "..",
        "./a\\0b",
      ]) {
        const source = `print(1);\nimport m from "${specifier}";\nprint(m);`;
        assert.match(await folder.fails(source), /^2:15: Cannot find module ".*"\. A /, specifier);
        const checked = await folder.check(source);
        assert.match(
          checked.join("\n"),
          /^program\.grad\.ts:2:15 - error TS\d+: Cannot find module [^\n]*$/,
        );
      }
    });

    it("when it leads out of the folder, by a path or by a link", async () => {
      symlinkSync(join(folder.outer, "secret.json"), join(folder.path, "link.json"));
      symlinkSync(folder.outer, join(folder.path, "up"));
      for (const specifier of [
        "../secret.json",
        "../../../../../../../etc/passwd",
        "../../../../../../../etc/passwd.json",
        "./../secret.json",
        "./x/../../secret.json",
        "./link.json",
        "./up/secret.json",
      ]) {
        const source = `import m from "${specifier}";\nprint(m);`;
        assert.match(await folder.fails(source), /^1:15: ".*" is outside .*project\. /, specifier);
        assert.match(
          (await folder.check(source)).join("\n"),
          /^program\.grad\.ts:1:15 - error TS2307: [^\n]*$/,
          specifier,
        );
      }
    });

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
      const header = (descr: string, shape: string) =>
        `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
      const tensor = (fields: string) => `{"w":{${fields}}}`;
      const cases: [name: string, content: string | Uint8Array, message: RegExp][] = [
        [
          "latin.csv",
          Buffer.from([0x61, 0xe9, 0x0a]),
          /"\.\/latin\.csv" is not text in UTF-8\. Save it in that encoding\.$/,
        ],
        ["latin.json", Buffer.from([0x22, 0xe9, 0x22]), /"\.\/latin\.json" is not text in UTF-8/],
        ["latin.ts", Buffer.from([0x22, 0xe9, 0x22]), /"\.\/latin\.ts" is not text in UTF-8/],
        [
          "ragged.csv",
          "a,b\n1,2\n3\n",
          /^1:15: ValueError: row 1 has 1 field, but there are 2 columns \(in ragged\.csv\)$/,
        ],
        ["open.csv", 'a,b\n"1,2\n', /ValueError: a quoted field is not closed .*\(in open\.csv\)$/],
        ["half.json", '{ "a": ', /^1:15: SyntaxError: .* \(in half\.json\)$/],
        ["empty.npy", "", /ValueError: not a \.npy file: it does not begin as one \(in empty\.npy\)$/],
        ["magic.npy", Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]), /ValueError: .*\(in magic\.npy\)$/],
        ["words.npy", npy(header("<f4", "(two, 2)")), /ValueError: .*\(in words\.npy\)$/],
        [
          "negative.npy",
          npy(header("<f4", "(-2, -2)"), floats(1, 2, 3, 4)),
          /ValueError: .*\(in negative\.npy\)$/,
        ],
        ["fraction.npy", npy(header("<f4", "(1.5,)"), floats(1, 2)), /ValueError: .*\(in fraction\.npy\)$/],
        [
          "huge.npy",
          npy(header("<f4", "(99999999999, 99999999999)")),
          /ValueError: the file is too short .*\(in huge\.npy\)$/,
        ],
        [
          "short.npy",
          npy(header("<f4", "(2, 2)"), floats(1)),
          /ValueError: the file is too short for 4 elements of torch\.float32 \(in short\.npy\)$/,
        ],
        [
          "pickled.npy",
          npy(header("|O", "(1,)"), Buffer.from("\x80\x04]")),
          /ValueError: .*pickle.*\(in pickled\.npy\)$/,
        ],
        ["empty.safetensors", "", /RuntimeError: not a safetensors file: .*\(in empty\.safetensors\)$/],
        [
          "long.safetensors",
          Buffer.alloc(8, 0xff),
          /RuntimeError: not a safetensors file: .*\(in long\.safetensors\)$/,
        ],
        [
          "text.safetensors",
          safetensors("hello"),
          /RuntimeError: not a safetensors file: .*\(in text\.safetensors\)$/,
        ],
        ["list.safetensors", safetensors("[1]"), /RuntimeError: .*\(in list\.safetensors\)$/],
        ["null.safetensors", safetensors("null"), /RuntimeError: .*\(in null\.safetensors\)$/],
        ["flat.safetensors", safetensors('{"w":3}'), /RuntimeError: .*\(in flat\.safetensors\)$/],
        [
          "shape.safetensors",
          safetensors(tensor('"dtype":"F32","shape":"2","data_offsets":[0,8]'), floats(1, 2)),
          /RuntimeError: .*\(in shape\.safetensors\)$/,
        ],
        [
          "minus.safetensors",
          safetensors(tensor('"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]'), floats(1, 2)),
          /RuntimeError: .*\(in minus\.safetensors\)$/,
        ],
        [
          "offsets.safetensors",
          safetensors(tensor('"dtype":"F32","shape":[2],"data_offsets":[-8,0]'), floats(1, 2)),
          /RuntimeError: .*\(in offsets\.safetensors\)$/,
        ],
        [
          "dtype.safetensors",
          safetensors(tensor('"dtype":"F8","shape":[0],"data_offsets":[0,0]')),
          /RuntimeError: "w" is of dtype F8; .*\(in dtype\.safetensors\)$/,
        ],
        [
          "pickle.safetensors",
          Buffer.from("PK\x03\x04aaaaaaaaaaaaaaa"),
          /RuntimeError: .*\(in pickle\.safetensors\)$/,
        ],
      ];
      for (const [name, content, message] of cases) {
        folder.write(name, content);
        assert.match(await folder.fails(`import m from "./${name}";\nprint(m);`), message, name);
      }
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
