import * as vscode from "vscode";
import type { Program, Programs } from "../extension/programs";
import { type Problem, problemsOf } from "./problems";

/**
 * Publishes what keeps a program from running, what ended it, and where. Syntax errors and unknown imports
 * are the type checker's to tell as well, so they stand here only while it has not.
 */
export function publishRunDiagnostics(programs: Programs): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("gradlens");
  const publish = ({ document, session }: Program) => {
    const { state } = session;
    if (state.version !== document.version) return;
    const problems = problemsOf(state);
    if (problems === null) return;
    const diagnostics = problems.map((problem) => toDiagnostic(problem, document));
    const shown = state.status.kind === "rejected" ? withoutKnown(diagnostics, document) : diagnostics;
    // Setting what is there already would be heard of below, and so on for ever.
    const isSame = shown.length === 0 && !collection.get(document.uri)?.length;
    if (!isSame) collection.set(document.uri, shown);
  };
  return vscode.Disposable.from(
    collection,
    programs.onDidChange(publish),
    programs.onDidClose(({ document }) => collection.delete(document.uri)),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      for (const program of programs.all()) {
        const { uri } = program.document;
        const isRejected = program.session.state.status.kind === "rejected";
        const isConcerned = uris.some((changed) => changed.toString() === uri.toString());
        if (isRejected && isConcerned && collection.get(uri)?.length) publish(program);
      }
    }),
  );
}

const SOURCE = "gradlens";

function toDiagnostic({ severity, message, start, end }: Problem, document: vscode.TextDocument) {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const diagnostic = new vscode.Diagnostic(
    range,
    message,
    severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = SOURCE;
  return diagnostic;
}

/** Two compilers may mark the same mistake with ranges of different length. */
function withoutKnown(diagnostics: vscode.Diagnostic[], { uri }: vscode.TextDocument): vscode.Diagnostic[] {
  const others = vscode.languages.getDiagnostics(uri);
  const lines = new Set(
    others
      .filter(({ source, severity }) => source !== SOURCE && severity === vscode.DiagnosticSeverity.Error)
      .map(({ range }) => range.start.line),
  );
  return diagnostics.filter(({ range }) => !lines.has(range.start.line));
}
