import type { Trace } from "../trace/model";
import type { TrainingFacts } from "../trace/queries";
import type { MistakeCode } from "./codes";

/** A mistake at a place in the trace's source: UTF-16 offsets, end exclusive. */
export interface Finding {
  code: MistakeCode;
  message: string;
  start: number;
  end: number;
  fix?: Fix;
}

/** What repairs a mistake. */
export interface Fix {
  title: string;
  edits: Edit[];
}

/** `text` in the place of a range of the source. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** What a rule looks at. */
export interface Evidence {
  trace: Trace;
  facts: TrainingFacts;
}

/** Looks for one kind of mistake in a run that is over. */
export type Rule = (evidence: Evidence) => Finding[];

/** What the error that ended a run means, in addition to its message. */
export interface Explanation {
  code: MistakeCode;
  text: string;
  fix?: Fix;
}
