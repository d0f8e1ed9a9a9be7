import type { SessionState } from "../session/session";
import type { Trace } from "../trace/model";
import type { Answer, CurveCursor, CurvesAnswer, LeavesAnswer, PictureFacts, Query } from "../trace/queries";
import { Pace } from "./model/pace";
import { curvePieces, leafPieces, loopsOf, plotPieces } from "./model/pieces";
import { loopTotal, type Progress, Speed } from "./model/progress";
import { type Run, type RunStatus, Runs } from "./model/runs";
import { type LoopInfo, RunData, type TrackPiece } from "./model/track";
import { mainTrack, trainingLoop } from "./model/training";

/** The entry of a leaf that is told by its statistics costs as much as this many numbers, besides its elements. */
const NUMBERS_PER_ENTRY = 60;
/** Tensors are the dearest to tell of: a run that is over sooner is asked about them once, at its end. */
const LEAVES_AFTER_MS = 500;

/** What a session offers to those who look at its runs. */
export interface RunSource {
  readonly state: SessionState;
  query<Q extends Query>(query: Q): Promise<Answer<Q>>;
}

/** Pictures that a program drew, and what of its plots was left out. */
export interface Drawn {
  pictures: readonly PictureFacts[];
  notes: readonly string[];
}

const NOTHING_DRAWN: Drawn = { pictures: [], notes: [] };

export interface RecordingEvents {
  /** A run began, ended, went or is called something else. */
  runs(): void;
  /** The program drew something, or something else. */
  pictures(): void;
  data(run: Run, loops: readonly LoopInfo[], pieces: TrackPiece[]): void;
}

/** The runs of one program: takes what is new from the one under way, and keeps those before. */
export class Recording {
  readonly runs: Runs;
  private readonly source: RunSource;
  private readonly events: RecordingEvents;
  private readonly now: () => number;
  private trace: Trace | null = null;
  private current: Run | null = null;
  private curves = new Map<number, CurveCursor>();
  private plots = new Map<number, CurveCursor>();
  private drawn: Drawn = NOTHING_DRAWN;
  private leaves = new Map<number, CurveCursor>();
  private readonly speed = new Speed();
  private readonly curvePace = new Pace();
  private readonly leafPace = new Pace();
  private wasFrozen = false;
  private fetching: Promise<void> | null = null;

  /** `now` in milliseconds. */
  constructor(source: RunSource, events: RecordingEvents, now: () => number, runs = new Runs()) {
    this.source = source;
    this.events = events;
    this.now = now;
    this.runs = runs;
  }

  get isRunning(): boolean {
    return this.current?.status === "running";
  }

  /** Whether the run rests between two iterations. */
  get isFrozen(): boolean {
    return this.isRunning && this.source.state.status.kind === "frozen";
  }

  /** The run whose values the session still has. */
  get live(): Run | null {
    return this.current;
  }

  /** The session has something else to show: a run may have begun or ended. */
  noticeChange(): void {
    const { live, stale, status } = this.source.state;
    if (live === null || stale || status.kind === "rejected") return;
    const { trace } = live;
    if (trace !== this.trace) this.begin(trace);
    const { isFrozen, wasFrozen } = this;
    this.wasFrozen = isFrozen;
    if (isFrozen) this.speed.restart();
    else this.speed.mark(this.now(), this.stepsDone(trace));
    const now = statusOf(trace);
    if (this.current === null || (now === this.current.status && isFrozen === wasFrozen)) return;
    this.current.status = now;
    this.events.runs();
  }

  private begin(trace: Trace): void {
    const isAgain = this.trace?.run === trace.run;
    this.trace = trace;
    this.curves.clear();
    this.plots.clear();
    this.leaves.clear();
    this.speed.restart();
    this.curvePace.restart(this.now());
    this.leafPace.restart(this.now() + LEAVES_AFTER_MS);
    this.drawn = NOTHING_DRAWN;
    const { source } = trace;
    this.current = isAgain
      ? this.runs.beginAgain(source, new RunData(), this.now())
      : this.runs.begin(source, new RunData(), this.now());
    this.events.runs();
  }

