import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionList,
  InsertTextFormat,
  type Position,
} from "vscode-languageserver-types";
import { isTensor } from "../tensors/checks";
import { seenVariable } from "../tensors/lookup";
import { NOTHING_SEEN } from "../tensors/seen";
import ts from "../typescript";
import { textEdits } from "./edits";
import { conventionalImports, importEdit } from "./imports";
import { documentation, markdown, plain } from "./markdown";
import { formatSettings, importing } from "./preferences";
import { type Program, rangeOf, typescriptOf } from "./program";
import { stringCompletions } from "./strings";

export const COMPLETION_CHARACTERS = [".", '"', "'", "`", "/", "[", "<"] as const;

/** What `resolveCompletion` needs to know of an item again. */
interface ItemData {
  uri: string;
  offset: number;
  name: string;
  source?: string;
  data?: ts.CompletionEntryData;
  /** The item adds this import, which TypeScript knows by no such name. */
  module?: string;
}

/** What could stand at a place. `character` is what was typed to ask, if that is why. */
export function completion(program: Program, position: Position, character?: string): CompletionList | null {
  const { document, fileName } = program;
  const offset = document.offsetAt(position);
  const { service, file, checker } = typescriptOf(program);
  const strings = stringCompletions(program, file, checker, offset);
  if (strings) return { isIncomplete: false, items: strings };
  if (character === "[") return null;
  const info = service.getCompletionsAtPosition(
    fileName,
    offset,
    {
      ...importing(program),
      includeSymbol: true,
      ...(isTrigger(character) ? { triggerCharacter: character } : {}),
    },
    formatSettings(),
  );
  if (!info) return null;
  const shapes = shapesFor(program, file, checker, offset);
  const items = info.entries.map((entry) => item(entry, program, offset, shapes));
  const known = new Set(info.entries.filter(({ source }) => !source).map(({ name }) => name));
  const offered = new Set(
    info.entries.filter(({ source }) => source).map(({ name, source }) => `${name} ${source}`),
  );
  const modules = info.isGlobalCompletion
    ? [...conventionalImports].filter(
        ([name, source]) => !known.has(name) && !offered.has(`${name} ${source}`),
      )
    : [];
  items.push(...modules.map(([name, module]) => moduleItem(name, module, document.uri, offset)));
  const replaced = info.optionalReplacementSpan;
  return {
    isIncomplete: info.isIncomplete ?? false,
    items,
    itemDefaults: {
      ...(info.defaultCommitCharacters ? { commitCharacters: info.defaultCommitCharacters } : {}),
      ...(replaced ? { editRange: rangeOf(document, replaced) } : {}),
    },
  };
}

const triggers: readonly string[] = [".", '"', "'", "`", "/", "<"] satisfies ts.CompletionsTriggerCharacter[];

function isTrigger(character: string | undefined): character is ts.CompletionsTriggerCharacter {
  return character !== undefined && triggers.includes(character);
}

type ShapeOf = (entry: ts.CompletionEntry) => string | undefined;

/** What the last run saw of the variables among the entries. */
function shapesFor(program: Program, file: ts.SourceFile, checker: ts.TypeChecker, offset: number): ShapeOf {
  const seen = program.language.seen(program.fileName);
  if (seen === NOTHING_SEEN) return () => undefined;
  return ({ name, symbol }) => {
    const declaration = symbol?.valueDeclaration;
    if (!symbol || !declaration || declaration.getSourceFile() !== file) return undefined;
    if (!ts.isVariableDeclaration(declaration) && !ts.isBindingElement(declaration)) return undefined;
    const value = seenVariable(symbol, name, offset, file, checker, seen);
    return value?.shape && isTensor(checker.getTypeOfSymbol(symbol)) ? value.label : undefined;
  };
}

function item(entry: ts.CompletionEntry, program: Program, offset: number, shapeOf: ShapeOf): CompletionItem {
  const { name, kind, kindModifiers = "", source, data } = entry;
  const { document } = program;
  const itemData: ItemData = { uri: document.uri, offset, name };
  if (source) itemData.source = source;
  if (data) itemData.data = data;
  const isOptional = /\boptional\b/.test(kindModifiers);
  const text = entry.insertText ?? name;
  const description = entry.labelDetails?.description ?? sourceOf(entry) ?? shapeOf(entry);
  const made: CompletionItem = {
    label: isOptional ? `${name}?` : name,
    kind: completionKinds[kind] ?? CompletionItemKind.Property,
    sortText: entry.sortText,
    data: itemData,
  };
  if (description || entry.labelDetails?.detail) {
    made.labelDetails = { ...entry.labelDetails, ...(description ? { description } : {}) };
  }
  if (text !== made.label) made.insertText = text;
  if (entry.filterText) made.filterText = entry.filterText;
  if (entry.isSnippet) made.insertTextFormat = InsertTextFormat.Snippet;
  if (entry.replacementSpan) {
    made.textEdit = { range: rangeOf(document, entry.replacementSpan), newText: text };
    made.filterText ??= document.getText(made.textEdit.range) + name;
  }
  if (entry.commitCharacters) made.commitCharacters = entry.commitCharacters;
  if (/\bdeprecated\b/.test(kindModifiers)) made.tags = [CompletionItemTag.Deprecated];
  return made;
}

