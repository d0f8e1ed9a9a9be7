import { posix } from "node:path";
import { mappedPaths, tsconfigOptions } from "../language/tsconfig";
import type { AskForFiles } from "./resolve";

/** Stands for the program's folder, whose place this process does not know. Deep enough for paths with "..". */
const FOLDER = "/folder".repeat(32);
/** A tsconfig.json that extends others is read in as many rounds. */
const MAX_ROUNDS = 8;

/** Where a specifier may lead: relative paths from the program, in order. */
export type PathsOf = (specifier: string) => string[];

/** What the `paths` of the tsconfig.json beside a program say. It and what it extends are asked for as imports are. */
export async function readTsconfigPaths(program: string, ask: AskForFiles): Promise<PathsOf> {
  const texts = new Map<string, string | undefined>();
  for (let round = 0; ; round++) {
    const missing = new Set<string>();
    const readFile = (path: string) => {
      if (!texts.has(path)) missing.add(path);
      return texts.get(path);
    };
    const host = { readFile, fileExists: (path: string) => readFile(path) !== undefined };
    const { paths } = tsconfigOptions(`${FOLDER}/${program}`, host);
    if (missing.size === 0 || round === MAX_ROUNDS)
      return (specifier) => mappedPaths(specifier, paths).map(fromProgram);
    const wanted = [...missing];
    const requests = wanted.map(fromProgram).map((path) => ({
      importer: program,
      specifier: path,
      paths: [path],
      known: null,
    }));
    const answers = await ask(requests);
    for (const [index, path] of wanted.entries()) texts.set(path, textOf(answers[index]!));
  }
}

function fromProgram(path: string): string {
  const relative = posix.relative(FOLDER, path);
  return relative.startsWith("../") ? relative : `./${relative}`;
}

function textOf(answer: Awaited<ReturnType<AskForFiles>>[number]): string | undefined {
  const content = answer.kind === "file" ? answer.content : null;
  return content?.kind === "json" ? new TextDecoder().decode(content.bytes) : undefined;
}
