/** Runner → program thread. One job at a time; the next is sent after `ended`. */
export type ToThread = { kind: "run"; job: ThreadJob } | { kind: "inspect"; request: number; site: number };

export interface ThreadJob {
  code: string;
  /** The name that the program's frames carry in `stack`. */
  fileName: string;
  siteCount: number;
  timeMs: number | null;
  memoryMb: number | null;
  outputChars: number | null;
}

/** Program thread → runner. `part`, `inspection` and `finish` are JSON written in the program's
 * realm; `finish` is empty where the realm did not answer. */
export type FromThread =
  | { kind: "ready"; codeCache: Uint8Array }
  | { kind: "part"; part: string }
  | { kind: "ended"; finish: string; unanswered: boolean; elapsedMs: number }
  | { kind: "inspected"; request: number; inspection: string };

/** What a thread is started with. */
export interface ThreadData {
  flags: SharedArrayBuffer;
  realmFile: string;
  codeCache: Uint8Array | null;
}
