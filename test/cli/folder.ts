import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repoRoot } from "../repo";

export const cli = join(repoRoot, "dist/cli.js");

/** Runs the command in a folder. */
export async function gradlens(args: readonly string[], cwd: string) {
  const child = spawn(process.execPath, [cli, ...args], { cwd });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const [code] = (await once(child, "close")) as [number];
  return { stdout, stderr, code };
}

/** A folder of files beside which programs are run. Outside it lies `secret.json`. */
export class Folder {
  readonly outer = realpathSync(mkdtempSync(join(tmpdir(), "gradlens-imports-")));
  readonly path = join(this.outer, "project");

  constructor() {
    mkdirSync(this.path);
    writeFileSync(join(this.outer, "secret.json"), '"the secret"');
  }

  write(name: string, content: string | Uint8Array): void {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  gradlens(args: string[], cwd = this.path) {
    return gradlens(args, cwd);
  }

  /** Runs `source` as `program.grad.ts`. */
  run(source: string, ...options: string[]) {
    this.write("program.grad.ts", source);
    return this.gradlens(["run", ...options, "program.grad.ts"]);
  }

  async prints(source: string): Promise<string> {
    const { stdout, stderr, code } = await this.run(source);
    assert.deepEqual({ stderr, code }, { stderr: "", code: 0 });
    return stdout;
  }

  /** The only message of a program that fails, without the source line below it. */
  async fails(source: string, ...options: string[]): Promise<string> {
    const { stderr, code } = await this.run(source, ...options);
    assert.equal(code, 1, stderr);
    const messages = stderr.split("\n").filter((line) => line.startsWith("program.grad.ts:"));
    assert.equal(messages.length, 1, stderr);
    assert.doesNotMatch(stderr, /the secret|root:|node:internal|dist\//);
    return messages[0].slice("program.grad.ts:".length);
  }

  async check(source: string): Promise<string[]> {
    this.write("program.grad.ts", source);
    const { stdout } = await this.gradlens(["check", "program.grad.ts"]);
    return stdout.split("\n").filter((line) => line !== "");
  }
}

/** A NumPy file with this header. */
export function npy(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(`${header}\n`);
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, text.length >> 8]);
  return Buffer.concat([start, text, data]);
}

export const floats = (...values: number[]) => new Uint8Array(new Float32Array(values).buffer);
export const matrixNpy = npy(
  "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
  floats(1, 2, 3, 4),
);

/** A safetensors file with this header. */
export function safetensors(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), data]);
}
