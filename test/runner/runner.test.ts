import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { launchRunner } from "../../src/runner/launch";
import type { FromRunner, ToRunner } from "../../src/runner/messages";
import type { Trace } from "../../src/trace/model";
import { folder, TestRunner } from "./harness";

const TIME_MS = 250;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const HANGING = `const found = /(a+)+$/.test("a".repeat(40) + "!");`;

describe("the runner", () => {
  let test: TestRunner;
  before(() => {
    test = new TestRunner();
  });
  after(() => test.dispose());

  describe("stops at its time limit", () => {
    const endless: [what: string, source: string, place: string | RegExp][] = [
      ["while", "let a = 1;\nwhile (true) {}", "while (true)"],
      ["for without a body", "for (;;);", "for (;;)"],
      ["do", "do {} while (true);", /^do/],
      [
        "a loop over its own body's list",
        "const a = [0];\nfor (const x of a) a.push(x % 7);",
        /^for|^x|a\.push|x % 7/,
      ],
      ["a labelled continue", "outer: for (;;) { for (;;) continue outer; }", /for/],
      ["a loop that catches everything", "for (;;) { try { for (;;); } catch {} }", /for/],
      ["a loop in finally", "try { for (;;); } finally { for (;;); }", /for/],
      ["a generator", "function* f() { for (;;) yield 1; }\nfor (const x of f());", /for|yield|^x$/],
      ["an awaiting loop", "for (;;) await null;", /for|await/],
      [
        "promises without a loop",
        "const f = (): unknown => Promise.resolve().then(f);\nawait f();",
        /f\(\)|then|Promise/,
      ],
      [
        "recursion without a loop",
        "function f(n: number): number { return n < 2 ? n : f(n - 1) + f(n - 2) }\nconst x = f(60);",
        /f\(n|n - |n < 2/,
      ],
      ["a comparison function", "const t = [2, 1];\nt.sort(() => { for (;;); });", /^for/],
      ["a getter", "const o = { get x(): number { for (;;); } };\nprint(o.x);", /for/],
      ["a regular expression", `const a = 1;\n${HANGING}`, /test/],
      [
        "a tight loop of tensors",
        `import torch from "torch";\nconst x = torch.ones(2);\nwhile (true) x.add_(1);`,
        /while|add_/,
      ],
      ["an accessor of an error", "throw { get message() { for (;;); } };", /throw|for|get/],
    ];
    for (const [what, source, place] of endless) {
      it(what, async () => {
        // An engine's first call may take a busy machine longer than the limit of the others.
        const timeMs = source.includes("torch") ? 4 * TIME_MS : TIME_MS;
        const result = await test.run(source, { timeMs });
        if (what === "an accessor of an error") {
          assert.notEqual(result.kind, "done");
          return;
        }
        assert.equal(result.kind, "stopped", result.message);
        const advice = "Shorten the loop or raise the time limit in settings (gradlens.timeLimit).";
        assert.equal(result.message, `Stopped: Stopped after ${timeMs} ms. ${advice}`);
        if (typeof place === "string") assert.equal(result.place, place);
        else assert.match(result.place, place);
      });
    }

    it("not because its process took long to start", async () => {
      const fresh = new TestRunner();
      try {
        const { kind, message } = await fresh.run("let n = 0;\nwhile (n < 1000) n += 1;", { timeMs: 40 });
        assert.equal(kind, "done", message);
      } finally {
        fresh.dispose();
      }
    });

    it("with everything seen so far", async () => {
      const { trace } = await test.run(`let a = 5;\nprint("before");\n${HANGING}`, { timeMs: TIME_MS });
      assert.equal(trace!.output, "before\n");
      assert.ok([...trace!.seen.values()].some(({ value }) => value.text === "5"));
    });
  });

  it("stops a program that prints too much, after what it may print", async () => {
    const { kind, output, message } = await test.run(`while (true) print("0123456789");`, {
      outputChars: 1000,
    });
    assert.equal(kind, "stopped");
    assert.equal(output.length, 1000);
    assert.match(message, /Stopped after printing 1000 characters/);
  });

  it("passes on any amount of output, in order", async () => {
    const { output } = await test.run(`for (let i = 0; i < 30000; i++) print(i, "${"x".repeat(90)}");`);
    const lines = output.split("\n");
    assert.equal(lines.length, 30_001);
    assert.ok(lines.every((line, i) => line === "" || line.startsWith(`${i} `)));
  });

  it("holds a program up that prints faster than anyone reads", async () => {
    const run = test.start(`for (;;) print(Date.now(), "${"x".repeat(1000)}");`);
    await run.until(({ output }) => output.length > 100_000);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
    await pause(200);
    run.handle.cancel();
    const { output } = await run.result;
    const times = output.split("\n").slice(0, -1).map(Number.parseFloat);
    assert.ok(Math.max(...times.slice(1).map((time, i) => time - times[i])) > 300);
  });

  it("stops a program that keeps too many tensors", async () => {
    const source = `import torch from "torch";\nconst kept = [];\nfor (;;) kept.push(torch.zeros(250000));`;
    const { kind, message, place } = await test.run(source, { memoryMb: 100, timeMs: 10_000 });
    assert.equal(kind, "stopped");
    assert.match(message, /Stopped at 100 MB of memory/);
    assert.match(place, /for|kept|torch/);
  });

  it("does not count what the run before an edit held", async () => {
    const source = 'import torch from "torch"\nconst kept = torch.ones(18 * 2 ** 20)';
    for (let edit = 0; edit < 3; edit++) {
      const { kind, message } = await test.run(`${source} // ${edit}`, { memoryMb: 100 });
      assert.equal(kind, "done", message);
    }
  });

  it("minds the memory of a program that comes when its realm was warmed up long ago", async () => {
    const rested = new TestRunner();
    rested.runner.warmUp();
    await pause(2000);
    try {
      const source = 'import torch from "torch"\nconst kept = torch.ones(2 ** 26)';
      const { kind, message } = await rested.run(source, { memoryMb: 100 });
      assert.equal(kind, "stopped", message);
      assert.match(message, /Stopped at 100 MB of memory/);
      assert.equal(rested.children.length, 1);
    } finally {
      rested.dispose();
    }
  });

  it("stops a program that fills the heap", async () => {
    const source = `const kept = [];\nfor (let i = 0; ; i++) kept.push({ i, text: "x" + i });`;
    const { kind, message } = await test.run(source, { memoryMb: 60, timeMs: 20_000 });
    assert.equal(kind, "stopped");
    assert.match(message, /Stopped at 60 MB of memory/);
  });

  it("lets a program make any amount of tensors that it does not keep", async () => {
    const source = `import torch from "torch";\nfor (let i = 0; i < 1500; i++) torch.zeros(250000);\nprint("ok");`;
    const { output, message } = await test.run(source, { memoryMb: 200 });
    assert.equal(output, "ok\n", message);
  });

  describe("marks and names an error", () => {
    const matmul = `import torch from "torch";\nconst x = torch.ones(2, 3) @ torch.ones(4, 5);`;
    const errors: [what: string, source: string, message: string, place: string][] = [
      [
        "of the engine",
        matmul,
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)",
        "torch.ones(2, 3) @ torch.ones(4, 5)",
      ],
      [
        "of JavaScript",
        "const o: any = undefined;\nprint(o.x);",
        "TypeError: Cannot read properties of undefined (reading 'x')",
        "o.x",
      ],
      [
        "of a class of the program's",
        "class NotConverged extends Error {}\nthrow new NotConverged('no');",
        "NotConverged: no",
        "new NotConverged('no')",
      ],
      ["of a call of what another call gave", "const f = (): any => 1;\nf()();", "TypeError: ", "f()()"],
      ["that is null", "let a = 1;\nthrow null;", "Uncaught: null", "null"],
      ["that is text", `throw "no";`, `Uncaught: "no"`, `"no"`],
      [
        "of endless recursion",
        "const f = (): number => f();\nf();",
        "RecursionError: maximum recursion depth exceeded",
        "f()",
      ],
      [
        "of a promise nobody looks at",
        "const f = async () => { throw new Error('lost') };\nf();",
        "Error: lost",
        "new Error('lost')",
      ],
      [
        "of an awaited promise",
        "await Promise.reject(new RangeError('far'));",
        "RangeError: far",
        "new RangeError('far')",
      ],
      ["in a syntax", "let a = ;", "Expression expected.", ";"],
      ["in an import", `import np from "numpy";`, `Cannot find module "numpy".`, `"numpy"`],
    ];
    for (const [what, source, message, place] of errors) {
      for (const probes of [true, false]) {
        it(`${what}, ${probes ? "with" : "without"} probes`, async () => {
          const result = await test.run(source, {}, probes);
          assert.equal(result.message.slice(0, message.length), message);
          assert.ok(!result.message.includes("$$"), result.message);
          assert.equal(result.place, place);
        });
      }
    }

    it("of a promise that nothing settles", async () => {
      const { kind, message } = await test.run("await new Promise(() => {});\nprint(1);");
      assert.equal(kind, "failed");
      assert.match(message, /waits for a promise that nothing settles/);
    });
  });

  it("runs promises to their end", async () => {
    const source = `const later = Promise.resolve(1).then((x) => x + 1);\nprint(await later);\nlater.then(() => print("last"));`;
    assert.equal((await test.run(source)).output, "2\nlast\n");
  });

  it("streams values and output while a program runs", async () => {
    const run = test.start(`let n = 0;\nprint("on");\nwhile (true) n += 1;`);
    const trace = await run.until(
      ({ seen, output }) => output !== "" && [...seen.values()].some((s) => s.count > 1000),
    );
    assert.equal(trace.outcome.kind, "running");
    run.handle.cancel();
    const { kind, message, place } = await run.result;
    assert.equal(kind, "stopped");
    assert.match(message, /^Stopped: Stopped by you/);
    assert.match(place, /^while|n \+= 1/);
  });

  for (const [what, source] of [
    ["that loops", "for (;;);"],
    ["that does not answer", HANGING],
  ]) {
    it(`gives way to an edit, from a program ${what}`, async () => {
      let heard = false;
      const old = test.start(source);
      void old.result.then(() => {
        heard = true;
      });
      await pause(150);
      const startedAt = performance.now();
      assert.equal((await test.run(`print("new")`)).output, "new\n");
      assert.ok(performance.now() - startedAt < 1000);
      assert.equal(heard, false);
    });
  }

  it("runs the newest of many edits", async () => {
    for (let i = 0; i < 20; i++) test.start(`print(${i}); for (;;);`);
    assert.equal((await test.run(`print("last")`)).output, "last\n");
  });

  it("begins every program alike, though its realm was warmed up", async () => {
    const source = `import torch from "torch"
const x = torch.randn(3, { requires_grad: true })
print(torch.initial_seed(), x, x.sum().grad_fn, torch.is_grad_enabled(), torch.get_default_dtype(), torch.rand(700).sum())`;
    const outputs = new Set<string>();
    for (let run = 0; run < 3; run++) {
      outputs.add((await test.run(source)).output);
      await pause(300); // the next realm is made and warmed up while nothing runs
    }
    assert.equal(outputs.size, 1, [...outputs].join());
  });

  describe("shows the whole value at a site", () => {
    const source = `import torch from "torch";\nconst x = torch.ones(3, { requires_grad: true });\nconst y = x * 2;`;
    const siteOf = (name: string, trace: { sites: readonly { name?: string }[] }) =>
      trace.sites.findIndex((site) => site.name === name);
    const inspect = ({ runner }: typeof test, trace: Trace) =>
      runner.query(trace.run, { kind: "inspect", site: siteOf("y", trace) });

    it("after the run", async () => {
      const { trace } = await test.run(source);
      const inspection = await inspect(test, trace!);
      assert.equal(inspection!.text, "tensor([2., 2., 2.], grad_fn=<MulBackward0>)");
      assert.deepEqual(inspection!.tensor!.nextFunctions, ["AccumulateGrad", null]);
    });

    it("in the midst of it", async () => {
      const run = test.start(`${source}\nfor (;;);`);
      const trace = await run.until(({ seen }) => seen.size > 2);
      const inspection = await inspect(test, trace);
      assert.equal(inspection!.count, 1);
      run.handle.cancel();
      await run.result;
    });

    it("but not once another program ran", async () => {
      const { trace } = await test.run(source);
      await test.run("print(1)");
      assert.equal(await inspect(test, trace!), null);
    });
  });

  it("runs on in a new process when the old one is killed", async () => {
    test.children.at(-1)!.kill("SIGKILL");
    await once(test.children.at(-1)!, "exit");
    assert.equal((await test.run(`print("again")`)).output, "again\n");
  });

  it("begins a program again whose process is killed under it", async () => {
    const run = test.start(`print("begun"); for (let i = 0; i < 3e8; i++);`);
    await run.until(({ output }) => output !== "");
    test.children.at(-1)!.kill("SIGKILL");
    const { kind, output } = await run.result;
    assert.deepEqual([kind, output], ["done", "begun\n"]);
  });

  it("gives a program that begins again, because another's call cannot be ended, the rest of its time", async () => {
    await test.run("Array.from({ length: 1e9 })", { timeMs: 100 });
    const before = test.children.length;
    const timeMs = 4000;
    const { trace } = await test.run("for (;;);", { timeMs });
    assert.equal(test.children.length, before + 1);
    const outcome = trace!.outcome;
    assert.ok(outcome.kind === "stopped" && outcome.elapsedMs < timeMs - 100, JSON.stringify(outcome));
  });

  it("gives up on a program whose process is killed each time", async () => {
    const run = test.start("print(1);\nfor (;;);");
    for (let i = 0; i < 2; i++) {
      await run.until(({ outcome, output }) => outcome.kind === "running" && output !== "");
      test.children.at(-1)!.kill("SIGKILL");
      await once(test.children.at(-1)!, "exit");
    }
    assert.equal((await run.result).kind, "rejected");
    assert.equal((await test.run("print(2)")).output, "2\n");
  });
});

