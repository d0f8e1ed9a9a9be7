import { globalTypes } from "./globals";
import { type FileHost, moduleNotFound, resolveModule, withDataFiles } from "./modules";
import { compilerOptions } from "./options";
import ts from "./typescript";

/** A problem at a place in the source: UTF-16 offsets, end exclusive. */
export interface LanguageDiagnostic {
  start: number;
  end: number;
  message: string;
  /** TypeScript's number, without "TS". */
  code: number;
  severity: "error" | "warning" | "suggestion";
}

/** Where declarations are found: absolute paths with forward slashes. */
export interface LanguageFolders {
  /** TypeScript's `lib.*.d.ts`. */
  lib: string;
  /** `torch.d.ts` and the other declarations of `moduleTypes`. */
  types: string;
}

/** Checks programs as they are typed. File names are absolute paths with forward slashes. */
export interface LanguageService {
  /** Opens a program, or replaces its text. It is checked from then on in place of the file on disk. */
  update(fileName: string, text: string): void;
  close(fileName: string): void;
  /** Syntax and type errors of an open program, in the order of the source. */
  diagnostics(fileName: string): LanguageDiagnostic[];
}

/** A text and a number that no other text of the same service has. */
interface Document {
  text: string;
  version: number;
}

const GLOBALS_FILE = "/gradlens/globals.d.ts";

export function createLanguageService(host: FileHost, folders: LanguageFolders): LanguageService {
  const open = new Map<string, Document>();
  const files = createFileCache(withDataFiles(host, folders.types), folders);
  const documentOf = (fileName: string) => open.get(fileName) ?? files.get(fileName);

  const service = ts.createLanguageService({
    getCompilationSettings: () => compilerOptions,
    getScriptFileNames: () => [GLOBALS_FILE, ...open.keys()],
    getScriptVersion: (fileName) => String(documentOf(fileName)?.version),
    getScriptSnapshot: (fileName) => {
      const document = documentOf(fileName);
      return document && ts.ScriptSnapshot.fromString(document.text);
    },
    getCurrentDirectory: () => "/",
    getDefaultLibFileName: () => `${folders.lib}/lib.es2023.d.ts`,
    fileExists: (fileName) => documentOf(fileName) !== undefined,
    readFile: (fileName) => documentOf(fileName)?.text,
    resolveModuleNameLiterals: (literals, importer) =>
      literals.map(({ text }) => {
        const resolvedFileName = resolveModule(text, importer, folders.types, {
          fileExists: (file) => documentOf(file) !== undefined,
          mayImport: host.mayImport,
        });
        if (resolvedFileName === undefined) return { resolvedModule: undefined };
        return { resolvedModule: { resolvedFileName, extension: extensionOf(resolvedFileName) } };
      }),
  });

  return {
    update(fileName, text) {
      if (open.get(fileName)?.text !== text) open.set(fileName, files.newVersion(text));
    },
    close(fileName) {
      open.delete(fileName);
    },
    diagnostics(fileName) {
      files.refresh();
      return [...service.getSyntacticDiagnostics(fileName), ...service.getSemanticDiagnostics(fileName)]
        .map(toLanguageDiagnostic)
        .sort((a, b) => a.start - b.start);
    },
  };
}

/** Declarations never change; files that programs import are read again for each check. */
function createFileCache(host: FileHost, folders: LanguageFolders) {
  let versions = 0;
  const newVersion = (text: string): Document => ({ text, version: ++versions });
  const documents = new Map([[GLOBALS_FILE, newVersion(globalTypes)]]);
  const read = new Set<string>();
  const isDeclaration = (fileName: string) =>
    fileName === GLOBALS_FILE ||
    fileName.startsWith(`${folders.lib}/`) ||
    fileName.startsWith(`${folders.types}/`);

  return {
    newVersion,
    refresh: () => read.clear(),
    get(fileName: string): Document | undefined {
      const cached = documents.get(fileName);
      if (cached && (read.has(fileName) || isDeclaration(fileName))) return cached;
      const text = host.readFile(fileName);
      read.add(fileName);
      if (text === undefined) documents.delete(fileName);
      else if (text !== cached?.text) documents.set(fileName, newVersion(text));
      return documents.get(fileName);
    },
  };
}

function extensionOf(fileName: string): ts.Extension {
  if (fileName.endsWith(".d.ts")) return ts.Extension.Dts;
  return fileName.endsWith(".json") ? ts.Extension.Json : ts.Extension.Ts;
}

function toLanguageDiagnostic(diagnostic: ts.Diagnostic): LanguageDiagnostic {
  const start = diagnostic.start ?? 0;
  const end = start + (diagnostic.length ?? 0);
  return {
    start,
    end,
    message: messageOf(diagnostic, start, end),
    code: diagnostic.code,
    severity: severities[diagnostic.category],
  };
}

const severities = {
  [ts.DiagnosticCategory.Error]: "error",
  [ts.DiagnosticCategory.Warning]: "warning",
  [ts.DiagnosticCategory.Suggestion]: "suggestion",
  [ts.DiagnosticCategory.Message]: "suggestion",
} as const;

/** "Cannot find module", of an import, of an import for its side effects and of one that Node would know. */
const unresolvedImports = [2307, 2882, 2591];

function messageOf({ code, file, messageText }: ts.Diagnostic, start: number, end: number): string {
  const isSpecifier = file !== undefined && /["']/.test(file.text[start]);
  if (isSpecifier && unresolvedImports.includes(code)) {
    return moduleNotFound(file.text.slice(start + 1, end - 1));
  }
  return ts.flattenDiagnosticMessageText(messageText, "\n");
}
