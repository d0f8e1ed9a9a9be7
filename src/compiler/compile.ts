import { blankSourceFile } from "ts-blank-space";
import type { DiagnosticWithLocation, Node, SourceFile, Statement } from "typescript-js";
import ts from "../language/typescript";
import { Compilation } from "./compilation";
import type { CompileDiagnostic } from "./diagnostic";
import { compileExpression } from "./expressions";
import { createLocate, type Locate } from "./locate";
import { privateNameErrors } from "./privateNames";
import type { Site } from "./site";
import { compileStatements } from "./statements";

export interface CompileOptions {
  /** Names the program in messages; nothing is read. */
  fileName: string;
  /** Whether values are recorded. Loops and `throw` have sites in any case. */
  probes: boolean;
}

export interface ImportedModule {
  specifier: string;
  /** Range of the specifier, quotes included. */
  start: number;
  end: number;
}

export interface CompileResult {
  /**
   * A script whose completion value is the program: a function of the runtime, asynchronous if the source
   * awaits at its top level. Line by line the source's. Null if there are diagnostics.
   */
  code: string | null;
  /** What the probes' ids mean. */
  sites: Site[];
  /** What the program imports when it runs, in order. */
  imports: ImportedModule[];
  diagnostics: CompileDiagnostic[];
  locate: Locate;
  /** How much of the time went into reading the source. */
  parseMs: number;
}

/** Compiles a `.grad.ts` program to JavaScript for the runtime in `src/runtime`. */
export function compile(source: string, { fileName, probes }: CompileOptions): CompileResult {
  const failed = (diagnostics: CompileDiagnostic[]): CompileResult => ({
    code: null,
    sites: [],
    imports: [],
    diagnostics,
    locate: () => null,
    parseMs: 0,
  });
  try {
    const startedAt = performance.now();
    const file = parse(source, fileName);
    const parseMs = performance.now() - startedAt;
    const syntaxErrors = errorsIn(file.parseDiagnostics);
    if (syntaxErrors.length > 0) return failed(syntaxErrors);
    binder.bindSourceFile(file, BINDER_OPTIONS);
    const bindErrors = errorsIn(file.bindDiagnostics);
    if (bindErrors.length > 0) return failed(bindErrors);
    const privateErrors = privateNameErrors(file);
    if (privateErrors.length > 0) return failed(privateErrors);
    return { ...lower(file, probes, failed), parseMs };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed([{ message: "This program is nested too deeply.", start: 0, end: source.length }]);
  }
}

function parse(text: string, fileName: string): ParsedFile {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    // Every program is a module, so that `await` may stand at its top level.
    setExternalModuleIndicator: (file: SourceFile) => {
      (file as { externalModuleIndicator?: unknown }).externalModuleIndicator = true;
    },
  };
  const file = ts.createSourceFile(fileName, text, options, false, ts.ScriptKind.TS) as ParsedFile;
  dropRepeated(file.statements as unknown as Statement[]);
  return file;
}

/** Where TypeScript parses `await {` anew, it lists one of the statements after it twice. */
function dropRepeated(statements: Statement[]): void {
  for (let i = statements.length - 1; i > 0; i--) {
    if (statements[i].pos < statements[i - 1].end) statements.splice(i, 1);
  }
}

// What TypeScript keeps out of its declarations.
interface ParsedFile extends SourceFile {
  parseDiagnostics: readonly DiagnosticWithLocation[];
  bindDiagnostics: readonly DiagnosticWithLocation[];
}
const binder = ts as unknown as { bindSourceFile(file: SourceFile, options: object): void };

const BINDER_OPTIONS = {
  target: ts.ScriptTarget.ESNext,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
};

function errorsIn(diagnostics: readonly DiagnosticWithLocation[]): CompileDiagnostic[] {
  return diagnostics
    .filter(({ category }) => category === ts.DiagnosticCategory.Error)
    .map(({ messageText, start, length }) => ({
      message: ts.flattenDiagnosticMessageText(messageText, "\n"),
      start,
      end: start + length,
    }));
}

function lower(
  file: SourceFile,
  probes: boolean,
  failed: (diagnostics: CompileDiagnostic[]) => CompileResult,
): Omit<CompileResult, "parseMs"> {
  const kept: Node[] = [];
  const text = blankSourceFile(file as never, (node) => kept.push(node as unknown as Node));
  const c = new Compilation(file, text, probes, {
    expression: compileExpression,
    statements: compileStatements,
  });
  for (const node of kept) c.error(node, notErasable(node));
  if (c.diagnostics.length === 0) compileProgram(c);
  if (c.diagnostics.length > 0) return failed(c.diagnostics);
  const code = c.writer.finish();
  const { sites, imports, diagnostics } = c;
  return { code, sites, imports, diagnostics, locate: createLocate(file, code, c.writer.pieces) };
}

/** The program's function begins on its first line and ends after its last statement. */
function compileProgram(c: Compilation): void {
  const { file } = c;
  const opening = c.writer.reserve(0, file);
  const last = file.statements[file.statements.length - 1];
  if (last === undefined) c.insert(0, "})", file);
  const hasShebang = file.text.startsWith("#!");
  if (hasShebang) c.writer.replace(0, 2, "//", file);
  const start = hasShebang ? file.text.search(/[\r\n]|$/) : 0;
  const names = c.withTemporaries(() => {
    if (last !== undefined) c.statements(file.statements, start, last.end, file);
  });
  if (last !== undefined) c.insert(last.end, "})", file);
  const declarations = names.length > 0 ? `let ${names.join(",")};` : "";
  opening.text = `(${c.awaits ? "async " : ""}function($$){"use strict";${declarations}`;
}

function notErasable(node: Node): string {
  switch (node.kind) {
    case ts.SyntaxKind.EnumDeclaration:
      return "Enums are not supported: use a constant object and a union of its values.";
    case ts.SyntaxKind.ModuleDeclaration:
      return "Namespaces with values are not supported: use a constant object.";
    case ts.SyntaxKind.ImportEqualsDeclaration:
      return '`import x = …` is not supported: write `import x from "…"`.';
    case ts.SyntaxKind.ExportAssignment:
      return "`export =` is not supported: write `export default`.";
    case ts.SyntaxKind.TypeAssertionExpression:
      return "Write this type assertion with `as`.";
    case ts.SyntaxKind.AsExpression:
    case ts.SyntaxKind.SatisfiesExpression:
      return "Put parentheses around this type assertion: without it, the operators would bind otherwise.";
    default:
      return "Parameter properties are not supported: declare the field and assign it in the constructor.";
  }
}
