import type { Node } from "../../engine/autograd/node";
import type { Module } from "../../engine/nn/module";
import { type Observer, setObserver } from "../../engine/observe";
import { setPlotSink } from "../../engine/plot/sink";
import type { Storage } from "../../engine/storage";
import type { Tensor } from "../../engine/tensor";
import type { GradientChecks } from "../gradientCheck/checks";
import { PAUSED, REQUESTS, Request, SITE, STOP_BITS, stopReason, stopRequest } from "../runner/flags";
import { MAX_PROBES } from "../runner/limits";
import { type Counters, countOf, createCounters, Latest, type Recorder } from "../runtime/recorder";
import { answer } from "./answers";
import { Aside } from "./aside";
import { Budget } from "./budget";
import { Calls } from "./calls";
import { Events } from "./events";
import { nextNames } from "./explain";
import { Gradients } from "./gradients";
import { History, type TensorMoment } from "./history";
import { inputsOf } from "./inputs";
import { isTensor } from "./kinds";
import { Leaves } from "./leaves";
import { SERIES_LENGTH, type Seen, type StopReason, type ValueSummary } from "./model";
import { Moments } from "./moments";
import { Names, type TensorName } from "./names";
import { NonFinites } from "./nonfinite";
import { type Observed, observed, type Pass } from "./passes";
import { Plots } from "./plots";
import { Series } from "./series";
import { Copies, Snapshot } from "./snapshot";
import { plain, summarizePlain, summarizeTensor } from "./summary";
import { Watch } from "./watch";
import { writePart, writeSeen } from "./wire";

/** What the thread around the realm does for the recorder. None of these throws or returns an object. */
export interface RecorderHost {
  /** The memory of `flags.ts`. */
  flags: ArrayBuffer | SharedArrayBuffer;
  /** Takes a part (see `wire.ts`). Blocks while too many are under way. */
  send(part: string): void;
  /** The program rests between two iterations, or goes on. */
  paused(on: boolean): void;
  /** Whether the program holds more memory than it may. */
  isOverMemory(): boolean;
  /** How many more bytes a program may take that is about to take `bytes`; negative if not even those. */
  grantMemory(bytes: number): number;
  /** The query that waits, as JSON; empty if none does. */
  nextQuery(): string;
  /** Takes the answer to it, as JSON (see `json.ts`). */
  answerQuery(json: string): void;
}

/** What a recorder is to know of the sites: those that loop, and those that give a variable its value. */
export interface RecordedSite {
  kind: "loop" | "binding" | "other";
  name?: string;
  isInner?: boolean;
}

export interface RecorderLimits {
  /** How much the program may print. */
  outputChars: number;
  /** Memory for what is kept of the iterations; 0 if the program runs without probes and nothing is watched. */
  traceBytes: number;
}

/** Thrown to end a program that was stopped. Thrown again by every later check, so no `catch` holds it. */
const STOP = Object.freeze({ name: "Stop" });

/** Loops and numbers are looked at no more rarely than every this many steps. */
const MAX_STEPS_BETWEEN_CHECKS = 1024;
/** Steps between checks grow while they take less than this, and shrink when they take more. */
const STEADY_MS = 2;
/** Output is sent in pieces of about this many characters. */
const OUTPUT_PIECE_CHARS = 16_384;
/** A number may come up in the hottest of loops; a 0-dim tensor has cost more than its place in a series. */
const MAX_NUMBERS = 4096;
const MAX_SCALARS = 1 << 20;
/** Of a larger tensor only what the site saw last is kept. */
const MAX_HISTORY_ELEMENTS = 4096;

/*
 * Taken before any program runs: a program may put its own functions in the place of these. They reach
 * memory that must stay out of its hands.
 */
const { load, or, exchange, wait } = Atomics;
const { now } = Date;
const NativeError = Error;
const { min } = Math;

/**
 * Sees every probe's value inside the program's realm, and tells the runner about it when asked: see
 * `flags.ts`. Nothing is formatted before that. Of each site the latest value is kept by reference, and copied
 * when its memory is about to be written; earlier visits' values are kept as copies, as far as memory goes.
 */
