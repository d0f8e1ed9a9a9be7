import { roundName } from "../annotations/iteration";
import type { Line0 } from "../compiler/site";
import { duration, seedText } from "../extension/statusText";
import { loopTotal } from "../panel/model/progress";
import { iterationsOf } from "../session/moment";
import type { Status } from "../session/session";
import type { Trace } from "../trace/model";
import type { Places } from "./places";

export interface Lens {
  line: Line0;
  title: string;
  /** Empty for what is only to be read. */
  command: string;
  arguments: unknown[];
}

export interface LensSource {
  uri: string;
  places: Places;
  /** Where a line of the places' text is now; null once it is gone. */
  lineNow(line: Line0): Line0 | null;
  status: Status;
  trace: Trace | null;
  seed: number | null;
  /** What the last check of a place found, by the offset of the place; undefined before the first. */
  checked(offset: number): string | undefined;
}

/** At most two rows in a training: above its loop, and above `backward()`. */
export function lensesOf(source: LensSource): Lens[] {
  const { places, lineNow, uri, checked } = source;
  const program = programLenses(source);
  const passes = places.passes.map(({ line, offset }) => ({
    line,
    title: checked(offset) ?? "$(beaker) Check my gradient",
    command: "gradlens.checkGradient",
    arguments: [uri, offset],
  }));
  const functions = places.functions.map(({ line, name, offset }) => ({
    line,
    title: checked(offset) ?? `$(beaker) Check ${name}.backward`,
    command: "gradlens.checkGradient",
    arguments: [uri, offset],
  }));
  return [...program, ...passes, ...functions].flatMap((lens) => {
    const line = lineNow(lens.line);
    return line === null ? [] : [{ ...lens, line }];
  });
}

function programLenses({ places, status, trace, seed, uri }: LensSource): Lens[] {
  const lens = (title: string, command: string, ...args: unknown[]): Lens => ({
    line: places.program,
    title,
    command,
    arguments: args,
  });
  const isRunning = status.kind === "running" || status.kind === "frozen";
  const progress = progressText(places, status, trace);
  const pass = places.passes.find(({ offset }) => offset > (places.loop ?? 0));
  return [
    isRunning ? lens("$(debug-stop) Stop", "gradlens.stop") : lens("$(play) Run", "gradlens.run"),
    lens("$(refresh) Rerun with a new seed", "gradlens.rerunWithNewSeed"),
    ...(progress === null ? [] : [lens(progress + seedText(seed), "")]),
    ...(pass === undefined
      ? []
      : [
          lens("$(graph-line) Open in panel", "gradlens.openTrainingPanel"),
          lens("$(type-hierarchy-sub) Show graph", "gradlens.showLossGraph", uri, pass.offset),
        ]),
  ];
}

/** `epoch 37 of 200` while it runs, then `200 epochs · 0.4 s`; null before the first run. */
function progressText({ loop }: Places, status: Status, trace: Trace | null): string | null {
  const site = trace?.sites.findIndex(({ kind, start }) => kind === "loop" && start === loop) ?? -1;
  const elapsed = status.kind === "done" ? duration(status.elapsedMs) : null;
  if (trace === null || site < 0) return elapsed;
  const rounds = iterationsOf(trace, site);
  const unit = roundName(trace, site);
  const done = `${rounds} ${rounds === 1 ? unit : plural(unit)}`;
  if (elapsed !== null) return `${done} · ${elapsed}`;
  const isOver = status.kind === "failed" || status.kind === "stopped";
  const at = `${unit} ${rounds}${totalText(trace, site, rounds)}`;
  if (!isOver) return at;
  return isIn(trace, site) ? `${status.kind} in ${at}` : `${done}, then ${status.kind}`;
}

/** Whether the run ended within a loop, and not after it. */
function isIn({ outcome, sites }: Trace, loop: number): boolean {
  const { start, bodyEnd = start } = sites[loop]!;
  return !("error" in outcome) || outcome.error.start < bodyEnd;
}

function totalText({ source, sites, seen }: Trace, loop: number, rounds: number): string {
  const { start, end } = sites[loop]!;
  const total = loopTotal(source.slice(start, end), (name) => {
    const site = sites.findIndex((one) => one.kind === "binding" && one.name === name);
    const value = seen.get(site)?.value;
    const number = value?.kind === "plain" ? Number(value.text) : Number.NaN;
    return Number.isFinite(number) ? number : null;
  });
  return total === null || total < rounds ? "" : ` of ${total}`;
}

function plural(unit: string): string {
  return unit === "batch" ? "batches" : `${unit}s`;
}
