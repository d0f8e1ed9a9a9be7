import { readFileSync, writeFileSync } from "node:fs";
import { formatText, SyntaxProblem } from "../language/format";
import { placeIn, readPrograms } from "./program";

interface FormatOptions {
  /** Names what is not laid out, and changes nothing. */
  check: boolean;
}

/**
 * Lays programs out as the editor does, with two spaces, and names those that changed. Exit code: 0; 1 if one
 * has a syntax error or, with `check`, is not laid out; 2 if a file is missing or no `.grad.ts` file.
 */
export function format(
  files: readonly string[],
  { check }: FormatOptions,
  out: (line: string) => void,
): number {
  let isRefused = false;
  const areFiles = readPrograms(files, out, ({ file, source }) => {
    try {
      const text = formatText(source);
      if (text === source) return;
      out(file);
      if (check) isRefused = true;
      else writeFileSync(file, byteOrderMarkOf(file) + text);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      const { line, column } = placeIn(source, error.start);
      out(`${file}:${line}:${column} - error: ${error.message} Not changed.`);
      isRefused = true;
    }
  });
  if (!areFiles) return 2;
  return isRefused ? 1 : 0;
}

function byteOrderMarkOf(file: string): string {
  return readFileSync(file, "utf8").startsWith("\uFEFF") ? "\uFEFF" : "";
}