export class TraceRecorder implements Recorder, Observer {
  readonly counters: Counters;
  readonly sites: readonly RecordedSite[];
  readonly moments: Moments;
  readonly leaves: Leaves;
  readonly events: Events;
  readonly plots: Plots;
  readonly nonFinites = new NonFinites((step) => inputsOf(step, this));
  /** What the engine warned of, and where; once for each site. */
  readonly warnings: { site: number; message: string }[] = [];
  /** A warning of the call that is under way: its own probe sees a value next. */
  private warning: string | null = null;
  readonly calls = new Calls();
  /** Sites that saw a tensor on which `backward()` was called. */
  readonly rootSites: number[] = [];
  /** Number of backward passes. */
  passes = 0;
  /** What checks gradients; null until the program is over. */
  checks: GradientChecks | null = null;
  /** Why and where the program was stopped, by site and by what its stack shows; null if it was not. */
  stopped: { reason: StopReason; site: number; stack: string } | null = null;
  private readonly host: RecorderHost;
  private readonly flags: Int32Array;
  private readonly siteCount: number;
  /** As `bindingsOf` gives them. */
  private readonly bindings: readonly number[];
  private readonly budget: Budget;
  private readonly gradients: Gradients;
  private readonly aside: Aside;
  /** Latest value of each site, where it is not a number or boolean. */
  private readonly latest: unknown[];
  /** When that was seen: a count per loop, site by site. */
  private readonly latestMoments: Float64Array;
  /** Memory that the tensor in `latest` looks into. */
  private readonly storages: (Storage | null)[];
  /** What the tensor in `latest` was before the site changed it in place. */
  private readonly before: (Tensor | null)[];
  private readonly series: (Series | null)[];
  private readonly histories: (History | null)[];
  /** Count of each site, its gradient and the pass that left it, when it was last sent: one may add to the other. */
  private readonly sentCounts: Float64Array;
  private readonly sentGrads: (Tensor | null)[];
  private readonly sentPasses: (Pass | null)[];
  /** Step length of each loop's checks, and when the last one was. */
  private readonly steps: Int32Array;
  private checkedAt = 0;
  private changed: Snapshot | null = null;
  private output = "";
  private outputLeft: number;
  private attending = false;
  private thrownLast: { site: number; error: unknown } | null = null;

  constructor(host: RecorderHost, sites: readonly RecordedSite[], limits: RecorderLimits) {
    const siteCount = sites.length;
    this.host = host;
    this.flags = new Int32Array(host.flags);
    this.sites = sites;
    this.siteCount = siteCount;
    this.counters = createCounters(siteCount);
    this.moments = new Moments(loopsOf(sites), this.counters);
    this.budget = new Budget(limits.traceBytes);
    this.latest = new Array(siteCount).fill(undefined);
    this.gradients = new Gradients(this.budget, this.latest);
    this.bindings = bindingsOf(sites);
    this.leaves = new Leaves(this.moments, this.budget, (tensor) => this.bindingOf(tensor));
    this.events = new Events(this.leaves);
    this.aside = new Aside(this.counters, siteCount);
    this.plots = new Plots(this.moments, this.budget, (ask) => this.aside.run(ask, () => this.asideOver()));
    this.latestMoments = new Float64Array(siteCount * this.moments.loops.length);
    this.storages = new Array(siteCount).fill(null);
    this.before = new Array(siteCount).fill(null);
    this.series = new Array(siteCount).fill(null);
    this.histories = new Array(siteCount).fill(null);
    this.sentCounts = new Float64Array(siteCount);
    this.sentGrads = new Array(siteCount).fill(null);
    this.sentPasses = new Array(siteCount).fill(null);
    this.steps = new Int32Array(siteCount).fill(1);
    this.outputLeft = limits.outputChars;
    setObserver(limits.traceBytes > 0 ? this : null);
    setPlotSink(limits.traceBytes > 0 ? this.plots : null);
  }

  see(site: number, value: unknown): void {
    this.reach(site);
    if (this.aside.keeps(site)) {
      if (load(this.flags, REQUESTS) !== 0) this.attend(site);
      return;
    }
    this.keepEarlier(site);
    this.latest[site] = value;
    if (this.warning !== null) this.noteWarning(site, this.warning);
    this.moments.write(this.latestMoments, site * this.moments.loops.length);
    if (isTensor(value)) this.seeTensor(site, value);
    else if (value === undefined || value === null) this.events.statementOver(site);
    if (load(this.flags, REQUESTS) !== 0) this.attend(site);
  }

  warned(message: string): void {
    this.warning = message;
  }

  private noteWarning(site: number, message: string): void {
    this.warning = null;
    for (let i = 0; i < this.warnings.length; i++) if (this.warnings[i].site === site) return;
    this.warnings[this.warnings.length] = { site, message };
  }

