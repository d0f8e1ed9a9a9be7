import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compile } from "../../src/compiler/compile";
import { createRunner, type Runner, type RunOptions } from "../../src/runner/client";
import { filesAround, type ProgramFiles } from "../../src/runner/files";
import type { ImportAnswer, ImportRequest } from "../../src/runner/messages";
import { ImportResolver } from "../../src/runner/resolve";
import type { Trace } from "../../src/trace/model";
import { floats, npy, safetensors } from "../cli/folder";
import { folder as bundles } from "./harness";

const options: RunOptions = {
  fileName: "program.grad.ts",
  limits: { timeMs: null, memoryMb: null, outputChars: null },
  probes: true,
};

describe("the files around a program", () => {
  let outer: string;
  let root: string;
  let program: string;
  beforeEach(() => {
    outer = realpathSync(mkdtempSync(join(tmpdir(), "gradlens-files-")));
    root = join(outer, "project");
    program = join(root, "program.grad.ts");
    mkdirSync(join(root, "lib"), { recursive: true });
    writeFileSync(program, "");
    writeFileSync(join(outer, "secret.json"), "1");
    writeFileSync(join(root, "data.json"), "[1]");
    writeFileSync(join(root, "lib/data.json"), "[2]");
    writeFileSync(join(root, "lib/f.ts"), "");
  });
  afterEach(() => rmSync(outer, { recursive: true }));

  const main = "program.grad.ts";
  const request = (specifier: string, known: string | null = null, importer = main): ImportRequest => ({
    importer,
    specifier,
    paths: [specifier],
    known,
  });
  const contentOf = (answer: ImportAnswer) => {
    assert.equal(answer.kind, "file", JSON.stringify(answer));
    const { content } = answer as Extract<ImportAnswer, { kind: "file" }>;
    if (content === null) return null;
    return content.kind === "program" ? content.source : Buffer.from(content.bytes).toString();
  };
  const versionOf = (answer: ImportAnswer) => (answer as Extract<ImportAnswer, { kind: "file" }>).version;

  it("are not sent again while they are the same", async () => {
    const files = filesAround({ program, root });
    const [first] = await files.forRun().read([request("./data.json")]);
    assert.equal(contentOf(first), "[1]");
    const [same] = await files.forRun().read([request("./data.json", versionOf(first))]);
    assert.equal(contentOf(same), null);
    writeFileSync(join(root, "data.json"), "[3]");
    const [changed] = await files.forRun().read([request("./data.json", versionOf(first))]);
    assert.equal(contentOf(changed), "[3]");
  });

  it("are as an editor has them, where it has them unsaved", async () => {
    let unsaved: string | undefined = "[4]";
    const files = filesAround({
      program,
      root,
      unsaved: (path) => (path === join(root, "data.json") ? unsaved : undefined),
    });
    const [first] = await files.forRun().read([request("./data.json")]);
    assert.equal(contentOf(first), "[4]");
    const [same] = await files.forRun().read([request("./data.json", versionOf(first))]);
    assert.equal(contentOf(same), null);
    unsaved = undefined;
    const [saved] = await files.forRun().read([request("./data.json", versionOf(first))]);
    assert.equal(contentOf(saved), "[1]");
  });

  it("are looked for beside the file that imports them, which must be one that was imported", async () => {
    const run = filesAround({ program, root }).forRun();
    const [early] = await run.read([request("./data.json", null, "lib/f.ts")]);
    assert.equal(early.kind, "refused");
    await run.read([request("./lib/f")]);
    const [nested] = await run.read([request("./data.json", null, "lib/f.ts")]);
    assert.equal(contentOf(nested), "[2]");
    for (const importer of ["../secret.json", "/etc/passwd", "lib/data.json", outer]) {
      const [answer] = await run.read([request("./secret.json", null, importer)]);
      assert.equal(answer.kind, "refused", importer);
    }
  });

  it("are told of when they are looked for, also those that are missing", async () => {
    const looked: string[] = [];
    const files = filesAround({ program, root, lookingFor: (path) => looked.push(path) });
    await files.forRun().read([request("./missing"), request("../secret.json")]);
    assert.deepEqual(looked, [join(root, "missing.grad.ts"), join(root, "missing.ts")]);
  });
});

