import type { CompileDiagnostic } from "../compiler/diagnostic";
import type { Site } from "../compiler/site";
import type { DataKind } from "../language/modules";
import type { Outcome, Seen } from "../trace/model";
import type { Answer, Query } from "../trace/queries";

/**
 * Editor → runner. At most one run is under way: a `run` cancels the one before it, so the editor
 * need not cancel first; what still arrives of the older run is to be ignored. Run numbers only grow.
 */
export type ToRunner =
  | {
      kind: "run";
      run: number;
      fileName: string;
      source: string;
      limits: RunLimits;
      probes: boolean;
      pausable: boolean;
      /** See `RunOptions`. */
      seed?: number;
      /** How much of its time it has had in a process that was replaced. */
      spentMs?: number;
    }
  /** Answers `importing`, file by file. */
  | { kind: "imported"; run: number; files: ImportAnswer[] }
  | { kind: "cancel"; run: number }
  /** Has a `pausable` run rest before the next iteration of any of its loops, or go on. */
  | { kind: "pause"; run: number; on: boolean }
  /** Asks about a finished (or streaming) run; answered by `answered`. */
  | { kind: "query"; request: number; run: number; query: Query };

/** Runner → editor. Nothing follows `rejected` or `ended` for that run except `answered`. */
export type FromRunner =
  /** `confined`: Node's permission model is in force. */
  | { kind: "ready"; confined: boolean }
  /** The program cannot run: syntax errors, unknown imports. */
  | { kind: "rejected"; run: number; diagnostics: CompileDiagnostic[] }
  /** Wants files that the program imports; the runner itself reads none. */
  | { kind: "importing"; run: number; files: ImportRequest[] }
  /** Compiled; the program starts now. `sites` give the ids used below their meaning. */
  | { kind: "started"; run: number; sites: Site[] }
  | { kind: "part"; run: number; part: TracePart }
  /** It rests now, or goes on. Its time stands still meanwhile; it may be asked about and stopped. */
  | { kind: "paused"; run: number; on: boolean }
  /** With the last part, null if it adds nothing. */
  | {
      kind: "ended";
      run: number;
      part: TracePart | null;
      outcome: Exclude<Outcome, { kind: "running" }>;
      /** Null where the program had to be ended from outside. */
      times: StageTimes | null;
    }
  /** One of the threads cannot be ended. The process still runs programs, but is to be replaced. */
  | { kind: "stuck" }
  /** `null` when there is nothing to tell, or no longer: the run was replaced, or its process was. */
  | { kind: "answered"; request: number; answer: Answer<Query> };

export interface ImportRequest {
  /** The program, or a file by the `name` that an answer gave it. */
  importer: string;
  /** As written in the importer. */
  specifier: string;
  /** Where it may lie: relative paths from the importer's folder, in order. */
  paths: string[];
  /** The version the runner holds of what this meant the last time; null if it holds none. */
  known: string | null;
}

export type ImportAnswer =
  | {
      kind: "file";
      /** Its path from the program's folder: the same file always has the same. The program's is its file name. */
      name: string;
      /** Differs from that of any other file or content. */
      version: string;
      /** Null if the runner holds this version. */
      content: FileContent | null;
    }
  | { kind: "refused"; message: string };

export type FileContent = { kind: "program"; source: string } | { kind: DataKind; bytes: Uint8Array };

/** What each stage between a text and its trace took, in milliseconds. */
export interface StageTimes {
  parse: number;
  compile: number;
  /** Making the realm that the program ran in; while nobody waits, except for a process's first. */
  realm: number;
  run: number;
  /** Summarising what was seen since the last part. */
  trace: number;
}

/** What a run added to its trace since the last part. */
export interface TracePart {
  /** Sites that changed. */
  seen: [site: number, seen: Seen][];
  /** What was printed. */
  output: string;
  /** The site reached last when the part was made; -1 before the first. */
  at: number;
}

/** Limits of one run; `null` is unlimited. */
export interface RunLimits {
  /** Wall-clock time of the program itself, in milliseconds. */
  timeMs: number | null;
  /** Tensors and heap of the program, in megabytes. */
  memoryMb: number | null;
  /** Printed characters. */
  outputChars: number | null;
  /** Memory for what is kept of the iterations, in megabytes; `DEFAULT_TRACE_MB` if not given. */
  traceMb?: number;
}
