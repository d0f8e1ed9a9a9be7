import { diskFiles } from "../language/files";
import { distributedFolders } from "../language/folders";
import type { Strictness } from "../language/options";
import { mayImportWithin } from "../language/reach";
import { createLanguageService, type LanguageDiagnostic } from "../language/service";
import { absolutePath, placeIn, readPrograms } from "./program";

/**
 * Prints what the editor would mark in programs, one `file:line:col - error TSnnnn: …` each, lines and columns
 * from 1. Exit code: 0 without errors (warnings are none), 1 with any, 2 if a file is missing or no `.grad.ts`
 * file.
 */
export function check(
  files: readonly string[],
  strictness: Strictness,
  out: (line: string) => void,
  folders = distributedFolders(),
): number {
  const service = createLanguageService(
    { ...diskFiles, mayImport: mayImportWithin(() => [absolutePath(".")]), strictness: () => strictness },
    folders,
  );
  let hasErrors = false;
  const areFiles = readPrograms(files, out, ({ file, source }) => {
    const fileName = absolutePath(file);
    service.update(fileName, source);
    const problems = service.diagnostics(fileName);
    for (const problem of problems) out(formatted(file, source, problem));
    hasErrors ||= problems.some(({ severity }) => severity === "error");
    service.close(fileName);
  });
  if (!areFiles) return 2;
  return hasErrors ? 1 : 0;
}

function formatted(file: string, text: string, problem: LanguageDiagnostic): string {
  const { start, code, severity, message } = problem;
  const { line, column } = placeIn(text, start);
  return `${file}:${line}:${column} - ${severity} TS${code}: ${message}`;
}