describe("the paths of a tsconfig.json beside a program", () => {
  let root: string;
  let runner: Runner;
  const looked: string[] = [];
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "gradlens-paths-")));
    write("lessons/program.grad.ts", "");
    write("lessons/tsconfig.json", '{ "extends": "../base", /* for lessons */ "compilerOptions": {}, }');
    write(
      "base.json",
      '{ "compilerOptions": { "paths": { "@lib/*": ["none/*", "./lib/*"], "data": ["d.json"] } } }',
    );
    write("lib/scale.grad.ts", 'import three from "@lib/three"\nexport const scale = 2 * three');
    write("lib/three.ts", "export default 3");
    write("d.json", "[7]");
    const program = join(root, "lessons/program.grad.ts");
    const files = filesAround({ program, root, lookingFor: (path) => looked.push(path) });
    runner = createRunner({ folder: bundles, files });
  });
  after(() => {
    runner.dispose();
    rmSync(root, { recursive: true });
  });

  const outcomeOf = (source: string) =>
    new Promise<string>((resolve) => {
      runner.run(source, options, {
        rejected: ([{ message, start, end }]) => resolve(`${source.slice(start, end)}: ${message}`),
        ended: ({ output }) => resolve(output),
      });
    });

  it("lead to files, in what the program imports too, and are looked for again when they change", async () => {
    const source = 'import { scale } from "@lib/scale"\nimport data from "data"\nprint(scale, data[0])';
    assert.equal(await outcomeOf(source), "6 7\n");
    assert.ok(looked.includes(join(root, "lessons/tsconfig.json")));
    assert.ok(looked.includes(join(root, "base.json")));
    write(
      "base.json",
      '{ "compilerOptions": { "paths": { "@lib/*": ["lib/*"], "data": ["lessons/d.json"] } } }',
    );
    write("lessons/d.json", "[8]");
    assert.equal(await outcomeOf(source), "6 8\n");
  });

  it("say nothing of other modules", async () => {
    assert.match(
      await outcomeOf('import { x } from "@lip/scale"'),
      /^"@lip\/scale": Cannot find module "@lip\/scale"/,
    );
    assert.match(
      await outcomeOf('import { x } from "@lib/none"'),
      /^"@lib\/none": Cannot find module "@lib\/none"/,
    );
  });

  it("do not lead out of the workspace", async () => {
    write("base.json", '{ "compilerOptions": { "paths": { "out": ["../out"] } } }');
    assert.match(await outcomeOf('import { x } from "out"'), /^"out": "out" is outside/);
  });
});

describe("a data file that is broken", () => {
  let root: string;
  let runner: Runner;
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "gradlens-files-")));
    const program = join(root, "program.grad.ts");
    writeFileSync(program, "");
    runner = createRunner({ folder: bundles, files: filesAround({ program, root }) });
  });
  after(() => {
    runner.dispose();
    rmSync(root, { recursive: true });
  });

  /** The message of a program that imports the file, which must be the error that ends it. */
  function messageFor(name: string): Promise<string> {
    const source = `import m from "./${name}";\nprint(m);`;
    return new Promise((resolve) => {
      runner.run(source, options, {
        rejected: ([{ message }]) => resolve(message),
        ended: ({ outcome, output }) => {
          assert.ok(outcome.kind === "failed", `${outcome.kind} ${output}`);
          const { error } = outcome;
          assert.equal(source.slice(error.start, error.end), `"./${name}"`);
          resolve(`${error.name}: ${error.message}`);
        },
      });
    });
  }

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
      /^ValueError: row 1 has 1 field, but there are 2 columns \(in ragged\.csv\)$/,
    ],
    ["open.csv", 'a,b\n"1,2\n', /ValueError: a quoted field is not closed .*\(in open\.csv\)$/],
    ["half.json", '{ "a": ', /^SyntaxError: .* \(in half\.json\)$/],
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
    it(`is one message: ${name}`, async () => {
      writeFileSync(join(root, name), content);
      assert.match(await messageFor(name), message);
    });
  }
});

