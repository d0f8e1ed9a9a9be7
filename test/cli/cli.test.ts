import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, gradlens as runGradlens } from "./folder";

describe("gradlens on the command line", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "gradlens-cli-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function write(source: string, name = "program.grad.ts"): void {
    writeFileSync(join(folder, name), source);
  }

  const gradlens = (...args: string[]) => runGradlens(args, folder);

  describe("run", () => {
    it("prints what the program prints", async () => {
      write(`import torch from "torch";\nprint(torch.ones(2), "é");`);
      assert.deepEqual(await gradlens("run", "program.grad.ts"), {
        stdout: "tensor([1., 1.]) é\n",
        stderr: "",
        code: 0,
      });
    });

    it("prints an error at its place with the source line, after the output so far", async () => {
      write(
        `\uFEFFimport torch from "torch";\r\nprint(1);\r\n\tlet x = torch.ones(2, 3) @ torch.ones(4, 5);\r\n`,
      );
      assert.deepEqual(await gradlens("run", "program.grad.ts"), {
        stdout: "1\n",
        stderr:
          "program.grad.ts:3:10: RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)\n" +
          "\tlet x = torch.ones(2, 3) @ torch.ones(4, 5);\n\t        ^\n",
        code: 1,
      });
    });

    it("says what each stage took, when asked to", async () => {
      write(`import torch from "torch";\nprint(torch.ones(2));`);
      const { stdout, stderr, code } = await gradlens("run", "--timing", "program.grad.ts");
      assert.deepEqual({ stdout, code }, { stdout: "tensor([1., 1.])\n", code: 0 });
      const times = new Map(
        stderr
          .trim()
          .split("\n")
          .map((line) => line.split(/ +/) as [string, string]),
      );
      assert.deepEqual([...times.keys()], ["parse", "compile", "realm", "run", "trace", "process", "total"]);
      for (const [stage, ms] of times) assert.ok(Number(ms) > 0, `${stage}: ${ms}`);
    });

    it("says which keywords there are when one is unknown", async () => {
      write(`import torch from "torch";\nconst x = torch.ones(2)\nx.sum({ dims: 0 });`);
      const { stderr, code } = await gradlens("run", "program.grad.ts");
      assert.equal(code, 1);
      assert.match(stderr, /^program\.grad\.ts:3:1: TypeError: sum\(\) /);
      assert.match(stderr, /dim/);
    });

    it("names the line of the forward call that anomaly detection found", async () => {
      write(
        `import torch from "torch";\ntorch.autograd.set_detect_anomaly(true);\n` +
          `const x = torch.tensor([-1.0], { requires_grad: true });\nlet y = x * 2;\n` +
          `y = y.sqrt();\ny = y + 1;\ny.sum().backward();`,
      );
      const { stderr, code } = await gradlens("run", "program.grad.ts");
      assert.equal(code, 1);
      assert.equal(
        stderr.split("\n")[0],
        "program.grad.ts:7:1: RuntimeError: Function 'SqrtBackward0' returned nan values in its 0th output. " +
          "(the forward call was at line 5: y = y.sqrt();)",
      );
    });

    it("names the forward call in an imported file", async () => {
      write(`export const root = (x) =>\n  x.sqrt();`, "roots.grad.ts");
      write(
        `import torch from "torch";\nimport { root } from "./roots.grad.ts";\n` +
          `const x = torch.tensor([-1.0], { requires_grad: true });\n` +
          `torch.autograd.detect_anomaly(() => root(x).sum().backward());`,
      );
      const { stderr } = await gradlens("run", "program.grad.ts");
      assert.match(stderr, /0th output\. \(the forward call was at roots\.grad\.ts:2: x\.sqrt\(\);\)/);
    });

    it("runs 5,000 lines", async () => {
      const lines = Array.from({ length: 4998 }, (_, i) => `x = x + ${i % 2 === 0 ? 1 : -1}`);
      write(`import torch from "torch"\nlet x = torch.zeros(2)\n${lines.join("\n")}\nprint(x)`);
      assert.deepEqual(await gradlens("run", "program.grad.ts"), {
        stdout: "tensor([0., 0.])\n",
        stderr: "",
        code: 0,
      });
    });

    it("prints each syntax error", async () => {
      write("let a = ;\nlet b = ;");
      const { stderr, code } = await gradlens("run", "program.grad.ts");
      assert.match(
        stderr,
        /^program\.grad\.ts:1:9: Expression expected\.\nlet a = ;\n {8}\^\nprogram\.grad\.ts:2:9: /,
      );
      assert.equal(code, 1);
    });

    it("prints an unknown import with what there is", async () => {
      write(`import np from "numpy";`);
      const { stderr, code } = await gradlens("run", "program.grad.ts");
      assert.match(
        stderr,
        /^program\.grad\.ts:1:16: Cannot find module "numpy"\. A program can import "torch"/,
      );
      assert.equal(code, 1);
    });

    it("stops at its time limit, at the line that was running", async () => {
      write("print(1);\nwhile (true) {}");
      assert.deepEqual(await gradlens("run", "--time-limit", "0.2", "program.grad.ts"), {
        stdout: "1\n",
        stderr:
          "program.grad.ts:2:1: Stopped after 200 ms. Shorten the loop or raise the time limit (--time-limit SECONDS).\n" +
          "while (true) {}\n^\n",
        code: 1,
      });
    });

    it("stops at its memory limit", async () => {
      write(`import torch from "torch";\nconst kept = [];\nfor (;;) kept.push(torch.zeros(100000));`);
      const { stderr, code } = await gradlens("run", "--memory-limit", "80", "program.grad.ts");
      assert.match(stderr, /^program\.grad\.ts:3:\d+: Stopped at 80 MB of memory\..*--memory-limit MB/);
      assert.equal(code, 1);
    });

    it("runs an empty program", async () => {
      write("");
      assert.deepEqual(await gradlens("run", "program.grad.ts"), { stdout: "", stderr: "", code: 0 });
    });

    it("ends quietly when nobody reads on", async () => {
      write(`while (true) print("${"x".repeat(1000)}");`);
      const child = spawn(process.execPath, [cli, "run", "program.grad.ts"], { cwd: folder });
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text) => {
        stderr += text;
      });
      await once(child.stdout, "data");
      child.stdout.destroy();
      const [code] = (await once(child, "close")) as [number];
      assert.deepEqual([code, stderr], [0, ""]);
    });
  });

  describe("annotate", () => {
    it("prints the program with what its lines came to", async () => {
      write(
        `import torch from "torch";\nconst x = torch.ones(2);\nlet n = 0;\nfor (const i of [1, 2]) n += i;\n`,
      );
      const { stdout, code } = await gradlens("annotate", "program.grad.ts");
      const lines = stdout.split("\n");
      assert.equal(lines[0], `import torch from "torch";`);
      assert.match(lines[1], /^const x = torch\.ones\(2\);\s+x = tensor\(\[1\., 1\.\]\)$/);
      assert.match(lines[3], /n = 3/);
      assert.equal(code, 0);
    });

    it("prints everything about it as JSON, up to its error", async () => {
      write(
        `import torch from "torch";\nconst x = torch.tensor(2, { requires_grad: true });\n(x * 3).backward();\nprint(x);\nconst n: string = 1;\ntorch.ones(2).nothing();`,
      );
      const { stdout, stderr, code } = await gradlens("annotate", "--json", "program.grad.ts");
      const { lines, diagnostics, output } = JSON.parse(stdout);
      assert.equal(output, "tensor(2., requires_grad=True)\n");
      const [x] = lines.filter(({ line }: { line: number }) => line === 2);
      assert.deepEqual(x.values, [
        {
          name: "x",
          shape: [],
          dtype: "torch.float32",
          value: "tensor(2.)",
          grad_fn: null,
          grad: "tensor(3.)",
        },
      ]);
      assert.equal(x.count, 1);
      const type = diagnostics.find(({ code }: { code: string }) => code === "TS2322");
      assert.deepEqual([type.line, type.column, type.severity], [5, 7, "error"]);
      const error = diagnostics.find(({ code }: { code: string }) => code === "TypeError");
      assert.equal(error.line, 6);
      assert.match(error.message, /nothing is not a function/);
      assert.deepEqual([stderr, code], ["", 1]);
    });

    it("tells the mistakes in a training, which run does not", async () => {
      write(
        `import torch from "torch";\nconst w = torch.tensor(1, { requires_grad: true });\nconst optimizer = new torch.optim.SGD([w], { lr: 0.01 });\nfor (let i = 0; i < 5; i++) {\n  (w ** 2).backward();\n  optimizer.step();\n}`,
      );
      const { stdout, code } = await gradlens("annotate", "--json", "program.grad.ts");
      const [{ message, ...problem }] = JSON.parse(stdout).diagnostics;
      assert.deepEqual(problem, { line: 5, column: 3, severity: "warning", code: "accumulating-gradients" });
      assert.match(message, /nothing sets them to zero/);
      assert.equal(code, 0);
      assert.deepEqual(await gradlens("run", "program.grad.ts"), { stdout: "", stderr: "", code: 0 });
    });

    it("tells a syntax error once", async () => {
      write("let a = ;");
      const { stdout, code } = await gradlens("annotate", "--json", "program.grad.ts");
      const { lines, diagnostics } = JSON.parse(stdout);
      assert.deepEqual(lines, []);
      assert.deepEqual(diagnostics, [
        { line: 1, column: 9, severity: "error", code: "TS1109", message: "Expression expected." },
      ]);
      assert.equal(code, 1);
    });
  });

  describe("check", () => {
    it("prints type errors", async () => {
      write("const n: string = 1;");
      const { stdout, code } = await gradlens("check", "program.grad.ts");
      assert.match(stdout, /^program\.grad\.ts:1:7 - error TS2322: /);
      assert.equal(code, 1);
    });
  });

  const badUsage: [args: string[], message: RegExp][] = [
    [[], /A command is missing/],
    [["walk"], /There is no command "walk"/],
    [["run"], /run needs one FILE/],
    [["run", "a.grad.ts", "b.grad.ts"], /run needs one FILE/],
    [["run", "--fast", "a.grad.ts"], /Unknown option '--fast'/],
    [["run", "--time-limit", "soon", "a.grad.ts"], /--time-limit needs a number above 0/],
    [["run", "missing.grad.ts"], /missing\.grad\.ts cannot be read/],
    [["run", "notes.txt"], /notes\.txt is not a \.grad\.ts file/],
    [["check"], /check needs a FILE/],
  ];
  for (const [args, message] of badUsage) {
    it(`refuses "gradlens ${args.join(" ")}" and says why`, async () => {
      write("", "a.grad.ts");
      const { stdout, stderr, code } = await gradlens(...args);
      assert.match(stderr, message);
      assert.match(stderr, /^gradlens: [^\n]*\n$/);
      assert.deepEqual([stdout, code], ["", 2]);
    });
  }

  it("tells its usage and version", async () => {
    assert.match((await gradlens("--help")).stdout, /^Usage: gradlens <command>/);
    assert.match((await gradlens("--version")).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
