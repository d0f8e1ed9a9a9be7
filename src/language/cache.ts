import { globalTypes } from "./globals";
import type { LanguageFolders, LanguageHost } from "./service";

/** A text and a number that no other text of the same cache has. */
export interface Document {
  text: string;
  version: number;
}

/** The globals of every program: a file that exists nowhere else. */
export const GLOBALS_FILE = "/gradlens/globals.d.ts";

/** The texts that programs are checked with: those of the open ones, and files as they were last read. */
export interface FileCache {
  get(fileName: string): Document | undefined;
  open(fileName: string, text: string): void;
  close(fileName: string): void;
  /** Files are read again when they are needed next. Declarations never change. */
  refresh(): void;
}

export function createFileCache(host: LanguageHost, folders: LanguageFolders): FileCache {
  let versions = 0;
  const newVersion = (text: string): Document => ({ text, version: ++versions });
  const opened = new Map<string, Document>();
  const documents = new Map([[GLOBALS_FILE, newVersion(globalTypes)]]);
  const read = new Set<string>();
  const isDeclaration = (fileName: string) =>
    fileName === GLOBALS_FILE ||
    fileName.startsWith(`${folders.lib}/`) ||
    fileName.startsWith(`${folders.types}/`);

  function readFile(fileName: string): Document | undefined {
    const cached = documents.get(fileName);
    if (cached && isDeclaration(fileName)) return cached;
    if (read.has(fileName)) return cached;
    const text = host.readFile(fileName);
    read.add(fileName);
    if (text === undefined) documents.delete(fileName);
    else if (text !== cached?.text) documents.set(fileName, newVersion(text));
    return documents.get(fileName);
  }

  return {
    get: (fileName) => opened.get(fileName) ?? readFile(fileName),
    open(fileName, text) {
      if (opened.get(fileName)?.text !== text) opened.set(fileName, newVersion(text));
    },
    close: (fileName) => void opened.delete(fileName),
    refresh: () => read.clear(),
  };
}
