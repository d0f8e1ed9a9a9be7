import type { Position, Range, WorkspaceEdit } from "vscode-languageserver-types";
import type ts from "../typescript";
import { workspaceEdit } from "./edits";
import { formatSettings, preferences } from "./preferences";
import { type Program, placesIn, rangeOf, typescriptOf } from "./program";

/** Why something cannot be renamed, in words for the user. */
export class RenameError extends Error {}

/** What would be renamed at a place; throws a `RenameError` if nothing can be. */
export function prepareRename(program: Program, position: Position): { range: Range; placeholder: string } {
  const { document, fileName, folders } = program;
  const { service } = typescriptOf(program);
  const offset = document.offsetAt(position);
  const info = service.getRenameInfo(fileName, offset, preferences);
  if (!info.canRename) throw new RenameError(info.localizedErrorMessage);
  const definitions = service.getDefinitionAtPosition(fileName, offset) ?? [];
  const isOfTorch = definitions.some((definition) => definition.fileName.startsWith(`${folders.types}/`));
  if (isOfTorch && !isLocalName(service, program, offset)) {
    throw new RenameError(`"${info.displayName}" is a name of PyTorch's.`);
  }
  return { range: rangeOf(document, info.triggerSpan), placeholder: info.displayName };
}

/** Whether a name of torch's was given one of the program's own, as `import torch` does. */
function isLocalName(service: ts.LanguageService, { fileName, folders }: Program, offset: number): boolean {
  const found = service.findRenameLocations(fileName, offset, false, false, preferences) ?? [];
  return found.length > 0 && found.every((location) => !location.fileName.startsWith(`${folders.types}/`));
}

export function rename(program: Program, position: Position, newName: string): WorkspaceEdit {
  prepareRename(program, position);
  const { document, fileName, language } = program;
  const service = language.typescript(fileName, "workspace");
  const offset = document.offsetAt(position);
  const found = service.findRenameLocations(fileName, offset, false, false, preferences) ?? [];
  const changes = new Map<string, ts.TextChange[]>();
  for (const { fileName: changed, textSpan, prefixText = "", suffixText = "" } of found) {
    const change = { span: textSpan, newText: `${prefixText}${newName}${suffixText}` };
    changes.set(changed, [...(changes.get(changed) ?? []), change]);
  }
  const files = [...changes].map(([changed, textChanges]) => ({ fileName: changed, textChanges }));
  return workspaceEdit(files, placesIn(service, program), program);
}

/** The imports to change when a file or folder moves. */
export function moveFile(program: Program, from: string, to: string): WorkspaceEdit {
  const { fileName, language } = program;
  const service = language.typescript(fileName, "workspace");
  const changes = service.getEditsForFileRename(from, to, formatSettings(), preferences);
  return workspaceEdit(changes, placesIn(service, program), program);
}
