import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { importRoot } from "../language/modules";
import { filesAround, type ProgramFiles } from "../runner/files";
import { UsageError } from "./usage";

/** A program named on the command line. */
export interface Program {
  /** As the user wrote it. */
  file: string;
  /** Without a byte order mark, which no column counts. */
  source: string;
}

/** Reads the one FILE.grad.ts among the arguments. */
export function readProgram(command: string, files: readonly string[]): Program {
  const [file] = files;
  if (file === undefined || files.length > 1) throw new UsageError(`${command} needs one FILE.grad.ts.`);
  if (!basename(file).endsWith(".grad.ts")) throw new UsageError(`${file} is not a .grad.ts file.`);
  const source = sourceOf(file);
  if (source === undefined) throw new UsageError(`${file} cannot be read.`);
  return { file, source };
}

/**
 * Gives each of the programs named to `each`, and says which are none. False if there was one such.
 */
export function readPrograms(
  files: readonly string[],
  out: (line: string) => void,
  each: (program: Program) => void,
): boolean {
  let areFiles = true;
  for (const file of files) {
    const source = file.endsWith(".grad.ts") ? sourceOf(file) : undefined;
    if (source !== undefined) {
      each({ file, source });
      continue;
    }
    out(`${file} - error: ${existsSync(file) ? "Not a .grad.ts file." : "No such file."}`);
    areFiles = false;
  }
  return areFiles;
}

function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return undefined;
  }
}

/** What a program may import: files in the current folder, or beside the program if that lies elsewhere. */
export function filesOf({ file }: Program): ProgramFiles {
  const program = absolutePath(file);
  return filesAround({ program, root: importRoot(program, [absolutePath(".")]) });
}

/** With forward slashes. */
export function absolutePath(file: string): string {
  return resolve(file).replaceAll("\\", "/");
}

/** `FILE:line:col: message`, the source line and a caret under the place. */
export function formatProblem({ file, source }: Program, offset: number, message: string): string {
  const { line, column, text } = placeIn(source, offset);
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `${file}:${line}:${column}: ${message}\n${text}\n${indent}^\n`;
}

/** Line and column from 1, and the whole line's text. */
export function placeIn(source: string, offset: number): { line: number; column: number; text: string } {
  const before = source.slice(0, offset).split("\n");
  const text = source.split("\n")[before.length - 1].replace(/\r$/, "");
  return { line: before.length, column: before[before.length - 1].length + 1, text };
}
