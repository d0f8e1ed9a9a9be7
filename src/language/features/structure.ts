import {
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  type SymbolInformation,
  SymbolKind,
} from "vscode-languageserver-types";
import ts from "../typescript";
import { type Program, placesIn, rangeOf, typescriptOf } from "./program";

/** The outline, in the order of the source; imports are no part of it. */
export function documentSymbols(program: Program): DocumentSymbol[] {
  const { document, fileName } = program;
  const { service } = typescriptOf(program);
  const convert = (items: readonly ts.NavigationTree[] = []): DocumentSymbol[] =>
    items
      .filter(
        ({ kind, text, spans }) => kind !== ts.ScriptElementKind.alias && text !== "" && spans.length > 0,
      )
      .sort((a, b) => a.spans[0]!.start - b.spans[0]!.start)
      .map(({ text, kind, nameSpan, spans, childItems }) => ({
        name: text,
        kind: symbolKinds[kind] ?? SymbolKind.Variable,
        range: rangeOf(document, spans[0]!),
        selectionRange: rangeOf(document, nameSpan ?? spans[0]!),
        children: convert(childItems),
      }));
  return convert(service.getNavigationTree(fileName).childItems);
}

const MOST_SYMBOLS = 256;

/** Names in the programs of the workspace that match `query`. */
export function workspaceSymbols(program: Program, query: string): SymbolInformation[] {
  const service = program.language.typescript(program.fileName, "workspace");
  const places = placesIn(service, program);
  return service
    .getNavigateToItems(query, MOST_SYMBOLS, undefined, /*excludeDtsFiles*/ true, /*excludeLibFiles*/ true)
    .map(({ name, kind, fileName, textSpan, containerName }) => ({
      name,
      kind: symbolKinds[kind] ?? SymbolKind.Variable,
      location: places.location(fileName, textSpan),
      containerName,
    }));
}

const symbolKinds: { [kind in ts.ScriptElementKind]?: SymbolKind } = {
  [ts.ScriptElementKind.moduleElement]: SymbolKind.Module,
  [ts.ScriptElementKind.classElement]: SymbolKind.Class,
  [ts.ScriptElementKind.localClassElement]: SymbolKind.Class,
  [ts.ScriptElementKind.interfaceElement]: SymbolKind.Interface,
  [ts.ScriptElementKind.typeElement]: SymbolKind.Interface,
  [ts.ScriptElementKind.enumElement]: SymbolKind.Enum,
  [ts.ScriptElementKind.constElement]: SymbolKind.Constant,
  [ts.ScriptElementKind.functionElement]: SymbolKind.Function,
  [ts.ScriptElementKind.localFunctionElement]: SymbolKind.Function,
  [ts.ScriptElementKind.memberFunctionElement]: SymbolKind.Method,
  [ts.ScriptElementKind.memberGetAccessorElement]: SymbolKind.Property,
  [ts.ScriptElementKind.memberSetAccessorElement]: SymbolKind.Property,
  [ts.ScriptElementKind.memberVariableElement]: SymbolKind.Property,
  [ts.ScriptElementKind.constructorImplementationElement]: SymbolKind.Constructor,
  [ts.ScriptElementKind.typeParameterElement]: SymbolKind.TypeParameter,
};

export function foldingRanges(program: Program): FoldingRange[] {
  const { document, fileName } = program;
  return typescriptOf(program)
    .service.getOutliningSpans(fileName)
    .map(({ textSpan, kind }) => foldingRange(document, textSpan, kind))
    .filter(({ startLine, endLine }) => endLine > startLine)
    .sort((a, b) => a.startLine - b.startLine);
}

function foldingRange(
  document: Program["document"],
  span: ts.TextSpan,
  kind: ts.OutliningSpanKind,
): FoldingRange {
  const { start, end } = rangeOf(document, span);
  // The closing bracket stays in sight.
  const closes = /[}\])`]/.test(document.getText()[span.start + span.length - 1] ?? "");
  const endLine = closes && end.line > start.line ? end.line - 1 : end.line;
  const known = foldingKinds[kind];
  return { startLine: start.line, endLine, ...(known ? { kind: known } : {}) };
}

const foldingKinds: { [kind in ts.OutliningSpanKind]?: FoldingRangeKind } = {
  [ts.OutliningSpanKind.Comment]: FoldingRangeKind.Comment,
  [ts.OutliningSpanKind.Imports]: FoldingRangeKind.Imports,
  [ts.OutliningSpanKind.Region]: FoldingRangeKind.Region,
};
