import type { TimeTravel } from "../session/position";
import type { ToHost, ToPage } from "./messages";
import { packPieces } from "./model/pack";
import { infoOf, Runs } from "./model/runs";
import { standingOf } from "./model/standing";
import type { ViewState } from "./model/view";
import { Recording, type RecordingEvents, type RunSource } from "./recording";

/** A program as the panel shows it. */
export interface ShownProgram {
  /** Tells it from other programs; the same the next time it is opened. */
  key: string;
  title: string;
  session: RunSource & { readonly travel: TimeTravel };
  /** The 1-based line of an offset in the present text. */
  lineAt(offset: number): number;
}

export interface FeedHost {
  /** To every page. Resolves when they have it. */
  tell(message: ToPage): Promise<void>;
  /** Whether someone looks at a page now. */
  isSeen(): boolean;
  load(key: string, runs: Runs): Promise<void>;
  /** The runs of a program have changed. */
  keep(key: string, runs: Runs): void;
}

/** The page is told what is new no more often. */
const POLL_MS = 33;
/** After an answer a run is left alone for this many times as long as it took. */
const PATIENCE = 3;
const MAX_WAIT_MS = 250;
/** A page that is hidden while it is told something may never have it. */
const MAX_DELIVERY_MS = 2000;

/** Tells the pages about one program: what its run has so far, at up to 30 times a second, and the runs before. */
export class Feed {
  /** How the user last wanted to see the charts. */
  view: ViewState;
  private readonly host: FeedHost;
  /** Of every program that was shown. */
  private readonly runs = new Map<string, Runs>();
  private program: ShownProgram | null = null;
  private recording: Recording | null = null;
  private travel: { dispose(): void } | null = null;
  /** When the pages have the last numbers that they were told. */
  private delivery: Promise<void> = Promise.resolve();
  private pumping = false;
  private isBehind = false;
  /** To every page, whenever they take it. */
  private readonly tell = (message: ToPage): void => void this.host.tell(message);

  constructor(host: FeedHost, view: ViewState) {
    this.host = host;
    this.view = view;
  }

  get shown(): ShownProgram | null {
    return this.program;
  }

  async show(program: ShownProgram | null): Promise<void> {
    if (program?.session === this.program?.session) return;
    this.program = program;
    this.recording = null;
    this.travel?.dispose();
    this.travel = program?.session.travel.onDidChange((at) => this.tell({ kind: "position", at })) ?? null;
    if (program !== null) await this.record(program);
    if (program !== this.program) return;
    this.tellEverything(this.tell);
    this.changed();
  }

  private async record(program: ShownProgram): Promise<void> {
    const known = this.runs.get(program.key);
    const runs = known ?? new Runs();
    this.runs.set(program.key, runs);
    if (known === undefined) await this.host.load(program.key, runs);
    if (program !== this.program) return;
    const events: RecordingEvents = {
      runs: () => this.runsChanged(),
      pictures: () => this.tellPictures(this.tell),
      data: (run, loops, pieces) => {
        const packed = packPieces(pieces);
        this.delivery = this.host.tell({ kind: "data", run: run.id, loops: [...loops], pieces: packed });
      },
    };
    this.recording = new Recording(program.session, events, () => performance.now(), runs);
  }

  /** The shown program's session has something else to show. */
  changed(): void {
    this.recording?.noticeChange();
    this.isBehind = true;
    void this.pump();
  }

  /** For a page that has nothing yet. */
  tellEverything(tell: (message: ToPage) => void): void {
    const { program, recording } = this;
    tell({ kind: "program", title: program?.title ?? null, view: this.view });
    if (program === null || recording === null) return;
    tell({ kind: "runs", runs: recording.runs.all.map(infoOf) });
    for (const { id, data } of recording.runs.all) {
      const pieces = [...data.tracks.values()].map((track) => track.whole());
      tell({ kind: "data", run: id, loops: [...data.loops], pieces: packPieces(pieces) });
    }
    this.tellPictures(tell);
    tell({ kind: "position", at: program.session.travel.position });
    this.tellProgress(tell);
  }

  /** Does what a page asks about runs and time. */
  receive(message: ToHost): void {
    const runs = this.recording?.runs;
    switch (message.kind) {
      case "position":
        this.program?.session.travel.set(message.at);
        return;
      case "rename":
        runs?.rename(message.run, message.name);
        break;
      case "pin":
        runs?.pin(message.run, message.on);
        break;
      case "hide":
        runs?.hide(message.run, message.on);
        break;
      case "remove":
        runs?.remove(message.run);
        break;
      case "clear":
        runs?.clear();
        break;
      default:
        return;
    }
    this.runsChanged();
  }

  async leaf({ request, leaf, at }: Extract<ToHost, { kind: "leaf" }>): Promise<ToPage> {
    const session = this.program?.session;
    const answer = await session?.query({ kind: "leaf", leaf, ...(at === null ? {} : { at }) });
    return { kind: "leaf", request, value: answer ?? null };
  }

  async picture({ request, picture, at }: Extract<ToHost, { kind: "picture" }>): Promise<ToPage> {
    const session = this.program?.session;
    const answer = await session?.query({ kind: "picture", picture, ...(at === null ? {} : { at }) });
    return { kind: "picture", request, value: answer ?? null };
  }

  dispose(): void {
    this.travel?.dispose();
    this.program = null;
    this.recording = null;
  }

  private runsChanged(): void {
    const { program, recording } = this;
    if (program === null || recording === null) return;
    this.tell({ kind: "runs", runs: recording.runs.all.map(infoOf) });
    this.tellProgress(this.tell);
    if (!recording.isRunning) this.host.keep(program.key, recording.runs);
  }

  private tellPictures(tell: (message: ToPage) => void): void {
    const { recording } = this;
    const run = recording?.live?.id;
    if (recording !== null && run !== undefined) tell({ kind: "pictures", run, ...recording.pictures });
  }

  private tellProgress(tell: (message: ToPage) => void): void {
    const { recording, program } = this;
    const run = recording?.live?.status ?? null;
    const standing =
      program === null
        ? { status: null, problem: null }
        : standingOf(program.session.state, run, (offset) => program.lineAt(offset));
    tell({ kind: "progress", ...standing, progress: recording?.progress ?? null });
  }

  /**
   * Fetches until the run rests or is over and all of it is here. Of a run that nobody watches only the end is
   * fetched. Where pages take their time there is nothing new before they have what they were told: it would pile up
   * before what the user does.
   */
  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.recording !== null && (this.isBehind || this.recording.isRunning)) {
        const { recording } = this;
        if (recording.isRunning && !this.host.isSeen()) return;
        const wasRunning = recording.isRunning;
        const wasFrozen = recording.isFrozen;
        this.isBehind = false;
        const startedAt = performance.now();
        await recording.fetch();
        if (this.recording !== recording) continue;
        this.tellProgress(this.tell);
        await Promise.race([this.delivery, delay(MAX_DELIVERY_MS)]);
        const tookMs = performance.now() - startedAt;
        if (wasFrozen && recording.isFrozen && !this.isBehind) return;
        if (recording.isRunning)
          await delay(Math.min(MAX_WAIT_MS, Math.max(POLL_MS - tookMs, tookMs * PATIENCE)));
        else if (wasRunning) this.isBehind = true;
        else if (this.program !== null) this.host.keep(this.program.key, recording.runs);
      }
    } finally {
      this.pumping = false;
    }
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
