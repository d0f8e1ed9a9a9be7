import { observer, setObserver } from "../../engine/observe";
import { plotSink, setPlotSink } from "../../engine/plot/sink";
import type { Recorder } from "../runtime/recorder";
import type { RecordedSite } from "../trace/recorder";
import type { Attempt } from "./attempt";
import { computeInDouble } from "./double";
import type { Checking } from "./elements";

/** A program that has run, and can be run again. */
export interface Rerun {
  sites: readonly RecordedSite[];
  /** Runs it from its beginning, with the random numbers as they were then. May give a promise. */
  evaluate(recorder: Recorder): unknown;
}

/** How an attempt ended: with an error of the program's own, or without. */
export interface Ended {
  error: string | null;
}

/** A program that is run again and again in double precision, and leaves no trace of that. */
export class Program {
  readonly sites: readonly RecordedSite[];
  private readonly rerun: Rerun;
  private restore: (() => void) | null = null;

  constructor(rerun: Rerun) {
    this.rerun = rerun;
    this.sites = rerun.sites;
  }

  /** `listen` may watch the program as long as it runs. */
  *run(attempt: Attempt, listen: () => () => void = () => () => {}): Checking<Ended> {
    this.enter(attempt);
    const unlisten = listen();
    let error: string | null = null;
    const failed = (thrown: unknown) => {
      if (!attempt.isEnd(thrown)) error ??= textOf(thrown);
    };
    try {
      const result = this.rerun.evaluate(attempt);
      if (result instanceof Promise) {
        result.then(() => {}, failed);
        yield "wait";
      }
    } catch (thrown) {
      failed(thrown);
    } finally {
      unlisten();
      this.leave();
    }
    return { error };
  }

  /** Does work in double precision that runs the program's own functions. */
  *within<T>(work: Checking<T>): Checking<T> {
    for (;;) {
      this.enter(null);
      let step: IteratorResult<unknown, T>;
      try {
        step = work.next();
      } finally {
        this.leave();
      }
      if (step.done) return step.value;
      yield step.value as never;
    }
  }

  private enter(attempt: Attempt | null): void {
    const [before, sink] = [observer, plotSink()];
    setObserver(attempt);
    setPlotSink(null);
    const single = computeInDouble((leaf) => attempt?.made(leaf));
    this.restore = () => {
      single();
      setObserver(before);
      setPlotSink(sink);
    };
  }

  /** Also where work was broken off in its midst. */
  leave(): void {
    const { restore } = this;
    this.restore = null;
    restore?.();
  }
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "an error";
  }
}
