import type { FileHost } from "./modules";
import ts from "./typescript";

/**
 * The compiler options of the tsconfig.json beside a program, `extends` followed, with absolute `paths`; none
 * without such a file. Only its own folder counts: a program among the sources of an ordinary project is
 * checked as its author is used to, while the project above it does not make a lesson strict.
 */
export function tsconfigOptions(programFile: string, host: FileHost): ts.CompilerOptions {
  const folder = programFile.slice(0, programFile.lastIndexOf("/"));
  const fileName = `${folder}/tsconfig.json`;
  const text = host.readFile(fileName);
  if (text === undefined) return {};
  const { config = {} } = ts.parseConfigFileTextToJson(fileName, text);
  const { options } = ts.parseJsonConfigFileContent(config, parseHost(host), folder, undefined, fileName);
  const base = options.baseUrl ?? (options["pathsBasePath"] as string | undefined) ?? folder;
  return { ...options, ...(options.paths ? { paths: absolutePaths(options.paths, base) } : {}) };
}

function absolutePaths(paths: ts.MapLike<string[]>, base: string): ts.MapLike<string[]> {
  return Object.fromEntries(
    Object.entries(paths).map(([pattern, targets]) => [
      pattern,
      targets.map((target) => (target.startsWith("/") ? target : joinPath(base, target))),
    ]),
  );
}

function joinPath(folder: string, relative: string): string {
  const parts = folder.replace(/\/$/, "").split("/");
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** The list of a project's files is of no interest here. */
function parseHost(host: FileHost): ts.ParseConfigHost {
  return {
    useCaseSensitiveFileNames: true,
    readDirectory: () => [],
    fileExists: (fileName) => host.fileExists(fileName),
    readFile: (fileName) => host.readFile(fileName),
  };
}

/**
 * Where a specifier may lead by the `paths` of a tsconfig.json: absolute paths, in order. Of several patterns
 * the one with the longest beginning counts, as in TypeScript.
 */
export function mappedPaths(specifier: string, paths: ts.MapLike<string[]> = {}): string[] {
  if (Object.hasOwn(paths, specifier)) return paths[specifier]!;
  const matching = Object.keys(paths)
    .map((pattern) => ({ pattern, ends: pattern.split("*") }))
    .filter(({ ends }) => ends.length === 2 && isBetween(specifier, ends as [string, string]))
    .sort((a, b) => b.ends[0]!.length - a.ends[0]!.length)[0];
  if (!matching) return [];
  const [start, end] = matching.ends as [string, string];
  const star = specifier.slice(start.length, specifier.length - end.length);
  return paths[matching.pattern]!.map((target) => target.replace("*", () => star));
}

function isBetween(text: string, [start, end]: [string, string]): boolean {
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
