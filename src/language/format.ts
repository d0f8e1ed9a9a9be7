import { formatSettings } from "./features/preferences";
import ts from "./typescript";

/** A text that cannot be laid out, because what it means cannot be told. */
export class SyntaxProblem extends Error {
  readonly start: number;

  constructor(message: string, start: number) {
    super(message);
    this.start = start;
  }
}

const FILE = "/program.grad.ts";

/**
 * The text of a program laid out as in the editor, its line breaks as they are; throws a `SyntaxProblem` if it
 * does not parse. Needs no declarations.
 */
export function formatText(text: string): string {
  const newLine = text.includes("\r\n") ? "\r\n" : "\n";
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({ noLib: true, noResolve: true }),
    getScriptFileNames: () => [FILE],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => (name === FILE ? ts.ScriptSnapshot.fromString(text) : undefined),
    getCurrentDirectory: () => "/",
    getDefaultLibFileName: () => "",
    fileExists: (name) => name === FILE,
    readFile: () => undefined,
  });
  const [problem] = service.getSyntacticDiagnostics(FILE);
  if (problem) {
    throw new SyntaxProblem(ts.flattenDiagnosticMessageText(problem.messageText, "\n"), problem.start);
  }
  const settings = { ...formatSettings(), newLineCharacter: newLine };
  return service
    .getFormattingEditsForDocument(FILE, settings)
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((to, { span, newText }) => {
      return to.slice(0, span.start) + newText + to.slice(span.start + span.length);
    }, text);
}