  private seeTensor(site: number, tensor: Tensor): void {
    const { storage, grad_fn: node } = tensor;
    storage.watched |= Watch.site;
    this.storages[site] = storage;
    if (node !== null) {
      const step = observed(node);
      if (this.sites[site].kind === "binding") {
        // What a function returned was computed where the function first held it.
        if (step.site < 0) step.site = step.binding;
        step.binding = site;
      }
      // What is seen after it was given to a variable is that variable read, not the place that computed it.
      else if (step.site < 0 && step.binding < 0) step.site = site;
    }
    this.before[site] = this.takeChanged(tensor);
    const visit = countOf(this.counters, site) - 1;
    this.nonFinites.look(tensor, site, visit);
    if (tensor.shape.length !== 0) return;
    const series = this.seriesAt(site, MAX_SCALARS);
    if (visit >= series.next) series.add(visit, Number(storage.data[tensor.offset]));
  }

  /** What the tensor was if it has just been changed in place. */
  private takeChanged(tensor: Tensor): Tensor | null {
    const { changed } = this;
    if (changed === null || changed.tensor !== tensor) return null;
    this.changed = null;
    this.events.changedItself(tensor);
    return changed.frozen;
  }

  /** Puts what the site saw before into its history. */
  private keepEarlier(site: number): void {
    const visit = countOf(this.counters, site) - 2;
    if (visit < 0) return;
    const value = this.latest[site];
    const isText = typeof value === "string";
    const tensor = isText ? null : this.tensorAt(site);
    if (!isText && (tensor === null || tensor.numel() > MAX_HISTORY_ELEMENTS)) return;
    const history = this.historyAt(site);
    if (visit < history.next) return;
    const { latestMoments, moments } = this;
    const at = site * moments.loops.length;
    if (isText) {
      history.addText(visit, latestMoments, at, value);
      return;
    }
    const arrived = this.arrivedAt(site, tensor!);
    const step = arrived?.step.pass?.isKept ? arrived.step : null;
    history.addTensor(visit, latestMoments, at, tensor!, arrived?.grad ?? null, step);
  }

  private seriesAt(site: number, maxLength: number): Series {
    this.series[site] ??= new Series(this.moments, this.budget, maxLength);
    return this.series[site];
  }

  private historyAt(site: number): History {
    this.histories[site] ??= new History(this.moments, this.budget);
    return this.histories[site];
  }

  sample(site: number, value: number): number {
    this.reach(site);
    if (load(this.flags, REQUESTS) !== 0) this.attend(site);
    if (this.aside.keeps(site)) return MAX_STEPS_BETWEEN_CHECKS;
    const step = countOf(this.counters, site) - 1;
    const series = this.seriesAt(site, MAX_NUMBERS);
    if (step >= series.next) series.add(step, value);
    return min(series.next - step, MAX_STEPS_BETWEEN_CHECKS);
  }

  tick(site: number): number {
    this.reach(site);
    if (load(this.flags, REQUESTS) !== 0) this.attend(site);
    if (load(this.flags, PAUSED) !== 0 && !this.attending) this.rest(site);
    return this.nextStep(site);
  }

  /** Stays before an iteration until the user lets the program go on, and answers what is asked meanwhile. */
  private rest(site: number): void {
    or(this.flags, REQUESTS, Request.flush);
    this.attend(site);
    this.host.paused(true);
    try {
      while (load(this.flags, PAUSED) !== 0) {
        wait(this.flags, REQUESTS, 0);
        this.attend(site);
      }
    } finally {
      this.host.paused(false);
    }
  }

  private reach(site: number): void {
    this.flags[SITE] = site;
    if (site >= MAX_PROBES) this.end("probes");
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
    if (this.output.length >= OUTPUT_PIECE_CHARS) this.flush();
    if (allowed.length < text.length) this.end("output");
    if (load(this.flags, REQUESTS) !== 0) this.attend(this.flags[SITE]);
  }

  /** Stops the program where it is, for a reason found in the midst of a call. Throws. */
  end(reason: StopReason): void {
    this.stopped ??= { reason, site: this.flags[SITE], stack: new NativeError().stack ?? "" };
    or(this.flags, REQUESTS, stopRequest(reason));
    this.attend(this.flags[SITE]);
  }

  storageWillChange(storage: Storage): void {
    const { watched } = storage;
    storage.watched = watched & Watch.leaf;
    if ((watched & Watch.leaf) !== 0) {
      const leaf = this.leaves.willChange(storage);
      if (leaf !== null) this.events.leafWillChange(leaf);
    }
    if ((watched & ~Watch.leaf) === 0) return;
    const copies = new Copies();
    if ((watched & Watch.gradients) !== 0) this.gradients.storageWillChange(storage, copies);
    if ((watched & Watch.site) !== 0) this.keepAtSites(storage, copies);
  }

