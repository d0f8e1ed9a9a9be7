import { TextDocument } from "vscode-languageserver-textdocument";
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Range,
  type WorkspaceEdit,
} from "vscode-languageserver-types";
import type { LanguageDiagnostic } from "../diagnostic";
import { RENAME_COMMAND } from "../protocol";
import type ts from "../typescript";
import { toLspDiagnostic } from "./diagnostics";
import { workspaceEdit } from "./edits";
import { formatSettings, importing } from "./preferences";
import { isOwn, type Program, placesIn, spanOf, typescriptOf } from "./program";
import { tensorFixes } from "./tensorFixes";

export const CODE_ACTION_KINDS: CodeActionKind[] = [
  CodeActionKind.QuickFix,
  CodeActionKind.Refactor,
  CodeActionKind.SourceOrganizeImports,
  `${CodeActionKind.Source}.sortImports`,
  `${CodeActionKind.Source}.removeUnusedImports`,
];

/** What `resolveAction` needs to know of an action again. */
interface ActionData {
  uri: string;
  start: number;
  end: number;
  refactor: string;
  action: string;
}

/** What could be done to a range. `only` leaves out kinds of actions; by itself a source action is never offered. */
export function codeActions(program: Program, range: Range, only?: readonly string[]): CodeAction[] {
  const wants = (kind: string) => !only || only.some((wanted) => isWithin(kind, wanted));
  return [
    ...(wants(CodeActionKind.QuickFix) ? quickFixes(program, range) : []),
    ...(!only || only.some((wanted) => wanted.split(".")[0] === "refactor")
      ? refactorings(program, range, only)
      : []),
    ...(only ? importActions(program, wants) : []),
  ];
}

function isWithin(kind: string, wanted: string): boolean {
  return kind === wanted || kind.startsWith(`${wanted}.`);
}

function quickFixes(program: Program, range: Range): CodeAction[] {
  const { document, fileName, language } = program;
  const { start, length } = spanOf(document, range);
  const service = language.typescript(fileName);
  const places = placesIn(service, program);
  const all = [...language.diagnostics(fileName), ...language.suggestions(fileName)];
  const touched = all.filter((found) => found.start <= start + length && start <= found.end);
  return touched.flatMap((found) => {
    const diagnostics = [toLspDiagnostic(found, document)];
    const own = tensorFixes(program, found).map((fix) => ({
      ...fix,
      kind: CodeActionKind.QuickFix,
      diagnostics,
    }));
    const fixes = service.getCodeFixesAtPosition(
      fileName,
      found.start,
      found.end,
      [found.code],
      formatSettings(),
      importing(program),
    );
    const theirs = fixes
      .filter(
        (fix) =>
          !unwelcome.has(fix.fixName) &&
          fix.changes.every(({ fileName: changed }) => isOwn(changed, program)),
      )
      .flatMap((fix) => [
        action(fix.description, workspaceEdit(fix.changes, places, program), diagnostics),
        ...fixAll(fix, found, all, diagnostics, program),
      ]);
    return [...own, ...theirs];
  });
}

/** They would add types that a program without `node_modules` cannot have, or hide the error. */
const unwelcome = new Set(["installTypes", "disableJsDiagnostics"]);

function action(title: string, edit: WorkspaceEdit, diagnostics: Diagnostic[]): CodeAction {
  return { title, kind: CodeActionKind.QuickFix, edit, diagnostics };
}

/** One action for all errors of the same kind, if there are several. */
function fixAll(
  { fixId, fixAllDescription }: ts.CodeFixAction,
  { code }: LanguageDiagnostic,
  all: readonly LanguageDiagnostic[],
  diagnostics: Diagnostic[],
  program: Program,
): CodeAction[] {
  const { fileName, language } = program;
  if (!fixId || !fixAllDescription || all.filter((other) => other.code === code).length < 2) return [];
  const service = language.typescript(fileName);
  const scope = { type: "file", fileName } as const;
  const { changes } = service.getCombinedCodeFix(scope, fixId, formatSettings(), importing(program));
  return [
    action(fixAllDescription, workspaceEdit(changes, placesIn(service, program), program), diagnostics),
  ];
}

function refactorings(program: Program, range: Range, only: readonly string[] | undefined): CodeAction[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const { start, length } = spanOf(document, range);
  const found = service.getApplicableRefactors(
    fileName,
    { pos: start, end: start + length },
    importing(program),
    only ? "invoked" : "implicit",
  );
  return found.flatMap(({ name: refactor, actions }) =>
    actions
      .filter(({ isInteractive }) => !isInteractive)
      .map(({ name, description, kind = CodeActionKind.Refactor }): CodeAction => {
        const data: ActionData = { uri: document.uri, start, end: start + length, refactor, action: name };
        return { title: description, kind, data };
      })
      .filter(({ kind }) => !only || only.some((wanted) => isWithin(kind!, wanted))),
  );
}

/** The program that an action of `codeActions` belongs to, by its uri. */
export function uriOfAction({ data }: CodeAction): string | undefined {
  return (data as ActionData | undefined)?.uri;
}

/** Works a refactoring out, and has what it made be named. */
export function resolveAction(program: Program, chosen: CodeAction): CodeAction {
  const { start, end, refactor, action: name } = chosen.data as ActionData;
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const range = { pos: start, end };
  const settings = formatSettings();
  const info = service.getEditsForRefactor(fileName, settings, range, refactor, name, importing(program));
  if (!info) return chosen;
  const edit = workspaceEdit(info.edits, placesIn(service, program), program);
  const { renameLocation, renameFilename } = info;
  if (renameLocation === undefined || renameFilename !== fileName) return { ...chosen, edit };
  const changes = info.edits.find((change) => change.fileName === fileName)?.textChanges ?? [];
  const position = TextDocument.create("", "", 0, applied(document.getText(), changes)).positionAt(
    renameLocation,
  );
  const command = { title: chosen.title, command: RENAME_COMMAND, arguments: [document.uri, position] };
  return { ...chosen, edit, command };
}

function applied(text: string, changes: readonly ts.TextChange[]): string {
  return [...changes]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (to, { span, newText }) => to.slice(0, span.start) + newText + to.slice(span.start + span.length),
      text,
    );
}

const importKinds = [
  ["Organize Imports", CodeActionKind.SourceOrganizeImports, "All"],
  ["Sort Imports", `${CodeActionKind.Source}.sortImports`, "SortAndCombine"],
  ["Remove Unused Imports", `${CodeActionKind.Source}.removeUnusedImports`, "RemoveUnused"],
] as const;

function importActions(program: Program, wants: (kind: string) => boolean): CodeAction[] {
  const { fileName } = program;
  const { service } = typescriptOf(program);
  const places = placesIn(service, program);
  return importKinds
    .filter(([, kind]) => wants(kind))
    .map(([title, kind, mode]) => {
      const scope = { type: "file", fileName, mode: mode as ts.OrganizeImportsMode } as const;
      const changes = service.organizeImports(scope, formatSettings(), importing(program));
      return { title, kind, edit: workspaceEdit(changes, places, program) };
    });
}
