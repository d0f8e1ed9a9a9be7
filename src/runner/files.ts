import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { basename, dirname, relative } from "node:path";
import {
  fileKindOf,
  folderOf,
  importCandidates,
  isInside,
  isRelative,
  moduleNotFound,
} from "../language/modules";
import type { FileContent, ImportAnswer, ImportRequest } from "./messages";

/** What the files that one program imports may have together. */
export const MAX_IMPORTED_MB = 128;
const BYTES_PER_MB = 1024 * 1024;

/** Gives a program the files that it imports. */
export interface ProgramFiles {
  /** For one run; an earlier one's is not asked again. */
  forRun(): RunFiles;
}

export interface RunFiles {
  /** Answers in the order of the requests. */
  read(requests: readonly ImportRequest[]): Promise<ImportAnswer[]>;
}

/** For programs that are in no folder. */
export const noFiles: ProgramFiles = {
  forRun: () => ({
    read: async (requests) =>
      requests.map(({ specifier }) =>
        refused(
          isRelative(specifier)
            ? `Save this program first: "${specifier}" is looked for beside its file.`
            : moduleNotFound(specifier),
        ),
      ),
  }),
};

export interface FolderOptions {
  /** The program's file: absolute, with forward slashes. */
  program: string;
  /** The folder that imports do not leave; the program lies in it. */
  root: string;
  /** The text of a file that an editor has changed and not saved. */
  unsaved?(path: string): string | undefined;
  /** A run looks for this file, whether it is there or not. */
  lookingFor?(path: string): void;
}

/**
 * Reads what a program on this machine imports, within its folder: neither a path nor a symbolic link leads out
 * of it. Reads files only, no devices or pipes, and stops at the size that imports may have together.
 */
export function filesAround(options: FolderOptions): ProgramFiles {
  return { forRun: () => new FolderReader(options) };
}

/** Why a file cannot be imported, in words for the program's author. */
class Refusal extends Error {}

class FolderReader implements RunFiles {
  private readonly options: FolderOptions;
  /** Where the files are that importers may name. */
  private readonly paths = new Map<string, string>();
  private readonly counted = new Set<string>();
  private bytes = 0;
  private places: Promise<{ program: string; folder: string; root: string }> | null = null;

  constructor(options: FolderOptions) {
    this.options = options;
    this.paths.set(basename(options.program), options.program);
  }

  read(requests: readonly ImportRequest[]): Promise<ImportAnswer[]> {
    return Promise.all(requests.map((request) => this.answer(request)));
  }

  private async answer(request: ImportRequest): Promise<ImportAnswer> {
    const { specifier } = request;
    try {
      const importer = this.paths.get(request.importer);
      const paths = importer === undefined ? [] : request.paths;
      for (const path of paths.flatMap((relative) => importCandidates(relative, importer!))) {
        const answer = await this.readCandidate(path, request);
        if (answer !== null) return answer;
      }
      return refused(moduleNotFound(specifier));
    } catch (error) {
      if (error instanceof Refusal) return refused(error.message);
      const { code, message } = error as NodeJS.ErrnoException;
      return refused(`"${specifier}" cannot be read (${code ?? message}).`);
    }
  }

  /** Null if there is no such file. */
  private async readCandidate(
    path: string,
    { specifier, known }: ImportRequest,
  ): Promise<ImportAnswer | null> {
    const { options } = this;
    if (!isInside(options.root, path)) throw outside(specifier, options.root);
    options.lookingFor?.(path);
    const real = await realPathOf(path);
    if (real === null) return null;
    const { program, folder, root } = await this.realPlaces();
    if (!isInside(root, real)) throw outside(specifier, options.root);
    const name = real === program ? basename(options.program) : slashes(relative(folder, real));
    if (!this.paths.has(name)) this.paths.set(name, path);
    const unsaved = options.unsaved?.(path);
    if (unsaved === undefined) return this.readFile(real, name, path, { specifier, known });
    const bytes = Buffer.from(unsaved);
    this.count(specifier, name, bytes.length);
    const version = `${real}|${createHash("sha256").update(bytes).digest("hex")}`;
    const content = version === known ? null : contentOf(path, bytes, specifier);
    return { kind: "file", name, version, content };
  }

  private async readFile(
    real: string,
    name: string,
    path: string,
    { specifier, known }: Pick<ImportRequest, "specifier" | "known">,
  ): Promise<ImportAnswer> {
    const file = await open(real, OPEN_FLAGS);
    try {
      const stat = await file.stat({ bigint: true });
      if (!stat.isFile()) throw new Refusal(`"${specifier}" is not a file.`);
      this.count(specifier, name, Number(stat.size));
      const version = [real, stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join("|");
      if (version === known) return { kind: "file", name, version, content: null };
      const bytes = await readAll(file, Number(stat.size));
      return { kind: "file", name, version, content: contentOf(path, bytes, specifier) };
    } finally {
      await file.close();
    }
  }

  private count(specifier: string, name: string, bytes: number): void {
    if (this.counted.has(name)) return;
    this.counted.add(name);
    this.bytes += bytes;
    if (this.bytes <= MAX_IMPORTED_MB * BYTES_PER_MB) return;
    const mb = Math.ceil(bytes / BYTES_PER_MB);
    throw new Refusal(
      `"${specifier}" has ${mb} MB. The files that a program imports may have ${MAX_IMPORTED_MB} MB together: import a smaller part of the data.`,
    );
  }

  /** Without symbolic links. */
  private realPlaces() {
    this.places ??= (async () => {
      const { program, root } = this.options;
      return {
        program: (await realPathOf(program)) ?? program,
        folder: (await realPathOf(dirname(program))) ?? folderOf(program),
        root: (await realPathOf(root)) ?? root,
      };
    })();
    return this.places;
  }
}

// A pipe in the place of a file must not hold the reader up, nor a link put there meanwhile lead it away.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

function refused(message: string): ImportAnswer {
  return { kind: "refused", message };
}

function outside(specifier: string, root: string): Refusal {
  return new Refusal(`"${specifier}" is outside ${root}. Imports read files in the workspace folder only.`);
}

async function realPathOf(path: string): Promise<string | null> {
  try {
    return slashes(await realpath(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ERR_INVALID_ARG_VALUE") return null;
    throw error;
  }
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}

/** At most `size` bytes, whatever is written to the file meanwhile. */
async function readAll(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function contentOf(path: string, bytes: Uint8Array, specifier: string): FileContent {
  const kind = fileKindOf(path)!;
  if (kind === "npy" || kind === "safetensors") return { kind, bytes };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(`"${specifier}" is not text in UTF-8. Save it in that encoding.`);
  }
  return kind === "program" ? { kind, source: text } : { kind, bytes };
}