  private keepAtSites(storage: Storage, copies: Copies): void {
    const { storages, latest } = this;
    for (let site = 0; site < storages.length; site++) {
      if (storages[site] !== storage) continue;
      storages[site] = null;
      const value = latest[site];
      if (!isTensor(value) || value.storage !== storage) continue;
      const snapshot = new Snapshot(value, copies);
      latest[site] = snapshot;
      this.changed = snapshot;
    }
  }

  moduleCalled(module: Module, first: number, end: number): void {
    this.calls.add(module, first, end);
  }

  backwardStarted(roots: readonly Tensor[]): void {
    this.passes++;
    this.gradients.started(roots);
    this.events.passStarted(this.gradients.pass!);
    for (let i = 0; i < roots.length; i++) this.noteRoot(roots[i].grad_fn);
  }

  private noteRoot(node: Node | null): void {
    const step = node?.observed as Observed | null | undefined;
    const site = step == null ? -1 : step.binding >= 0 ? step.binding : step.site;
    if (site < 0) return;
    for (let i = 0; i < this.rootSites.length; i++) if (this.rootSites[i] === site) return;
    this.rootSites[this.rootSites.length] = site;
  }

  backwardEnded(roots: readonly Tensor[], memory: readonly ArrayBuffer[]): void {
    this.gradients.ended(roots, memory);
  }

  gradientSent(node: Node, index: number, computed: Tensor, sent: Tensor): void {
    this.gradients.sent(node, index, computed, sent);
  }

