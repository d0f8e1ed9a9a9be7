import type { FileHost } from "./modules";
import ts from "./typescript";

/**
 * The tsconfig.json, in a program's folder or the nearest above, that makes the program part of an ordinary
 * TypeScript project, or undefined.
 */
export function includingTsconfig(programFile: string, host: FileHost): string | undefined {
  for (let folder = parentOf(programFile); folder !== ""; folder = parentOf(folder)) {
    const fileName = `${folder}/tsconfig.json`;
    const text = host.readFile(fileName);
    if (text !== undefined) return includes(fileName, text, folder, programFile, host) ? fileName : undefined;
  }
  return undefined;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** Asks TypeScript about a disk on which there is no other file, so that a large project takes no time. */
function includes(fileName: string, text: string, folder: string, program: string, host: FileHost): boolean {
  const { config = {} } = ts.parseConfigFileTextToJson(fileName, text);
  const { fileNames } = ts.parseJsonConfigFileContent(
    config,
    {
      useCaseSensitiveFileNames: true,
      fileExists: (path) => host.fileExists(path),
      readFile: (path) => host.readFile(path),
      readDirectory: (root, extensions, excludes, includes, depth) =>
        matchFiles(
          root,
          extensions,
          excludes,
          includes,
          true,
          root,
          depth,
          (path) => entriesTo(program, path),
          same,
        ),
    },
    folder,
    undefined,
    fileName,
  );
  return fileNames.includes(program);
}

function same(path: string): string {
  return path;
}

interface Entries {
  files: string[];
  directories: string[];
}

/** The one entry of a folder that leads to a file. */
function entriesTo(file: string, folder: string): Entries {
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  if (!file.startsWith(prefix)) return { files: [], directories: [] };
  const [next = "", ...rest] = file.slice(prefix.length).split("/");
  return rest.length > 0 ? { files: [], directories: [next] } : { files: [next], directories: [] };
}

/** How TypeScript itself reads `include` and `exclude`; not among its published functions. */
const { matchFiles } = ts as unknown as {
  matchFiles(
    root: string,
    extensions: readonly string[],
    excludes: readonly string[] | undefined,
    includes: readonly string[],
    useCaseSensitiveFileNames: boolean,
    currentDirectory: string,
    depth: number | undefined,
    entries: (path: string) => Entries,
    realpath: (path: string) => string,
  ): string[];
};
