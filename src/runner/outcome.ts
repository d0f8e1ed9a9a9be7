import type { CompileResult } from "../compiler/compile";
import { cut } from "../trace/describe";
import type { Outcome, RunError, StopReason } from "../trace/model";
import { siteRunning } from "../trace/running";
import { innermostFrame, programFrame } from "./frames";
import { stopMessage } from "./limits";
import type { RunLimits } from "./messages";
import type { Report } from "./realm";
import { frameName, type ImportedFile, placeIn, type Range } from "./resolve";

/** A compiled program with what its outcome is told in. */
export interface CompiledRun {
  source: string;
  /** The name in the program's stack frames. */
  fileName: string;
  compiled: CompileResult;
  /** What it imports, in the order of evaluation; their sites are counted on from the program's. */
  files: readonly ImportedFile[];
  limits: RunLimits;
}

/** Of a line that a message quotes. */
const MAX_LINE_CHARS = 100;

type Ended = Exclude<Outcome, { kind: "running" }>;

export function outcomeOf(run: CompiledRun, report: Report, elapsedMs: number): Ended {
  switch (report.state) {
    case "done":
      return { kind: "done", elapsedMs };
    case "stopped": {
      const own = ownFrame(run, report.stack);
      const found = own === null ? siteAt(run, report.site) : { own, within: null };
      return stoppedAt(run, report.reason, found, elapsedMs);
    }
    case "failed": {
      const { name } = report;
      const message = inSourceTerms(report.message) + forwardCall(run, report);
      const within = importedPlaceOf(run, report);
      const error = { name, message: inFile(message, within), ...placeOf(run, report, within) };
      return { kind: "failed", error, elapsedMs };
    }
  }
}

/** For a program that had to be ended from outside: `last` is the site it reached last. */
export function outcomeOfUnanswered(
  run: CompiledRun,
  reason: StopReason,
  last: number,
  elapsedMs: number,
): Ended {
  const isOwn = last < run.compiled.sites.length;
  const site = isOwn ? { own: siteRunning(run.compiled.sites, last), within: null } : siteAt(run, last);
  return stoppedAt(run, reason, site, elapsedMs);
}

/** A place in an imported file: `offset` is null where it is the file as a whole. */
interface ImportedPlace {
  file: ImportedFile;
  offset: number | null;
}

/** A site of the program itself or of a file that it imports. */
interface FoundSite {
  own: Range | null;
  within: ImportedPlace | null;
}

function siteAt(run: CompiledRun, id: number): FoundSite {
  let index = id - run.compiled.sites.length;
  if (index < 0) return { own: run.compiled.sites[id] ?? null, within: null };
  for (const file of run.files) {
    const sites = file.kind === "program" ? file.compiled.sites : [];
    if (index < sites.length) return { own: null, within: { file, offset: sites[index].start } };
    index -= sites.length;
  }
  return { own: null, within: null };
}

function stoppedAt(run: CompiledRun, reason: StopReason, site: FoundSite, elapsedMs: number): Ended {
  const { own, within } = site;
  const message = inFile(stopMessage(reason, run.limits, elapsedMs), within);
  const place = firstLine(run.source, own ?? within?.file.via ?? wholeOf(run));
  const error: RunError = { name: "Stopped", message, ...place };
  return { kind: "stopped", reason, error, elapsedMs };
}

type Failure = Extract<Report, { state: "failed" }>;

/** Names the line whose backward failed, where anomaly detection knows it. */
function forwardCall(run: CompiledRun, { forwardStack }: Failure): string {
  const found = innermostFrame(forwardStack, [run.fileName, ...run.files.map(frameName)]);
  if (found === null) return "";
  const file = found.file === 0 ? run : run.files[found.file - 1];
  const { line } = found.position;
  const text = "source" in file ? `: ${cut(lineOf(file.source, line), MAX_LINE_CHARS)}` : "";
  const place = found.file === 0 ? `line ${line}` : `${run.files[found.file - 1].name}:${line}`;
  return ` (the forward call was at ${place}${text})`;
}

/** Lines are counted from 1 and never move in compiled code. */
function lineOf(source: string, line: number): string {
  return (source.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1] ?? "").trim();
}

/** Where in an imported file a program failed; null if it was in the program itself. */
function importedPlaceOf(run: CompiledRun, { stack, site, file }: Failure): ImportedPlace | null {
  const innermost = innermostFrame(stack, [run.fileName, ...run.files.map(frameName)]);
  if (innermost === null) {
    const { within } = siteAt(run, site);
    return within ?? (file < 0 ? null : { file: run.files[file], offset: null });
  }
  if (innermost.file === 0) return null;
  const found = run.files[innermost.file - 1];
  const { line, column } = innermost.position;
  const located = found.kind === "program" ? found.compiled.locate(line, column) : null;
  return { file: found, offset: located?.start ?? null };
}

function placeOf(run: CompiledRun, { stack, site }: Failure, within: ImportedPlace | null): Range {
  const place = ownFrame(run, stack) ?? within?.file.via ?? run.compiled.sites[site];
  const { start, end } = place ?? firstLine(run.source, wholeOf(run));
  return { start, end };
}

/** The program's innermost expression on a stack. */
function ownFrame({ fileName, compiled }: CompiledRun, stack: string): Range | null {
  const frame = programFrame(stack, fileName);
  return frame === null ? null : compiled.locate(frame.line, frame.column);
}

/** V8 quotes a call that only compiled code has, where an expression has no name. */
function inSourceTerms(message: string): string {
  return message.replace(/\$\$\.\w+\(\.\.\.\)/g, "(intermediate value)");
}

function inFile(message: string, within: ImportedPlace | null): string {
  return within === null ? message : `${message} (in ${nameOf(within)})`;
}

function nameOf({ file, offset }: ImportedPlace): string {
  return file.kind === "program" && offset !== null ? placeIn(file.name, file.source, offset) : file.name;
}

function wholeOf({ source }: CompiledRun): Range {
  const start = source.search(/\S/);
  return start < 0 ? { start: 0, end: 0 } : { start, end: source.length };
}

/** A loop is marked at its head, not down to its last line. */
function firstLine(source: string, { start, end }: Range): Range {
  const length = source.slice(start, end).search(/[\r\n]/);
  return { start, end: length < 0 ? end : start + length };
}
