import type { LayoutOptions } from "../annotations/layout";
import type { Strictness } from "../language/options";
import type { RunLimits } from "../runner/messages";
import type { RunOn } from "../session/session";

/** The settings of `gradlens.*`, in the units in which the extension works with them. */
export interface Settings {
  runOn: RunOn;
  startPaused: boolean;
  limits: RunLimits;
  strictness: Strictness;
  annotations: boolean;
  layout: LayoutOptions;
}

/** Reads the value of a setting by its key below `gradlens.`; defaults are those of package.json. */
export type ReadSetting = (key: string) => unknown;

export function readSettings(read: ReadSetting): Settings {
  return {
    runOn: RUN_ON[read("run") as keyof typeof RUN_ON],
    startPaused: read("startPaused") as boolean,
    limits: {
      timeMs: limit(read("timeLimit"), 1000),
      memoryMb: limit(read("memoryLimit")),
      outputChars: limit(read("outputLimit")),
    },
    strictness: read("check.strictness") as Strictness,
    annotations: read("annotations.enabled") as boolean,
    layout: {
      maxLength: read("annotations.maxLength") as number,
      gradFn: read("annotations.gradFn") as boolean,
      gradient: read("annotations.gradient") as boolean,
      sparkline: read("annotations.sparkline") as boolean,
    },
  };
}

const RUN_ON = { onType: "type", onSave: "save", onCommand: "command" } as const;

/** 0 stands for unlimited. */
function limit(value: unknown, unit = 1): number | null {
  const number = value as number;
  return number > 0 ? number * unit : null;
}
