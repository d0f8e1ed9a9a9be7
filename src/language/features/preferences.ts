import type { FormattingOptions } from "vscode-languageserver-types";
import { folderOf, moduleTypes } from "../modules";
import ts from "../typescript";
import { type Program, typescriptOf } from "./program";

export const preferences: ts.UserPreferences = {
  quotePreference: "auto",
  includeCompletionsForModuleExports: true,
  includeCompletionsForImportStatements: true,
  includeCompletionsWithSnippetText: true,
  includeCompletionsWithInsertText: true,
  includeCompletionsWithClassMemberSnippets: true,
  includeAutomaticOptionalChainCompletions: true,
  useLabelDetailsInCompletionEntries: true,
  allowIncompleteCompletions: true,
  allowTextChangesInNewFiles: true,
  providePrefixAndSuffixTextForRename: true,
  allowRenameOfImportPath: true,
  // torch's modules by the names that programs import them by.
  importModuleSpecifierPreference: "non-relative",
};

/** With imports from torch's modules, and from no other of the files that declare them. */
export function importing(of: Program): ts.UserPreferences {
  const { types } = of.folders;
  const modules = new Set(Object.values(moduleTypes).map((file) => `${types}/${file}`));
  const moduleFolders = new Set([...modules].map(folderOf));
  const internals = typescriptOf(of)
    .program.getSourceFiles()
    .map(({ fileName }) => fileName)
    .filter((fileName) => fileName.startsWith(`${types}/`) && !modules.has(fileName))
    .map((fileName) => (moduleFolders.has(folderOf(fileName)) ? fileName : `${folderOf(fileName)}/*`));
  return { ...preferences, autoImportFileExcludePatterns: [...new Set(internals)] };
}

const DEFAULT_FORMATTING: FormattingOptions = { tabSize: 2, insertSpaces: true };

export function formatSettings({
  tabSize,
  insertSpaces,
}: FormattingOptions = DEFAULT_FORMATTING): ts.FormatCodeSettings {
  return {
    ...ts.getDefaultFormatCodeSettings("\n"),
    indentSize: tabSize,
    tabSize,
    convertTabsToSpaces: insertSpaces,
    semicolons: ts.SemicolonPreference.Ignore,
  };
}
