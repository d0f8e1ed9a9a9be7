import { parseCsv } from "../../engine/io/csv";
import { parseNpy } from "../../engine/io/npy";
import { load } from "../../engine/io/serialization";
import type { DataKind } from "../language/modules";
import type { Recorder } from "../runtime/recorder";
import type { ModuleNamespace } from "../runtime/runtime";

/** What a data file exports, from its bytes or its text. Throws if it is broken. */
export function dataModule(kind: DataKind, content: Uint8Array | string): ModuleNamespace {
  switch (kind) {
    case "json":
      return jsonModule(JSON.parse((content as string).replace(/^\uFEFF/, "")));
    case "csv":
      return { default: parseCsv(content as string) };
    case "npy":
      return { default: parseNpy(content as Uint8Array) };
    case "safetensors":
      return { default: load(content as Uint8Array) };
  }
}

/** An object's members can be imported by name too, as TypeScript has it. */
function jsonModule(value: unknown): ModuleNamespace {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return { ...(isObject ? value : {}), default: value };
}

/** A recorder for an imported program: its sites are numbered from `first` in `recorder`. */
export function recorderFrom(recorder: Recorder, first: number, siteCount: number): Recorder {
  const { last, latest, left, due } = recorder.counters;
  const end = first + siteCount;
  return {
    counters: {
      last: last.subarray(first, end),
      latest: latest.subarray(first, end),
      left: left.subarray(first, end),
      due: due.subarray(first, end),
    },
    see: (site, value) => recorder.see(first + site, value),
    sample: (site, value) => recorder.sample(first + site, value),
    tick: (site) => recorder.tick(first + site),
    thrown: (site, error) => recorder.thrown(first + site, error),
  };
}
