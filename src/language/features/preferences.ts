import type { FormattingOptions } from "vscode-languageserver-types";
import type { LanguageFolders } from "../service";
import ts from "../typescript";

export function preferences({ types }: LanguageFolders): ts.UserPreferences {
  return {
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
    // torch's modules by the names that programs import them by, never by the path of a declaration file.
    importModuleSpecifierPreference: "non-relative",
    autoImportSpecifierExcludeRegexes: [`(^|/)${escaped(lastFolders(types))}/`],
  };
}

/** The path of the declarations as it ends seen from anywhere. */
function lastFolders(folder: string): string {
  return folder.split("/").slice(-2).join("/");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
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