  gradientArrived(node: Node, grads: readonly (Tensor | null)[]): void {
    const leaf = this.gradients.arrived(node, grads);
    if (leaf === null || grads[0] == null) return;
    this.leaves.received(leaf, grads[0]);
    leaf.storage.watched |= Watch.leaf;
  }

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
    this.stopped ??= { reason, site, stack: "" };
    this.makeEverySiteDue();
    throw STOP;
  }

  /** The program goes on by itself after a plot asked something of it. */
  private asideOver(): void {
    this.changed = null;
    this.warning = null;
    if (this.stopped !== null) this.makeEverySiteDue();
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
    if ((requests & Request.query) !== 0) this.answerQueries();
    if ((requests & Request.flush) !== 0) this.flush();
  }

  private answerQueries(): void {
    for (let query = this.host.nextQuery(); query !== ""; query = this.host.nextQuery()) {
      this.host.answerQuery(this.ask(query));
    }
  }

  /** The answer to a `Query`, both as JSON. */
  ask(query: string): string {
    return answer(this, query);
  }

  private flush(): void {
    const part = this.takePart();
    if (part !== null) this.host.send(part);
  }

  /** What changed since the last part, as JSON (see `wire.ts`); null if nothing did. */
  takePart(): string | null {
    let seen = "";
    let names: Names | null = null;
    for (let site = 0; site < this.siteCount; site++) {
      const count = countOf(this.counters, site);
      if (count === 0) continue;
      const arrived = this.arrivedLastAt(site);
      const grad = arrived?.grad ?? null;
      const pass = arrived?.step.pass ?? null;
      const isSent = grad === this.sentGrads[site] && pass === this.sentPasses[site];
      if (isSent && count === this.sentCounts[site]) continue;
      this.sentCounts[site] = count;
      this.sentGrads[site] = grad;
      this.sentPasses[site] = pass;
      if (this.events.has(site)) names ??= this.names();
      const text = writeSeen(site, this.seenAt(site, count, names));
      seen += seen === "" ? text : `,${text}`;
    }
    if (seen === "" && this.output === "") return null;
    const { output } = this;
    this.output = "";
    return writePart(seen, output, this.flags[SITE]);
  }

  private seenAt(site: number, count: number, names: Names | null): Seen {
    return {
      count,
      value: this.summarize(site),
      series: this.sparkOf(site, count),
      before: this.before[site]?.formatValue(),
      event: names === null ? undefined : this.events.at(site, names),
    };
  }

  private summarize(site: number): ValueSummary {
    switch (this.counters.latest[site]) {
      case Latest.number:
        return summarizePlain(this.counters.last[site]);
      case Latest.boolean:
        return summarizePlain(this.counters.last[site] === 1);
      case Latest.other: {
        const moment = this.tensorMoment(site);
        return moment === null ? summarizePlain(this.latest[site]) : summarizeTensor(moment);
      }
      default:
        return plain("");
    }
  }

  /** A series is reported for a site whose latest value is a scalar and that was reached more than once. */
  private sparkOf(site: number, count: number): number[] | undefined {
    const series = this.series[site];
    if (series === null || count < 2) return undefined;
    const isScalar = this.counters.latest[site] === Latest.number || this.tensorAt(site)?.shape.length === 0;
    return isScalar ? series.toArray(SERIES_LENGTH) : undefined;
  }

  /** The latest value at a site, whatever it is. */
  plainAt(site: number): unknown {
    const { last, latest } = this.counters;
    if (latest[site] === Latest.number) return last[site];
    if (latest[site] === Latest.boolean) return last[site] === 1;
    return this.latest[site];
  }

  /** As `plainAt`, but a tensor changed since is the snapshot of it. */
  valueAt(site: number): unknown {
    return this.latest[site];
  }

  countAt(site: number): number {
    return site >= 0 && site < this.siteCount ? countOf(this.counters, site) : 0;
  }

  seriesOf(site: number): Series | null {
    return this.series[site];
  }

  historyOf(site: number): History | null {
    return this.histories[site];
  }

  /**
   * How many iterations the loop at `loop` (an index of `Moments.loops`) had begun when the latest value was
   * seen; null if that is a number or a boolean, of whose moments only some are known.
   */
  latestCount(site: number, loop: number): number | null {
    if (this.counters.latest[site] !== Latest.other) return null;
    return this.latestMoments[site * this.moments.loops.length + loop];
  }

  /** The latest value at a site as it was when the site was reached, if it is a tensor. */
  private tensorAt(site: number): Tensor | null {
    if (this.counters.latest[site] !== Latest.other) return null;
    const value = this.latest[site];
    if (Snapshot.is(value)) return value.frozen;
    return isTensor(value) ? value : null;
  }

  /** As `tensorAt`, with what is known of its history and gradient. */
  tensorMoment(site: number): TensorMoment | null {
    const tensor = this.tensorAt(site);
    if (tensor === null) return null;
    const { grad_fn: node, outputNr } = tensor;
    const arrived = this.arrivedAt(site, tensor);
    return {
      value: tensor,
      requiresGrad: tensor.requires_grad,
      isLeaf: node === null,
      isParameter: tensor.isParameter,
      gradFn: node === null ? null : node.typeName,
      nextFunctions: nextNames(node),
      grad: arrived === null ? null : arrived.grad,
      step: arrived === null ? null : arrived.step,
      outputNr,
    };
  }

  /** The gradient that the last backward pass left at a site's tensor. */
  private arrivedLastAt(site: number): ReturnType<Gradients["of"]> {
    const tensor = this.tensorAt(site);
    return tensor === null ? null : this.arrivedAt(site, tensor);
  }

  /** The gradient that the last backward pass left at the `tensor` that a site saw last, and the step it came from. */
  private arrivedAt(site: number, tensor: Tensor): ReturnType<Gradients["of"]> {
    const value = this.latest[site];
    return this.gradients.of(Snapshot.is(value) ? value.tensor : tensor, tensor.grad_fn, tensor.outputNr);
  }

  /** The variable that holds a tensor, by the site that gave it to it; -1 if there is none. */
  private bindingOf(tensor: Tensor): number {
    const { bindings, latest } = this;
    for (let i = 0; i < bindings.length; i++) {
      const value = latest[bindings[i]];
      if (value === tensor || (Snapshot.is(value) && value.tensor === tensor)) return bindings[i];
    }
    return -1;
  }

  /** A leaf that its variable no longer holds is still called after it. */
  private nameOnceHeld(tensor: Tensor): TensorName | null {
    const site = this.leaves.of(tensor)?.binding ?? -1;
    return site < 0 ? null : { name: this.sites[site].name!, site };
  }

  /** What the program calls its tensors now. */
  names(): Names {
    const names = new Names((tensor) => this.nameOnceHeld(tensor));
    for (let i = 0; i < this.bindings.length; i++) {
      const site = this.bindings[i];
      names.addValue(this.latest[site], this.sites[site].name!, site);
    }
    return names;
  }
}

/** The sites that give a variable its value. Those of functions, which hold what others have, come last. */
export function bindingsOf(sites: readonly RecordedSite[]): number[] {
  const bindings: number[] = [];
  for (let pass = 0; pass < 2; pass++) {
    for (let site = 0; site < sites.length; site++) {
      const { kind, name, isInner = false } = sites[site];
      if (kind === "binding" && name !== undefined && isInner === (pass === 1))
        bindings[bindings.length] = site;
    }
  }
  return bindings;
}

function loopsOf(sites: readonly RecordedSite[]): number[] {
  const loops: number[] = [];
  for (let site = 0; site < sites.length; site++) if (sites[site].kind === "loop") loops[loops.length] = site;
  return loops;
}
