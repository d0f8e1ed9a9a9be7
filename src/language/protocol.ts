import type { SeenValue } from "./tensors/seen";

// How the language server is started, and the messages between it and its client, beside those of the Language
// Server Protocol.

/**
 * Node's flags for the server. More than a gigabyte is a fault: a program of some thousand lines takes a fifth
 * of it. Reading the declarations leaves little garbage behind, which a large nursery does not have to collect. What
 * V8 does beside that is not to take every core from the editor.
 */
export const SERVER_FLAGS = [
  "--max-old-space-size=1024",
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
  "--v8-pool-size=1",
];

/** Notification to the server: what a run of a document's text saw. Replaces what an earlier run saw. */
export const SEEN = "gradlens/seen";
export interface SeenParams {
  uri: string;
  /** The text that ran, which may be older than the document. */
  source: string;
  values: SeenValue[];
}

/** Request to the client, without parameters: the uris of the workspace's programs. */
export const FIND_PROGRAMS = "gradlens/findPrograms";

/** Request to the client: the texts of the files with these uris; null for what cannot be read. */
export const READ_FILES = "gradlens/readFiles";

/**
 * Notification to the client: the tsconfig.json with this uri makes this program part of an ordinary project,
 * whose compiler does not know its operators. Sent once for each tsconfig.json.
 */
export const INCLUDED_BY_TSCONFIG = "gradlens/includedByTsconfig";
export interface IncludedParams {
  tsconfig: string;
  program: string;
}

/** The setting that the server asks the client for, per document. */
export const STRICTNESS_SETTING = "gradlens.check.strictness";

/** Command of the client: rename what a refactoring made, at a uri and position. */
export const RENAME_COMMAND = "gradlens.language.rename";
