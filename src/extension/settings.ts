import type { LayoutOptions } from "../annotations/options";
import { MISTAKES, type MistakeCode } from "../diagnostics/codes";
import type { Strictness } from "../language/options";
import type { RunLimits } from "../runner/messages";
import type { RunOn } from "../session/session";

/** The settings of `gradlens.*`, in the units in which the extension works with them. */
export interface Settings {
  runOn: RunOn;
  startPaused: boolean;
  limits: RunLimits;
  strictness: Strictness;
  /** Whether there are lenses above training loops, `backward()` and custom functions. */
  codeLens: boolean;
  /** The training mistakes that are told of. */
  diagnostics: ReadonlySet<MistakeCode>;
  annotations: boolean;
  /** What labels are made of. */
  display: "decoration" | "inlayHint";
  /** The column that labels stand in; null if each stands at its line's end. */
  column: number | null;
  layout: LayoutOptions;
}

/** Reads the value of a setting by its key below `gradlens.`; defaults are those of package.json. */
export type ReadSetting = (key: string) => unknown;

export function readSettings(read: ReadSetting): Settings {
  const column = read("annotations.column") as number;
  return {
    runOn: RUN_ON[read("run") as keyof typeof RUN_ON],
    startPaused: read("startPaused") as boolean,
    limits: {
      timeMs: limit(read("timeLimit"), 1000),
      memoryMb: limit(read("memoryLimit")),
      outputChars: limit(read("outputLimit")),
      traceMb: Math.max(1, read("trace.memoryMb") as number),
    },
    strictness: read("check.strictness") as Strictness,
    codeLens: read("codeLens.enabled") as boolean,
    diagnostics: new Set(MISTAKES.filter((code) => read(`diagnostics.${code}`) as boolean)),
    annotations: read("annotations.enabled") as boolean,
    display: read("annotations.display") as Settings["display"],
    column: read("annotations.alignment") === "column" ? column : null,
    layout: {
      maxLength: read("annotations.maxLength") as number,
      shape: read("annotations.shape") as LayoutOptions["shape"],
      gradFn: read("annotations.gradFn") as boolean,
      gradient: read("annotations.gradient") as boolean,
      sparkline: read("annotations.sparkline") as boolean,
      count: read("annotations.count") as boolean,
      conditions: read("annotations.conditions") as boolean,
      printed: read("annotations.printed") as boolean,
      training: read("annotations.training") as boolean,
    },
  };
}

const RUN_ON = { onType: "type", onSave: "save", onCommand: "command" } as const;

/** 0 stands for unlimited. */
function limit(value: unknown, unit = 1): number | null {
  const number = value as number;
  return number > 0 ? number * unit : null;
}
