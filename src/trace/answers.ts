import type { CheckAnswer, CheckTarget } from "../gradientCheck/model";
import { curves, pictureAt } from "./curves";
import type { Source } from "./explain";
import { type GraphThen, graphOf } from "./graph";
import type { TensorMoment } from "./history";
import { writeJson } from "./json";
import { leafAt, leaves } from "./leafCurves";
import type { Seen } from "./model";
import { eventsThen, withGradThen } from "./past";
import type { Inspection, MomentAnswer, Position, Query, SeenThen, TextFormat } from "./queries";
import type { TraceRecorder } from "./recorder";
import { copyText, inspectPlain, inspectTensor, summarizePlain, summarizeTensor } from "./summary";
import { trainingFacts } from "./training";

/** Taken before any program runs. */
const parse: (text: string) => unknown = JSON.parse;

/** The answer to a query, both as JSON. */
export function answer(recorder: TraceRecorder, json: string): string {
  const query = parse(json) as Query;
  switch (query.kind) {
    case "inspect":
      return writeJson(inspect(recorder, query.site, query.at));
    case "moment":
      return writeJson(moment(recorder, query.at));
    case "text":
      return writeJson(text(recorder, query.site, query.at, query.format));
    case "curves":
      return writeJson(curves(recorder, query.have, query.plots));
    case "picture":
      return writeJson(pictureAt(recorder, query.picture, query.at));
    case "leaves":
      return writeJson(leaves(recorder, query.have));
    case "leaf":
      return writeJson(leafAt(recorder, query.leaf, query.at));
    case "graph":
      return writeJson(graph(recorder, query.site, query.at));
    case "training":
      return writeJson(trainingFacts(recorder));
    case "check":
      return writeJson(check(recorder, query.target));
  }
}

export function sourceOf(recorder: TraceRecorder): Source {
  return {
    names: recorder.names(),
    nameOfSite: (site) => recorder.sites[site].name ?? null,
    asOfPass: (tensor) => recorder.leaves.asOfPass(tensor),
  };
}

function check({ checks }: TraceRecorder, target: CheckTarget | null): CheckAnswer {
  if (checks === null) return { kind: "impossible", reason: "running", message: "" };
  return target === null ? checks.goOn() : checks.begin(target);
}

function inspect(recorder: TraceRecorder, site: number, at: Position | undefined): Inspection | null {
  if (at === undefined) return inspectLatest(recorder, site);
  const then = valueThen(recorder, site, at);
  if (then === null) return null;
  const { value, count } = then;
  return isTensorMoment(value) ? inspectTensor(value, count, sourceOf(recorder)) : inspectPlain(value, count);
}

function inspectLatest(recorder: TraceRecorder, site: number): Inspection | null {
  const count = recorder.countAt(site);
  if (count === 0) return null;
  const tensor = recorder.tensorMoment(site);
  if (tensor !== null) return inspectTensor(tensor, count, sourceOf(recorder));
  return inspectPlain(recorder.plainAt(site), count);
}

function text(
  recorder: TraceRecorder,
  site: number,
  at: Position | undefined,
  format: TextFormat,
): string | null {
  const value =
    at === undefined ? recorder.tensorMoment(site) : (valueThen(recorder, site, at)?.value ?? null);
  return isTensorMoment(value) ? copyText(value.value, format) : null;
}

function moment(recorder: TraceRecorder, at: Position): MomentAnswer {
  const seen: [number, SeenThen][] = [];
  for (let site = 0; site < recorder.sites.length; site++) {
    const then = valueThen(recorder, site, at);
    if (then !== null) seen[seen.length] = [site, seenThen(then)];
  }
  return { seen, events: eventsThen(recorder, at) };
}

function seenThen({ value, count, iteration }: Then): SeenThen {
  const summary: Seen["value"] = isTensorMoment(value) ? summarizeTensor(value) : summarizePlain(value);
  return { count, value: summary, iteration };
}

/** What a site had seen by a moment. */
interface Then {
  value: TensorMoment | unknown;
  /** How often the site had been reached by then. */
  count: number;
  /** The iteration of the loop in which that was. */
  iteration: number;
}

function valueThen(recorder: TraceRecorder, site: number, at: Position): Then | null {
  const { loop, iteration } = at;
  const count = recorder.countAt(site);
  const index = recorder.moments.indexOf(loop);
  if (count === 0 || index < 0) return null;
  const latest = recorder.latestCount(site, index);
  if (latest !== null && latest <= iteration) {
    const tensor = recorder.tensorMoment(site);
    const value = tensor === null ? recorder.plainAt(site) : withGradThen(recorder, site, tensor, at);
    return { value, count, iteration: latest };
  }
  const history = recorder.historyOf(site);
  const i = history?.indexAt(index, iteration) ?? -1;
  if (i < 0) return latest === null ? numberThen(recorder, site, index, iteration) : null;
  const value = history!.valueAt(i);
  const isAlike = isTensorMoment(value) && value.gradFn !== null;
  if (isAlike) value.nextFunctions = nextFunctionsNow(recorder, site, value.gradFn!);
  return { value, count: history!.visitAt(i) + 1, iteration: history!.countAt(i, index) };
}

/** A line's step leads to the same kinds of steps each time; those of earlier visits are not kept. */
function nextFunctionsNow(recorder: TraceRecorder, site: number, gradFn: string): readonly (string | null)[] {
  const now = recorder.tensorMoment(site);
  return now?.gradFn === gradFn ? now.nextFunctions : [];
}

function numberThen(recorder: TraceRecorder, site: number, index: number, iteration: number): Then | null {
  const series = recorder.seriesOf(site);
  if (series === null) return null;
  const at = series.indexAt(index, iteration);
  if (at < 0) return null;
  const value = series.valueAt(at);
  const shown = typeof recorder.plainAt(site) === "boolean" ? value === 1 : value;
  return { value: shown, count: at * series.stride + 1, iteration: series.countAt(at, index) };
}

function isTensorMoment(value: unknown): value is TensorMoment {
  return typeof value === "object" && value !== null && "nextFunctions" in value;
}

function graph(recorder: TraceRecorder, site: number, at: Position | undefined) {
  const tensor = recorder.tensorMoment(site)?.value ?? null;
  const root = tensor?.grad_fn ?? tensor?.accumulator ?? null;
  if (root === null) return null;
  const resultOf = (other: number) => recorder.tensorMoment(other)?.value ?? null;
  const then = at === undefined ? null : graphThen(recorder, at);
  return graphOf(root, sourceOf(recorder), recorder.calls, resultOf, then);
}

/** The last pass's graph stands for that of an earlier one, of which only values and gradients are kept. */
function graphThen(recorder: TraceRecorder, at: Position): GraphThen {
  const index = recorder.moments.indexOf(at.loop);
  return {
    result: (site) => {
      const value = valueThen(recorder, site, at)?.value;
      return isTensorMoment(value) ? value : null;
    },
    leaf: (tensor) => {
      const history = recorder.leaves.of(tensor)?.history;
      const entry = history === undefined || index < 0 ? -1 : history.indexAt(index, at.iteration);
      return entry < 0 ? null : (history!.valueAt(entry) as TensorMoment);
    },
  };
}
