import * as vscode from "vscode";
import type { Config } from "../extension/config";
import type { Program, Programs } from "../extension/programs";
import type { Trace } from "../trace/model";
import type { TrainingFacts } from "../trace/queries";
import type { MistakeCode } from "./codes";
import { type Problem, problemsOf } from "./problems";
import { Fixes } from "./quickFixes";

/**
 * Publishes what keeps a program from running, what ended it, and the mistakes in its training, each with its
 * page and what repairs it. Syntax errors and unknown imports are the type checker's to tell as well, so they
 * stand here only while it has not.
 */
export function publishRunDiagnostics(
  programs: Programs,
  config: Config,
  extensionUri: vscode.Uri,
): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("gradlens");
  const fixes = new Fixes((code) => pageOf(code, extensionUri));
  const asked = new WeakSet<Trace>();
  const facts = new WeakMap<Trace, TrainingFacts | null>();
  const publish = ({ document, session }: Program) => {
    const { state } = session;
    if (state.version !== document.version) return;
    const trace = state.live?.trace;
    const wanted = config.for(document).diagnostics;
    const known = trace === undefined ? null : (facts.get(trace) ?? null);
    const problems = problemsOf(state, known, (code) => wanted.has(code));
    if (problems === null) return;
    const diagnostics = problems.map((problem) => toDiagnostic(problem, document, extensionUri));
    const shown = state.status.kind === "rejected" ? withoutKnown(diagnostics, document) : diagnostics;
    fixes.set(document, problems, diagnostics);
    // Setting what is there already would be heard of below, and so on for ever.
    const isSame = shown.length === 0 && !collection.get(document.uri)?.length;
    if (!isSame) collection.set(document.uri, shown);
  };
  /** A run that is over is asked about its training first, so that warnings do not come and go. */
  const update = (program: Program) => {
    const { live, stale } = program.session.state;
    const trace = stale ? undefined : live?.trace;
    const isOver = trace !== undefined && trace.outcome.kind !== "running";
    if (!isOver || trace.outcome.kind === "failed" || facts.has(trace)) publish(program);
    if (!isOver || asked.has(trace)) return;
    asked.add(trace);
    void program.session.query({ kind: "training" }).then((answer) => {
      facts.set(trace, answer);
      if (program.session.state.live?.trace === trace) publish(program);
    });
  };
  return vscode.Disposable.from(
    collection,
    fixes,
    programs.onDidSettle(update),
    config.onDidChange(() => {
      for (const program of programs.all()) publish(program);
    }),
    programs.onDidClose(({ document }) => {
      collection.delete(document.uri);
      fixes.delete(document);
    }),
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

function pageOf(code: MistakeCode, extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, "docs", "diagnostics", `${code}.md`);
}

function toDiagnostic(
  { severity, message, start, end, code }: Problem,
  document: vscode.TextDocument,
  extensionUri: vscode.Uri,
) {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const diagnostic = new vscode.Diagnostic(
    range,
    message,
    severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = SOURCE;
  if (code !== undefined) diagnostic.code = { value: code, target: pageOf(code, extensionUri) };
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
