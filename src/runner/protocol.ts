import type { DataKind } from "../language/modules";
import type { Query } from "../trace/queries";

/** Runner → program thread. One job at a time; the next is sent after `ended`. */
export type ToThread = { kind: "run"; job: ThreadJob } | { kind: "query"; request: number; query: Query };

export interface ThreadJob extends ThreadProgram {
  /** Each file after those that it imports. */
  files: ThreadFile[];
  timeMs: number | null;
  memoryMb: number | null;
  outputChars: number | null;
  traceMb: number;
  /** Whether it may be paused: then the thread sets no time limit, which would count the pauses. */
  pausable: boolean;
  /** Where random numbers begin, in place of where the program says; null if it decides. */
  seed: number | null;
  /** What the recorder is to know of the program's sites, as JSON: a `RecordedSite[]`. */
  sites: string;
}

export interface ThreadProgram {
  code: string;
  /** The name that the program's frames carry in `stack`. */
  fileName: string;
  siteCount: number;
  /** Which of the files its relative imports mean. */
  imports: Record<string, number>;
}

export type ThreadFile = ({ kind: "program" } & ThreadProgram) | { kind: DataKind; bytes: Uint8Array };

/** Program thread → runner. `part`, `answer` and `finish` are JSON written in the program's
 * realm; `finish` is empty where the realm did not answer. */
export type FromThread =
  | { kind: "ready"; codeCache: Uint8Array }
  | { kind: "began" }
  | { kind: "part"; part: string }
  | { kind: "paused"; on: boolean }
  | {
      kind: "ended";
      finish: string;
      unanswered: boolean;
      elapsedMs: number;
      realmMs: number;
      traceMs: number;
    }
  | { kind: "answered"; request: number; answer: string };

/** What a thread is started with. */
export interface ThreadData {
  flags: SharedArrayBuffer;
  realmFile: string;
  codeCache: Uint8Array | null;
}
