import { diskFiles } from "../language/files";
import { distributedFolders } from "../language/folders";
import { mayImportWithin } from "../language/reach";
import { createLanguageService, type LanguageDiagnostic } from "../language/service";
import { absolutePath } from "./program";

/**
 * Prints the type errors of programs, one `file:line:col - error TSnnnn: …` each, lines and columns
 * from 1. Exit code: 0 without errors, 1 with any, 2 if a file is missing or no `.grad.ts` file.
 */
export function check(files: string[], out: (line: string) => void, folders = distributedFolders()): number {
  const service = createLanguageService(
    { ...diskFiles, mayImport: mayImportWithin(() => [absolutePath(".")]) },
    folders,
  );
  let exitCode = 0;
  for (const file of files) {
    const fileName = absolutePath(file);
    const text = diskFiles.readFile(fileName)?.replace(/^\uFEFF/, "");
    if (!file.endsWith(".grad.ts") || text === undefined) {
      out(`${file} - error: ${text === undefined ? "No such file." : "Not a .grad.ts file."}`);
      exitCode = 2;
      continue;
    }
    service.update(fileName, text);
    const errors = service.diagnostics(fileName).filter(({ severity }) => severity === "error");
    for (const error of errors) out(formatError(file, text, error));
    if (errors.length > 0) exitCode ||= 1;
    service.close(fileName);
  }
  return exitCode;
}

function formatError(file: string, text: string, { start, code, message }: LanguageDiagnostic): string {
  const before = text.slice(0, start).split(/\r\n|[\n\r]/);
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `${file}:${before.length}:${column} - error TS${code}: ${message}`;
}
