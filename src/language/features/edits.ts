import type { TextDocument } from "vscode-languageserver-textdocument";
import type { DocumentUri, TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import type ts from "../typescript";
import { type Places, type Program, rangeOf } from "./program";

export function textEdits(document: TextDocument, changes: readonly ts.TextChange[]): TextEdit[] {
  return changes.map(({ span, newText }) => ({ range: rangeOf(document, span), newText }));
}

/** Changes of several files as one edit; files that it makes are programs too. */
export function workspaceEdit(
  changes: readonly ts.FileTextChanges[],
  places: Places,
  { uriOf }: Program,
): WorkspaceEdit {
  if (!changes.some(({ isNewFile }) => isNewFile)) {
    const edits: Record<DocumentUri, TextEdit[]> = {};
    for (const { fileName, textChanges } of changes) {
      edits[uriOf(fileName)] = textEdits(places.document(fileName), textChanges);
    }
    return { changes: edits };
  }
  return {
    documentChanges: changes.flatMap(({ fileName, textChanges, isNewFile }) => {
      const uri = uriOf(isNewFile ? programName(fileName) : fileName);
      const edits = isNewFile
        ? [{ range: START, newText: textChanges.map(({ newText }) => newText).join("") }]
        : textEdits(places.document(fileName), textChanges);
      const edit = { textDocument: { uri, version: null }, edits };
      return isNewFile ? [{ kind: "create" as const, uri }, edit] : [edit];
    }),
  };
}

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function programName(fileName: string): string {
  return fileName.replace(/(\.grad)?\.ts$/, ".grad.ts");
}
