import { Script } from "node:vm";
import { compile } from "../../src/compiler/compile";
import type { Site } from "../../src/compiler/site";
import { FLAGS_BYTES } from "../../src/runner/flags";
import type { TracePart } from "../../src/runner/messages";
import { modules } from "../../src/runner/modules";
import { createRuntime } from "../../src/runtime/runtime";
import { readJson } from "../../src/trace/json";
import type { Seen } from "../../src/trace/model";
import type { Answer, Query } from "../../src/trace/queries";
import { TraceRecorder } from "../../src/trace/recorder";

const NEVER_STOPPED = {
  flags: new SharedArrayBuffer(FLAGS_BYTES),
  send: () => {},
  paused: () => {},
  isOverMemory: () => false,
  grantMemory: () => Number.POSITIVE_INFINITY,
  nextQuery: () => "",
  answerQuery: () => {},
};

/** A program run with probes, in this process, and what its recorder tells. */
export function traced(source: string, { traceBytes = 1 << 26 } = {}) {
  const text = `import torch from "torch"; import nn from "torch/nn"; import optim from "torch/optim";\n${source}`;
  const { code, sites, diagnostics } = compile(text, { fileName: "test.grad.ts", probes: true });
  if (code === null) throw new Error(diagnostics[0]!.message);
  const recorded = sites.map(({ kind, name, isInner }) => ({
    kind: kind === "loop" || kind === "binding" ? kind : ("other" as const),
    name,
    isInner,
  }));
  const recorder = new TraceRecorder(NEVER_STOPPED, recorded, { outputChars: 1e6, traceBytes });
  let error: unknown = null;
  try {
    const main = new Script(code).runInThisContext() as (runtime: unknown) => unknown;
    main(createRuntime(recorder, modules));
  } catch (thrown) {
    error = thrown;
  }
  const { seen } = readJson(recorder.takePart() ?? '{"seen":[]}') as TracePart;
  const textOf = ({ start, end }: Site) => text.slice(start, end);
  /** The id of the site of this text, or of the variable of this name. */
  const siteOf = (what: string): number => {
    const id = sites.findIndex((site) => site.name === what || textOf(site) === what);
    if (id < 0) throw new Error(`no site "${what}" among ${sites.map(textOf).join(" | ")}`);
    return id;
  };
  const loops = sites.flatMap(({ kind }, id) => (kind === "loop" ? [id] : []));
  const ask = <Q extends Query>(query: Q) => readJson(recorder.ask(JSON.stringify(query))) as Answer<Q>;
  return {
    error,
    sites,
    loops,
    recorder,
    siteOf,
    ask,
    seen: (what: string): Seen => new Map(seen).get(siteOf(what))!,
    inspect: (what: string) => ask({ kind: "inspect", site: siteOf(what) })!,
    /** The text of what a site had seen by the end of a loop's iteration; undefined if nothing. */
    thenSaw: (what: string, iteration: number, loop = 0) => {
      const { seen } = ask({ kind: "moment", at: { loop: loops[loop]!, iteration } })!;
      return new Map(seen).get(siteOf(what))?.value.text;
    },
  };
}