  /** Takes what the run has recorded since the last time. */
  fetch(): Promise<void> {
    this.fetching ??= this.fetchNow().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  private async fetchNow(): Promise<void> {
    const { trace, current: run } = this;
    if (trace === null || run === null) return;
    const isAtRest = run.status !== "running" || this.isFrozen;
    const [curves, leaves] = await Promise.all([
      isAtRest || this.curvePace.isDue(this.now())
        ? this.source.query({
            kind: "curves",
            have: [...this.curves.values()],
            plots: [...this.plots.values()],
          })
        : null,
      isAtRest || this.leafPace.isDue(this.now())
        ? this.source.query({ kind: "leaves", have: [...this.leaves.values()] })
        : null,
    ]);
    if (this.trace !== trace) return;
    if (curves) this.takePictures(curves);
    if (curves) this.curvePace.answered(this.now(), numbersInCurves(curves));
    if (leaves) this.leafPace.answered(this.now(), numbersInLeaves(leaves));
    const pieces = [
      ...(curves ? this.takeCurves(curves, trace) : []),
      ...(leaves ? this.takeLeaves(leaves) : []),
    ];
    if (pieces.length === 0) return;
    const loops = loopsOf(curves ?? leaves ?? { loops: [] }, trace);
    run.data.apply(loops, pieces);
    this.events.data(run, loops, pieces);
  }

  private takeCurves(answer: CurvesAnswer, trace: Trace): TrackPiece[] {
    for (const { id, version, from, values } of answer.curves) {
      this.curves.set(id, { id, version, length: from + values.length });
    }
    for (const { id, version, from, values } of answer.plots) {
      this.plots.set(id, { id, version, length: from + values.length });
    }
    return [...curvePieces(answer, trace), ...plotPieces(answer)];
  }

  private takePictures({ pictures, plotNotes: notes }: CurvesAnswer): void {
    const calls = (list: readonly PictureFacts[]) => list.reduce((sum, picture) => sum + picture.calls, 0);
    const isSame = calls(pictures) === calls(this.drawn.pictures) && notes.length === this.drawn.notes.length;
    if (isSame) return;
    this.drawn = { pictures, notes };
    this.events.pictures();
  }

  /** What the newest run has drawn. */
  get pictures(): Drawn {
    return this.drawn;
  }

  /** The last entry is asked for again: how far its step moved the tensor is known with the next. */
  private takeLeaves(answer: LeavesAnswer): TrackPiece[] {
    const grown = answer.leaves.filter((leaf) => {
      const known = this.leaves.get(leaf.id);
      return known?.version !== leaf.version || known.length + 1 < leaf.from + leaf.passes.length;
    });
    for (const { id, version, from, passes } of grown) {
      this.leaves.set(id, { id, version, length: Math.max(0, from + passes.length - 1) });
    }
    return leafPieces({ ...answer, leaves: grown });
  }

  /** Of the newest run; null if it has no training loop. */
  get progress(): Progress | null {
    const { trace, current } = this;
    const loop = current && trainingLoop(current.data);
    if (trace === null || loop === null) return null;
    const done = trace.seen.get(loop.site)?.count ?? 0;
    const { start, end } = trace.sites[loop.site];
    const total = loopTotal(trace.source.slice(start, end), (name) => numberIn(trace, name));
    const steps = this.stepsDone(trace);
    const perSecond = stepsPerSecond(trace, steps) ?? this.speed.perSecond;
    const stepsLeft = total === null || done === 0 ? null : (steps / done) * (total - done);
    const secondsLeft =
      stepsLeft === null || !perSecond || current?.status !== "running" ? null : stepsLeft / perSecond;
    return { unit: loop.name, done, total, stepsPerSecond: perSecond, secondsLeft };
  }

  /** How often the loss was computed. */
  private stepsDone(trace: Trace): number {
    const loss = this.current && mainTrack(this.current.data);
    return loss?.info.kind === "loss"
      ? (trace.seen.get(Number(loss.info.id.slice("curve ".length)))?.count ?? 0)
      : 0;
  }
}

function numbersInCurves({ loops, curves, plots }: CurvesAnswer): number {
  return [...curves, ...plots].reduce((sum, { values }) => sum + values.length * (1 + loops.length), 0);
}

/** With the statistics of larger tensors, for which each of their numbers is looked at. */
function numbersInLeaves({ loops, leaves }: LeavesAnswer): number {
  return leaves.reduce((sum, { passes, shape, statistics }) => {
    const elements = shape.reduce((product, size) => product * size, 1);
    const besides = statistics === null ? 1 + loops.length : NUMBERS_PER_ENTRY;
    return sum + passes.length * (besides + 2 * elements);
  }, 0);
}

/** Of a whole run; null while it goes on. */
function stepsPerSecond({ outcome }: Trace, steps: number): number | null {
  return outcome.kind === "running" || outcome.elapsedMs === 0 ? null : (steps * 1000) / outcome.elapsedMs;
}

function statusOf({ outcome }: Trace): RunStatus {
  return outcome.kind;
}

/** What a variable of this name held last, if it was a number. */
function numberIn({ sites, seen }: Trace, name: string): number | null {
  const site = sites.findIndex((site) => site.kind === "binding" && site.name === name);
  const value = seen.get(site)?.value;
  return value?.kind === "plain" && /^\d[\d.]*$/.test(value.text) ? Number(value.text) : null;
}
