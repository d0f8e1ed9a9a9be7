import type { Node } from "../../engine/autograd/node";
import { type Observer, setObserver } from "../../engine/observe";
import type { Storage } from "../../engine/storage";
import type { Tensor } from "../../engine/tensor";
import { REQUESTS, Request, SITE, STOP_BITS, stopReason } from "../runner/flags";
import { type Counters, countOf, createCounters, Latest, type Recorder } from "../runtime/recorder";
import { Gradients } from "./gradients";
import { isTensor } from "./kinds";
import type { StopReason, ValueSummary } from "./model";
import { Series } from "./series";
import { Snapshot } from "./snapshot";
import { inspectPlain, inspectTensor, plain, summarizePlain, summarizeTensor } from "./summary";
import { writePart, writeSeen } from "./wire";

/** What the thread around the realm does for the recorder. None of these throws or returns an object. */
export interface RecorderHost {
  /** The memory of `flags.ts`. */
  flags: SharedArrayBuffer;
  /** Takes a part (see `wire.ts`). Blocks while too many are under way. */
  send(part: string): void;
  /** Whether the program holds more memory than it may. */
  isOverMemory(): boolean;
  /** The site of the inspection that waits, or -1. */
  nextInspection(): number;
  answerInspection(json: string): void;
}

/** Thrown to end a program that was stopped. Thrown again by every later check, so no `catch` holds it. */
const STOP = Object.freeze({ name: "Stop" });

/** Loops and numbers are looked at no more rarely than every this many steps. */
const MAX_STEPS_BETWEEN_CHECKS = 1024;
/** Steps between checks grow while they take less than this, and shrink when they take more. */
const STEADY_MS = 2;
/** Output is sent in pieces of about this many characters. */
const OUTPUT_PIECE_CHARS = 16_384;

/*
 * Taken before any program runs: a program may put its own functions in the place of these. They reach
 * memory that must stay out of its hands.
 */
const { load, or, exchange } = Atomics;
const { now } = Date;
const { min } = Math;

/**
 * Sees every probe's value inside the program's realm, and tells the runner about it when asked: see
 * `flags.ts`. Nothing is formatted before that. Of each site the latest value is kept, by reference; a tensor
 * whose memory is about to be written is copied first.
 */
export class TraceRecorder implements Recorder, Observer {
  readonly counters: Counters;
  /** Why and at which site the program was stopped; null if it was not. */
  stopped: { reason: StopReason; site: number } | null = null;
  private readonly host: RecorderHost;
  private readonly flags: Int32Array;
  private readonly siteCount: number;
  private readonly gradients = new Gradients();
  /** Latest value of each site, where it is not a number or boolean. */
  private readonly latest: unknown[];
  /** Memory that the tensor in `latest` looks into. */
  private readonly storages: (Storage | null)[];
  private readonly series: (Series | null)[];
  /** Count and gradient of each site when it was last sent. */
  private readonly sentCounts: Float64Array;
  private readonly sentGrads: (Tensor | null)[];
  /** Step length of each loop's checks, and when the last one was. */
  private readonly steps: Int32Array;
  private checkedAt = 0;
  private output = "";
  private outputLeft: number;
  private attending = false;
  private thrownLast: { site: number; error: unknown } | null = null;

  /** `outputChars`: how much the program may print. */
  constructor(host: RecorderHost, siteCount: number, outputChars: number) {
    this.host = host;
    this.flags = new Int32Array(host.flags);
    this.siteCount = siteCount;
    this.counters = createCounters(siteCount);
    this.latest = new Array(siteCount).fill(undefined);
    this.storages = new Array(siteCount).fill(null);
    this.series = new Array(siteCount).fill(null);
    this.sentCounts = new Float64Array(siteCount);
    this.sentGrads = new Array(siteCount).fill(null);
    this.steps = new Int32Array(siteCount).fill(1);
    this.outputLeft = outputChars;
    setObserver(this);
  }

