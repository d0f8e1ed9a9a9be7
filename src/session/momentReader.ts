import type { Trace } from "../trace/model";
import type { Answer, MomentAnswer, Position, Query } from "../trace/queries";

/** A trace at a position, asked for and answered. */
interface Wanted {
  trace: Trace;
  position: Position;
}

/**
 * Asks for moments one at a time. Of what is wanted meanwhile only the last is asked for next, so that a fast
 * hand on a slider costs no more than the runner can answer.
 */
export class MomentReader {
  private readonly query: (
    run: number,
    query: Extract<Query, { kind: "moment" }>,
  ) => Promise<MomentAnswer | null>;
  private readonly read: (wanted: Wanted, answer: MomentAnswer | null) => void;
  private wanted: Wanted | null = null;
  private isAsking = false;

  constructor(
    query: <Q extends Query>(run: number, query: Q) => Promise<Answer<Q>>,
    read: (wanted: Wanted, answer: MomentAnswer | null) => void,
  ) {
    this.query = query;
    this.read = read;
  }

  /** `read` is told of it, or of what is wanted after it. */
  want(wanted: Wanted): void {
    this.wanted = wanted;
    if (!this.isAsking) void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    while (this.wanted !== null) {
      const { wanted } = this;
      this.wanted = null;
      const answer = await this.query(wanted.trace.run, { kind: "moment", at: wanted.position });
      this.read(wanted, answer);
    }
    this.isAsking = false;
  }
}