describe("resolving imports", () => {
  const compiled = (source: string) => compile(source, { fileName: "a.grad.ts", probes: true });
  const mainOf = (source: string) => ({ name: "a.grad.ts", source, compiled: compiled(source) });

  it("asks for what the runner does not hold, and keeps what it held", async () => {
    const resolver = new ImportResolver();
    const asked: ImportRequest[][] = [];
    const ask = (versions: Record<string, [version: string, content: string | null]>) => {
      return async (requests: ImportRequest[]): Promise<ImportAnswer[]> => {
        asked.push(requests);
        return requests.map(({ specifier }) => {
          const [version, source] = versions[specifier];
          const content = source === null ? null : ({ kind: "program", source } as const);
          return { kind: "file", name: specifier.slice(2), version, content };
        });
      };
    };
    const main = mainOf('import "./b.ts";\nimport "./c.ts";');
    await resolver.resolve(main, ask({ "./b.ts": ["b1", 'import "./c.ts";'], "./c.ts": ["c1", "1"] }));
    const again = await resolver.resolve(main, ask({ "./b.ts": ["b1", null], "./c.ts": ["c2", "22"] }));
    assert.deepEqual(
      asked.map((requests) => requests.map(({ importer, specifier, known }) => [importer, specifier, known])),
      [
        [
          ["a.grad.ts", "./b.ts", null],
          ["a.grad.ts", "./c.ts", null],
        ],
        [["b.ts", "./c.ts", null]],
        [
          ["a.grad.ts", "./b.ts", "b1"],
          ["a.grad.ts", "./c.ts", "c1"],
        ],
        [["b.ts", "./c.ts", "c1"]],
      ],
    );
    assert.ok(again.kind === "resolved");
    assert.deepEqual(
      again.files.map((file) => [file.name, file.kind === "program" && file.source]),
      [
        ["c.ts", "22"],
        ["b.ts", 'import "./c.ts";'],
      ],
    );
    assert.deepEqual(again.imports, { "./b.ts": 1, "./c.ts": 0 });
  });
});

describe("a runner", () => {
  it("drops a run that waits for its files when a newer one comes", async () => {
    let answerFirst = () => {};
    let runs = 0;
    const files: ProgramFiles = {
      forRun: () => {
        const run = ++runs;
        return {
          read: async (requests) => {
            if (run === 1) {
              await new Promise<void>((resolve) => {
                answerFirst = resolve;
              });
            }
            const content = { kind: "program", source: `export const n = ${run};` } as const;
            return requests.map(() => ({ kind: "file", name: "n.ts", version: `${run}`, content }));
          },
        };
      },
    };
    const runner = createRunner({ folder: bundles, files });
    const heard: string[] = [];
    const source = 'import { n } from "./n";\nprint(n);';
    try {
      runner.run(source, options, { ended: () => heard.push("first") });
      const trace = await new Promise<Trace>((resolve) => {
        runner.run(source, options, { ended: resolve });
      });
      answerFirst();
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(trace.output, "2\n");
      assert.deepEqual(heard, []);
    } finally {
      runner.dispose();
    }
  });

  it("says to save a program that is in no folder before it imports files", async () => {
    const runner = createRunner({ folder: bundles });
    try {
      const message = await new Promise((resolve) => {
        runner.run('import "./n";', options, { rejected: ([problem]) => resolve(problem.message) });
      });
      assert.equal(message, 'Save this program first: "./n" is looked for beside its file.');
    } finally {
      runner.dispose();
    }
  });
});
