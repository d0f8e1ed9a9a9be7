import { type Label, layoutLabels } from "../annotations/layout";
import type { CompileDiagnostic } from "../compiler/diagnostic";
import { explainError } from "../diagnostics/explainError";
import { warningsOf } from "../diagnostics/problems";
import { readSettings } from "../extension/settings";
import { createRunner } from "../runner/client";
import type { RunLimits } from "../runner/messages";
import type { Trace } from "../trace/model";
import type { TrainingFacts } from "../trace/queries";
import { readManifest } from "./manifest";
import { absolutePath, filesOf, formatProblem, type Program, placeIn, readProgram } from "./program";

interface AnnotateArguments {
  values: { json?: boolean };
  positionals: string[];
}

/** Line and column from 1. */
interface Problem {
  line: number;
  column: number;
  severity: "error" | "warning" | "suggestion";
  code: string;
  message: string;
}

type Result =
  | { kind: "ended"; trace: Trace; facts: TrainingFacts | null }
  | { kind: "rejected"; diagnostics: CompileDiagnostic[] };

/**
 * Prints a program with each line's label as the editor shows it by default, or everything about it as JSON.
 * Resolves to the exit code, 1 if the program cannot run or fails. `folder` holds the runner's bundles.
 */
export async function annotate({ values, positionals }: AnnotateArguments, folder: string): Promise<number> {
  const program = readProgram("annotate", positionals);
  const { properties } = readManifest(folder).contributes.configuration;
  const { limits, layout } = readSettings((key) => properties[`gradlens.${key}`]?.default);
  const result = await record(program, folder, limits);
  const labels = result.kind === "ended" ? layoutLabels(result.trace, layout) : [];
  const problems = problemsOf(result);
  if (values.json) {
    const lines = labels.map(({ line, text, values, count }) => ({ line: line + 1, text, values, count }));
    const diagnostics = [
      ...(await allDiagnostics(program, explained(problems, result))),
      ...warnings(program, result),
    ];
    const output = result.kind === "ended" ? result.trace.output : "";
    process.stdout.write(`${JSON.stringify({ lines, diagnostics, output })}\n`);
  } else {
    process.stdout.write(annotated(program, labels));
    for (const { start, code, message } of problems) {
      process.stderr.write(formatProblem(program, start, `${code}: ${message}`));
    }
  }
  return problems.length > 0 ? 1 : 0;
}

function record(program: Program, folder: string, limits: RunLimits): Promise<Result> {
  const { file, source } = program;
  const runner = createRunner({ folder, files: filesOf(program) });
  return new Promise<Result>((done) => {
    const { run } = runner.run(
      source,
      { fileName: file, limits, probes: true },
      {
        rejected: (diagnostics) => done({ kind: "rejected", diagnostics }),
        ended: (trace) =>
          runner.query(run, { kind: "training" }).then((facts) => done({ kind: "ended", trace, facts })),
      },
    );
  }).finally(() => runner.dispose());
}

/** Why a program did not run to its end. */
function problemsOf(result: Result): Ending[] {
  if (result.kind === "rejected") {
    return result.diagnostics.map(({ start, message }) => ({ start, code: "SyntaxError", message }));
  }
  const { outcome } = result.trace;
  if (outcome.kind !== "failed" && outcome.kind !== "stopped") return [];
  const { start, name, message } = outcome.error;
  return [{ start, code: name, message }];
}

interface Ending {
  start: number;
  code: string;
  message: string;
}

/** With what the error means added to its message. */
function explained(problems: readonly Ending[], result: Result): Ending[] {
  const error =
    result.kind === "ended" && result.trace.outcome.kind === "failed" && result.trace.outcome.error;
  const explanation = error ? explainError(result.trace, error, result.facts) : null;
  if (explanation === null) return [...problems];
  return problems.map((one) => ({ ...one, message: `${one.message}\n\n${explanation.text}` }));
}

/** The mistakes in a run's training. */
function warnings({ source }: Program, result: Result): Problem[] {
  if (result.kind === "rejected") return [];
  const found = warningsOf(result.trace, result.facts, () => true);
  return found.map(({ start, severity, code, message }) =>
    problem(source, start, severity, code ?? "", message),
  );
}

function annotated({ source }: Program, labels: readonly Label[]): string {
  const byLine = new Map(labels.map(({ line, text }) => [line, text]));
  const lines = source.split("\n").map((text, line) => {
    const label = byLine.get(line);
    return label === undefined || label === "" ? text : `${text.replace(/\r$/, "")}   ${label}`;
  });
  return `${lines.join("\n").replace(/\n$/, "")}\n`;
}

/** With the type errors, which already tell of what the compiler rejected. */
async function allDiagnostics({ file, source }: Program, problems: readonly Ending[]): Promise<Problem[]> {
  const types = await typeDiagnostics(file, source);
  const known = new Set(types.map(({ start }) => start));
  const others = problems.filter(({ start, code }) => code !== "SyntaxError" || !known.has(start));
  return [
    ...types.map(({ start, severity, code, message }) =>
      problem(source, start, severity, `TS${code}`, message),
    ),
    ...others.map(({ start, code, message }) => problem(source, start, "error", code, message)),
  ];
}

async function typeDiagnostics(file: string, source: string) {
  const [{ diskFiles }, { distributedFolders }, { mayImportWithin }, { createLanguageService }] =
    await Promise.all([
      import("../language/files"),
      import("../language/folders"),
      import("../language/reach"),
      import("../language/service"),
    ]);
  const fileName = absolutePath(file);
  const mayImport = mayImportWithin(() => [absolutePath(".")]);
  const service = createLanguageService({ ...diskFiles, mayImport }, distributedFolders());
  service.update(fileName, source);
  return service.diagnostics(fileName);
}

function problem(
  source: string,
  offset: number,
  severity: Problem["severity"],
  code: string,
  message: string,
): Problem {
  const { line, column } = placeIn(source, offset);
  return { line, column, severity, code, message };
}
