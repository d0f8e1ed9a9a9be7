import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver-types";
import type { LanguageDiagnostic } from "../diagnostic";
import type { Program } from "./program";

/** Everything an editor shows of a program: problems, and what is faded or struck through. */
export function diagnostics({ language, fileName, document }: Program): Diagnostic[] {
  const problems = language.diagnostics(fileName);
  const suggestions = language.suggestions(fileName).filter(({ code }) => !inferredTypes.has(code));
  return [...problems, ...suggestions].map((found) => toLspDiagnostic(found, document));
}

/** "… implicitly has an 'any' type, but a better type may be inferred from usage": lessons declare none. */
const inferredTypes = new Set([7043, 7044, 7045, 7046, 7047, 7048, 7049, 7050]);

export function toLspDiagnostic(found: LanguageDiagnostic, document: TextDocument): Diagnostic {
  const { start, end, message, code, severity, tag } = found;
  return {
    range: { start: document.positionAt(start), end: document.positionAt(end) },
    message,
    code,
    source: "grad-ts",
    severity: severities[severity],
    ...(tag ? { tags: [tags[tag]] } : {}),
  };
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  suggestion: DiagnosticSeverity.Hint,
} as const;

const tags = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;
