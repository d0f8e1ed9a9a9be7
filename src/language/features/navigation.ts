import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type LocationLink,
  type Position,
  type Range,
  type SelectionRange,
} from "vscode-languageserver-types";
import { GLOBALS_FILE } from "../cache";
import type ts from "../typescript";
import { isOwn, type Program, placesIn, rangeOf, typescriptOf } from "./program";

export function definition(program: Program, position: Position): LocationLink[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const found = service.getDefinitionAndBoundSpan(fileName, document.offsetAt(position));
  if (!found) return [];
  const origin = rangeOf(document, found.textSpan);
  return links(found.definitions ?? [], service, program, origin);
}

export function typeDefinition(program: Program, position: Position): LocationLink[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const found = service.getTypeDefinitionAtPosition(fileName, document.offsetAt(position));
  return links(found ?? [], service, program);
}

function links(
  definitions: readonly ts.DefinitionInfo[],
  service: ts.LanguageService,
  program: Program,
  origin?: Range,
): LocationLink[] {
  const places = placesIn(service, program);
  return definitions
    .filter(({ fileName }) => fileName !== GLOBALS_FILE)
    .map(({ fileName, textSpan, contextSpan }) => ({
      targetUri: program.uriOf(fileName),
      targetRange: rangeOf(places.document(fileName), contextSpan ?? textSpan),
      targetSelectionRange: rangeOf(places.document(fileName), textSpan),
      ...(origin ? { originSelectionRange: origin } : {}),
    }));
}

export function implementation(program: Program, position: Position): Location[] {
  const service = program.language.typescript(program.fileName, "workspace");
  const offset = program.document.offsetAt(position);
  return locations(service.getImplementationAtPosition(program.fileName, offset) ?? [], service, program);
}

/** In the whole workspace; declarations of torch itself are not among them. */
export function references(
  program: Program,
  position: Position,
  { includeDeclaration }: { includeDeclaration: boolean },
): Location[] {
  const service = program.language.typescript(program.fileName, "workspace");
  const groups = service.findReferences(program.fileName, program.document.offsetAt(position)) ?? [];
  const found = groups
    .flatMap((group) => group.references)
    .filter(({ isDefinition }) => includeDeclaration || !isDefinition);
  return locations(
    found.filter(({ fileName }) => isOwn(fileName, program)),
    service,
    program,
  );
}

function locations(
  found: readonly ts.DocumentSpan[],
  service: ts.LanguageService,
  program: Program,
): Location[] {
  const places = placesIn(service, program);
  return found
    .filter(({ fileName }) => fileName !== GLOBALS_FILE)
    .map(({ fileName, textSpan }) => places.location(fileName, textSpan));
}

export function highlights(program: Program, position: Position): DocumentHighlight[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const found = service.getDocumentHighlights(fileName, document.offsetAt(position), [fileName]) ?? [];
  return found
    .flatMap(({ highlightSpans }) => highlightSpans)
    .map(({ textSpan, kind }) => ({
      range: rangeOf(document, textSpan),
      kind: kind === "writtenReference" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

export function selectionRanges(program: Program, positions: readonly Position[]): SelectionRange[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const convert = ({ textSpan, parent }: ts.SelectionRange): SelectionRange => ({
    range: rangeOf(document, textSpan),
    ...(parent ? { parent: convert(parent) } : {}),
  });
  return positions.map((at) => convert(service.getSmartSelectionRange(fileName, document.offsetAt(at))));
}
