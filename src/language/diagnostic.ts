import { moduleNotFound } from "./modules";
import { unexpectedKeyword } from "./overloads";
import ts from "./typescript";

/** A problem at a place in the source: UTF-16 offsets, end exclusive. */
export interface LanguageDiagnostic {
  start: number;
  end: number;
  message: string;
  /** TypeScript's number, without "TS"; for what only tensors get wrong, one of `tensorCodes`. */
  code: number;
  severity: "error" | "warning" | "suggestion";
  /** How an editor shows it: faded, or struck through. */
  tag?: "unnecessary" | "deprecated";
}

export function toLanguageDiagnostic(diagnostic: ts.Diagnostic): LanguageDiagnostic {
  const severity = severities[diagnostic.category];
  const keyword = unexpectedKeyword(diagnostic);
  if (keyword) return { ...keyword, severity };
  const start = diagnostic.start ?? 0;
  const end = start + (diagnostic.length ?? 0);
  const tag = tagOf(diagnostic);
  const message = messageOf(diagnostic, start, end);
  return { start, end, message, code: diagnostic.code, severity, ...(tag ? { tag } : {}) };
}

const severities = {
  [ts.DiagnosticCategory.Error]: "error",
  [ts.DiagnosticCategory.Warning]: "warning",
  [ts.DiagnosticCategory.Suggestion]: "suggestion",
  [ts.DiagnosticCategory.Message]: "suggestion",
} as const;

function tagOf({ reportsUnnecessary, reportsDeprecated }: ts.Diagnostic): LanguageDiagnostic["tag"] {
  if (reportsUnnecessary) return "unnecessary";
  return reportsDeprecated ? "deprecated" : undefined;
}

/** "Cannot find module", of an import, of an import for its side effects and of one that Node would know. */
const unresolvedImports = [2307, 2882, 2591];

function messageOf({ code, file, messageText }: ts.Diagnostic, start: number, end: number): string {
  const isSpecifier = file !== undefined && /["']/.test(file.text[start]);
  if (isSpecifier && unresolvedImports.includes(code)) {
    return moduleNotFound(file.text.slice(start + 1, end - 1));
  }
  return ts.flattenDiagnosticMessageText(messageText, "\n");
}
