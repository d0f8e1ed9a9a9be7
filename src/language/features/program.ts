import { TextDocument } from "vscode-languageserver-textdocument";
import type { Location, Range } from "vscode-languageserver-types";
import type { LanguageFolders, LanguageService } from "../service";
import type ts from "../typescript";

/** A program in an editor, as the features of the language see it. */
export interface Program {
  fileName: string;
  document: TextDocument;
  language: LanguageService;
  folders: LanguageFolders;
  /** Turns file names into what an editor knows files by. */
  uriOf(fileName: string): string;
}

/** The program's TypeScript service and its tree and types as of now. */
export function typescriptOf({ language, fileName }: Program): {
  service: ts.LanguageService;
  program: ts.Program;
  file: ts.SourceFile;
  checker: ts.TypeChecker;
} {
  const service = language.typescript(fileName);
  const program = service.getProgram()!;
  return { service, program, file: program.getSourceFile(fileName)!, checker: program.getTypeChecker() };
}

export function rangeOf(document: TextDocument, { start, length }: ts.TextSpan): Range {
  return { start: document.positionAt(start), end: document.positionAt(start + length) };
}

export function spanOf(document: TextDocument, range: Range): ts.TextSpan {
  const start = document.offsetAt(range.start);
  return { start, length: document.offsetAt(range.end) - start };
}

/** Finds places in whichever file TypeScript names. */
export interface Places {
  document(fileName: string): TextDocument;
  location(fileName: string, span: ts.TextSpan): Location;
}

/** The places of a service's files, whose texts are as that service has them. */
export function placesIn(service: ts.LanguageService, { uriOf }: Program): Places {
  const documents = new Map<string, TextDocument>();
  function document(fileName: string): TextDocument {
    const known = documents.get(fileName);
    if (known) return known;
    const text = service.getProgram()!.getSourceFile(fileName)?.text ?? "";
    const made = TextDocument.create(uriOf(fileName), "typescript", 0, text);
    documents.set(fileName, made);
    return made;
  }
  return {
    document,
    location: (fileName, span) => ({ uri: uriOf(fileName), range: rangeOf(document(fileName), span) }),
  };
}

/** Whether a file is the user's: no declaration of torch or of JavaScript. */
export function isOwn(fileName: string, { folders }: Program): boolean {
  return ![folders.types, folders.lib].some((folder) => fileName.startsWith(`${folder}/`));
}