  see(site: number, value: unknown): void {
    this.flags[SITE] = site;
    this.latest[site] = value;
    if (isTensor(value)) this.seeTensor(site, value);
    if (load(this.flags, REQUESTS) !== 0) this.attend(site);
  }

  private seeTensor(site: number, tensor: Tensor): void {
    const { storage } = tensor;
    storage.watched = true;
    this.storages[site] = storage;
    if (tensor.shape.length !== 0) return;
    const step = countOf(this.counters, site) - 1;
    this.series[site] ??= new Series();
    const series = this.series[site];
    if (step >= series.next) series.add(step, Number(storage.data[tensor.offset]));
  }

  sample(site: number, value: number): number {
    this.flags[SITE] = site;
    if (load(this.flags, REQUESTS) !== 0) this.attend(site);
    const step = countOf(this.counters, site) - 1;
    this.series[site] ??= new Series();
    const series = this.series[site];
    if (step >= series.next) series.add(step, value);
    return min(series.next - step, MAX_STEPS_BETWEEN_CHECKS);
  }

  tick(site: number): number {
    this.flags[SITE] = site;
    if (load(this.flags, REQUESTS) !== 0) this.attend(site);
    return this.nextStep(site);
  }

  /** Checks of a short loop are spaced out; those of a long one come at every iteration. */
  private nextStep(site: number): number {
    const time = now();
    const elapsedMs = time - this.checkedAt;
    this.checkedAt = time;
    let step = this.steps[site];
    if (elapsedMs < STEADY_MS && step < MAX_STEPS_BETWEEN_CHECKS) step *= 2;
    else if (elapsedMs > 2 * STEADY_MS && step > 1) step /= 2;
    this.steps[site] = step;
    return step;
  }

  thrown(site: number, error: unknown): unknown {
    if (error !== STOP) this.thrownLast = { site, error };
    return error;
  }

  isStop(thrown: unknown): boolean {
    return thrown === STOP;
  }

  /** The site of the `throw` statement that threw `error`, or -1. */
  throwSiteOf(error: unknown): number {
    return this.thrownLast !== null && this.thrownLast.error === error ? this.thrownLast.site : -1;
  }

  /** Adds to the output; stops the program once it has printed more than it may. */
  write(text: string): void {
    const allowed = text.length <= this.outputLeft ? text : text.slice(0, this.outputLeft);
    this.output += allowed;
    this.outputLeft -= allowed.length;
    if (allowed.length < text.length) or(this.flags, REQUESTS, Request.stopOutput);
    if (this.output.length >= OUTPUT_PIECE_CHARS) this.flush();
    if (load(this.flags, REQUESTS) !== 0) this.attend(this.flags[SITE]);
  }

  storageWillChange(storage: Storage): void {
    storage.watched = false;
    this.gradients.storageWillChange(storage);
    const { storages, latest } = this;
    for (let site = 0; site < storages.length; site++) {
      if (storages[site] !== storage) continue;
      storages[site] = null;
      const value = latest[site];
      if (isTensor(value) && value.storage === storage) latest[site] = new Snapshot(value);
    }
  }

  gradientArrived(node: Node, grads: readonly (Tensor | null)[]): void {
    this.gradients.arrived(node, grads);
  }

  backwardStarted(): void {}

  /** Does what the runner asked for. Throws `STOP` if that is to stop, and from then on each time. */
  private attend(site: number): void {
    const requests = load(this.flags, REQUESTS);
    if (!this.attending) {
      // Formatting may run a program's code, whose probes come back here.
      this.attending = true;
      try {
        this.answer(requests);
      } catch {
        // Out of stack, or formatting failed: what was not sent now is sent with the next part.
      } finally {
        this.attending = false;
      }
    }
    const reason = stopReason(load(this.flags, REQUESTS));
    if (reason === null) return;
    this.stopped ??= { reason, site };
    this.makeEverySiteDue();
    throw STOP;
  }