function sourceOf({ sourceDisplay }: ts.CompletionEntry): string | undefined {
  return sourceDisplay && plain(sourceDisplay);
}

function moduleItem(name: string, module: string, uri: string, offset: number): CompletionItem {
  const data: ItemData = { uri, offset, name, module };
  return {
    label: name,
    kind: CompletionItemKind.Module,
    // As TypeScript sorts what has to be imported first.
    sortText: "16",
    labelDetails: { description: module },
    data,
  };
}

/** The program that an item of `completion` belongs to, by its uri. */
export function uriOfItem({ data }: CompletionItem): string | undefined {
  return (data as ItemData | undefined)?.uri;
}

/** Adds what takes time to find out: type, documentation, and the import that goes with an item. */
export function resolveCompletion(program: Program, completed: CompletionItem): CompletionItem {
  const { offset, name, source, data, module } = completed.data as ItemData;
  const { document, fileName } = program;
  const { service, file } = typescriptOf(program);
  if (module) {
    return {
      ...completed,
      detail: `import ${name} from "${module}"`,
      additionalTextEdits: [importEdit(program, file, name, module)],
    };
  }
  const details = service.getCompletionEntryDetails(
    fileName,
    offset,
    name,
    formatSettings(),
    source,
    importing(program),
    data,
  );
  if (!details) return completed;
  const shape = source ? undefined : completed.labelDetails?.description;
  const actions = details.codeActions ?? [];
  const changes = actions
    .flatMap((action) => action.changes)
    .filter((change) => change.fileName === fileName);
  const imported = actions.map(({ description }) => description);
  return {
    ...completed,
    detail: [...imported, plain(details.displayParts) + (shape ? ` ${shape}` : "")].join("\n\n"),
    documentation: markdown(documentation(details.documentation, details.tags)),
    ...(changes.length > 0
      ? { additionalTextEdits: changes.flatMap(({ textChanges }) => textEdits(document, textChanges)) }
      : {}),
  };
}

const { ScriptElementKind: Kind } = ts;

const completionKinds: Readonly<Record<string, CompletionItemKind>> = {
  [Kind.keyword]: CompletionItemKind.Keyword,
  [Kind.primitiveType]: CompletionItemKind.Keyword,
  [Kind.moduleElement]: CompletionItemKind.Module,
  [Kind.externalModuleName]: CompletionItemKind.Module,
  [Kind.alias]: CompletionItemKind.Module,
  [Kind.classElement]: CompletionItemKind.Class,
  [Kind.localClassElement]: CompletionItemKind.Class,
  [Kind.interfaceElement]: CompletionItemKind.Interface,
  [Kind.typeElement]: CompletionItemKind.Interface,
  [Kind.typeParameterElement]: CompletionItemKind.TypeParameter,
  [Kind.enumElement]: CompletionItemKind.Enum,
  [Kind.enumMemberElement]: CompletionItemKind.EnumMember,
  [Kind.constElement]: CompletionItemKind.Constant,
  [Kind.letElement]: CompletionItemKind.Variable,
  [Kind.variableElement]: CompletionItemKind.Variable,
  [Kind.localVariableElement]: CompletionItemKind.Variable,
  [Kind.parameterElement]: CompletionItemKind.Variable,
  [Kind.functionElement]: CompletionItemKind.Function,
  [Kind.localFunctionElement]: CompletionItemKind.Function,
  [Kind.memberFunctionElement]: CompletionItemKind.Method,
  [Kind.constructSignatureElement]: CompletionItemKind.Method,
  [Kind.callSignatureElement]: CompletionItemKind.Method,
  [Kind.indexSignatureElement]: CompletionItemKind.Method,
  [Kind.memberVariableElement]: CompletionItemKind.Field,
  [Kind.memberGetAccessorElement]: CompletionItemKind.Field,
  [Kind.memberSetAccessorElement]: CompletionItemKind.Field,
  [Kind.scriptElement]: CompletionItemKind.File,
  [Kind.directory]: CompletionItemKind.Folder,
  [Kind.string]: CompletionItemKind.Constant,
  [Kind.warning]: CompletionItemKind.Text,
};