describe("the runner process", () => {
  const endless: ToRunner = {
    kind: "run",
    run: 1,
    fileName: "a.grad.ts",
    source: "for (;;);",
    limits: { timeMs: null, memoryMb: null, outputChars: null },
    probes: true,
    pausable: false,
  };

  it("is confined by Node's permission model where Node has one", async () => {
    const child = launchRunner(folder, true);
    const [ready] = (await once(child, "message")) as [FromRunner];
    child.disconnect();
    assert.deepEqual(ready, { kind: "ready", confined: true });
  });

  it("is confined however its folder is written", async () => {
    const child = launchRunner(`${folder}/`, true);
    const [ready] = (await once(child, "message")) as [FromRunner];
    child.disconnect();
    assert.deepEqual(ready, { kind: "ready", confined: true });
  });

  it("starts without the permission model where the host refuses its flags", async () => {
    const test = new TestRunner((where, permissions) =>
      permissions
        ? fork(join(where, "runner.cjs"), { execArgv: ["--no-such-flag"], silent: true })
        : launchRunner(where, false),
    );
    try {
      assert.equal((await test.run("print(1)")).output, "1\n");
      assert.equal(test.children.length, 2);
    } finally {
      test.dispose();
    }
  });

  it("ends with its channel, whatever it is doing", async () => {
    const child = launchRunner(folder, true);
    await once(child, "message");
    child.send(endless);
    await once(child, "message");
    child.disconnect();
    await once(child, "exit");
    assert.ok(child.killed || child.signalCode !== null || child.exitCode !== null);
  });
});
