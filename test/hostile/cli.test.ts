import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repoRoot } from "../repo";
import { type HostileProgram, hostilePrograms } from "./programs";

const cli = join(repoRoot, "dist/cli.js");
const SECRET = "a-secret-of-the-environment";
/** Every so many programs are run; all of them where GRADLENS_ALL is set. */
const STRIDE = process.env["GRADLENS_ALL"] ? 1 : 8;
/** What may pass beside the program: three processes start, on a machine that is busy with other tests. */
const START_MS = 4000;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  ms: number;
  /** What is in the folder that the program was run in. */
  files: string[];
}

async function run({ source, limits }: HostileProgram): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), "gradlens-hostile-"));
  try {
    await writeFile(join(folder, "program.grad.ts"), source);
    const startedAt = performance.now();
    const time = ["--time-limit", String(limits.timeMs! / 1000)];
    const memory = ["--memory-limit", String(limits.memoryMb)];
    const child = spawn(process.execPath, [cli, "run", ...time, ...memory, "program.grad.ts"], {
      cwd: folder,
      env: { ...process.env, GRADLENS_SECRET: SECRET },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        if (texts[name].length < 1e6) texts[name] += text;
      });
    }
    const [code] = (await once(child, "close")) as [number | null];
    return { code, ...texts, ms: performance.now() - startedAt, files: await readdir(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("a hostile program on the command line leaks and writes nothing and ends in time:", () => {
  for (const program of hostilePrograms().filter((_, index) => index % STRIDE === 0)) {
    it(program.name, async () => {
      const { code, stdout, stderr, ms, files } = await run(program);
      assert.ok(code === 0 || code === 1, `exit code ${code}: ${stderr.slice(0, 500)}`);
      assert.ok(!(stdout + stderr).includes(SECRET));
      assert.doesNotMatch(stdout, /leaked/);
      assert.doesNotMatch(stderr, /node:internal|gradlens:realm|dist\/|process that runs programs/);
      if (code === 1) assert.match(stderr, /^program\.grad\.ts:\d+:\d+: /);
      assert.deepEqual(files, ["program.grad.ts"]);
      assert.ok(ms < program.limits.timeMs! + 1000 + START_MS, `took ${ms} ms`);
    }).timeout(60_000);
  }
});