  /** From now on each loop and number is looked at, whatever the program catches. Counts stay as they are. */
  private makeEverySiteDue(): void {
    const { left, due } = this.counters;
    for (let site = 0; site < this.siteCount; site++) {
      due[site] += 1 - left[site];
      left[site] = 1;
    }
  }

  private answer(requests: number): void {
    // Stop bits stay set: they end every later loop and probe of this program too.
    exchange(this.flags, REQUESTS, requests & STOP_BITS);
    if ((requests & Request.memory) !== 0 && this.host.isOverMemory()) {
      or(this.flags, REQUESTS, Request.stopMemory);
    }
    if ((requests & Request.inspect) !== 0) this.answerInspections();
    if ((requests & Request.flush) !== 0) this.flush();
  }

  private answerInspections(): void {
    for (let site = this.host.nextInspection(); site >= 0; site = this.host.nextInspection()) {
      this.host.answerInspection(this.inspect(site));
    }
  }

  private flush(): void {
    const part = this.takePart();
    if (part !== null) this.host.send(part);
  }

  /** What changed since the last part, as JSON (see `wire.ts`); null if nothing did. */
  takePart(): string | null {
    let seen = "";
    for (let site = 0; site < this.siteCount; site++) {
      const text = this.changeAt(site);
      if (text !== "") seen += seen === "" ? text : `,${text}`;
    }
    if (seen === "" && this.output === "") return null;
    const { output } = this;
    this.output = "";
    return writePart(seen, output, this.flags[SITE]);
  }

  private changeAt(site: number): string {
    const count = countOf(this.counters, site);
    if (count === 0) return "";
    const grad = this.gradOf(site);
    if (count === this.sentCounts[site] && grad === this.sentGrads[site]) return "";
    this.sentCounts[site] = count;
    this.sentGrads[site] = grad;
    return writeSeen(site, count, this.summarize(site, grad), this.seriesOf(site, count));
  }

  private summarize(site: number, grad: Tensor | null): ValueSummary {
    switch (this.counters.latest[site]) {
      case Latest.number:
        return summarizePlain(this.counters.last[site]);
      case Latest.boolean:
        return summarizePlain(this.counters.last[site] === 1);
      case Latest.other: {
        const tensor = this.tensorAt(site);
        return tensor === null ? summarizePlain(this.latest[site]) : summarizeTensor(tensor, grad);
      }
      default:
        return plain("");
    }
  }

  /** A series is reported for a site whose latest value is a scalar and that was reached more than once. */
  private seriesOf(site: number, count: number): number[] | null {
    const series = this.series[site];
    if (series === null || count < 2) return null;
    const isScalar = this.counters.latest[site] === Latest.number || this.tensorAt(site)?.shape.length === 0;
    return isScalar ? series.toArray() : null;
  }

  /** The latest value at a site as it was when the site was reached, if it is a tensor. */
  private tensorAt(site: number): Tensor | null {
    if (this.counters.latest[site] !== Latest.other) return null;
    const value = this.latest[site];
    if (Snapshot.is(value)) return value.frozen;
    return isTensor(value) ? value : null;
  }

  /** The gradient that the last backward pass left at a site's tensor. */
  private gradOf(site: number): Tensor | null {
    const tensor = this.tensorAt(site);
    if (tensor === null) return null;
    const value = this.latest[site];
    return this.gradients.of(Snapshot.is(value) ? value.tensor : tensor, tensor.grad_fn, tensor.outputNr);
  }

  /** An `Inspection` of the latest value at `site` as JSON; `null` if it was not reached. */
  inspect(site: number): string {
    const count = site < this.siteCount ? countOf(this.counters, site) : 0;
    if (count === 0) return "null";
    const tensor = this.tensorAt(site);
    if (tensor !== null) return inspectTensor(tensor, this.gradOf(site), count);
    const { last, latest } = this.counters;
    if (latest[site] === Latest.number) return inspectPlain(last[site], count);
    if (latest[site] === Latest.boolean) return inspectPlain(last[site] === 1, count);
    return inspectPlain(this.latest[site], count);
  }
}
