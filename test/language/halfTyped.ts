import { TextDocument } from "vscode-languageserver-textdocument";
import type { Position } from "vscode-languageserver-types";
import { completion } from "../../src/language/features/completion";
import { diagnostics } from "../../src/language/features/diagnostics";
import { formatOnType } from "../../src/language/features/formatting";
import { hover } from "../../src/language/features/hover";
import type { Program } from "../../src/language/features/program";
import { semanticTokens } from "../../src/language/features/semanticTokens";
import { signatureHelp } from "../../src/language/features/signatureHelp";
import { documentSymbols, foldingRanges } from "../../src/language/features/structure";
import { diskFiles } from "../../src/language/files";
import { createLanguageService, type LanguageFolders } from "../../src/language/service";

type Question = (program: Program, end: Position) => unknown;

/** What an editor asks while someone types at the end of a text. */
export const questions: Readonly<Record<string, Question>> = {
  diagnostics,
  completion: (program, end) => completion(program, end),
  signatureHelp,
  hover,
  semanticTokens: (program) => semanticTokens(program),
  documentSymbols,
  foldingRanges,
  formatOnType: (program, end) => formatOnType(program, end, "\n", { tabSize: 2, insertSpaces: true }),
};

export interface Answer {
  cut: number;
  question: string;
  /** Of the processor, so that it is the same on a busy machine. */
  cpuMs: number;
}

/** Asks every question of a text cut off at each `step`-th character. An exception names the cut. */
export function answerHalfTyped(text: string, step: number, folders: LanguageFolders, first = 0): Answer[] {
  const language = createLanguageService(diskFiles, folders);
  const fileName = "/project/program.grad.ts";
  const answers: Answer[] = [];
  const program = (end: number): Program => {
    language.update(fileName, text.slice(0, end));
    const document = TextDocument.create("file:///project/program.grad.ts", "grad-ts", 1, text.slice(0, end));
    return { fileName, document, language, folders, uriOf: (name) => name };
  };
  // What is measured is an edit, not the opening, after which the server asks itself.
  const whole = program(text.length);
  for (const ask of Object.values(questions)) ask(whole, whole.document.positionAt(text.length));
  for (let cut = first; cut <= text.length; cut += step) {
    const typed = program(cut);
    const end = typed.document.positionAt(cut);
    for (const [question, ask] of Object.entries(questions)) {
      const before = process.cpuUsage();
      try {
        ask(typed, end);
      } catch (error) {
        throw new Error(`${question} of the text cut at ${cut}: ${(error as Error).stack}`);
      }
      const { user, system } = process.cpuUsage(before);
      answers.push({ cut, question, cpuMs: (user + system) / 1000 });
    }
  }
  return answers;
}

/** The value that `share` of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
