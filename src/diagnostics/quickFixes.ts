import * as vscode from "vscode";
import type { MistakeCode } from "./codes";
import type { Problem } from "./problems";

interface Offered {
  problem: Problem;
  diagnostic: vscode.Diagnostic;
}

/** Offers what repairs the mistakes that are shown, and the pages that explain them. */
export class Fixes implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly pageOf: (code: MistakeCode) => vscode.Uri;
  private readonly offered = new Map<string, { version: number; all: Offered[] }>();
  private readonly registration: vscode.Disposable;

  constructor(pageOf: (code: MistakeCode) => vscode.Uri) {
    this.pageOf = pageOf;
    this.registration = vscode.languages.registerCodeActionsProvider({ language: "grad-ts" }, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  /** `diagnostics` are those of `problems`, in the same order. */
  set(
    { uri, version }: vscode.TextDocument,
    problems: readonly Problem[],
    diagnostics: readonly vscode.Diagnostic[],
  ): void {
    const all = problems.map((problem, i) => ({ problem, diagnostic: diagnostics[i]! }));
    this.offered.set(uri.toString(), { version, all });
  }

  delete({ uri }: vscode.TextDocument): void {
    this.offered.delete(uri.toString());
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const known = this.offered.get(document.uri.toString());
    if (known?.version !== document.version) return [];
    const here = known.all.filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined);
    return here.flatMap((one) => [...repair(one, document), ...this.explain(one)]);
  }

  private explain({ problem: { code }, diagnostic }: Offered): vscode.CodeAction[] {
    if (code === undefined) return [];
    const title = `Explain ${code}`;
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.command = { command: "markdown.showPreviewToSide", title, arguments: [this.pageOf(code)] };
    return [action];
  }

  dispose(): void {
    this.registration.dispose();
    this.offered.clear();
  }
}

function repair(
  { problem: { fix }, diagnostic }: Offered,
  document: vscode.TextDocument,
): vscode.CodeAction[] {
  if (fix === undefined) return [];
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of fix.edits) {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    action.edit.replace(document.uri, range, text);
  }
  return [action];
}
