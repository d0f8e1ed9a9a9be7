/** How the charts are shown: the user's choices, which outlast the page. */
export interface ViewState {
  /** `step`, `epoch` (the loop around the training), or the key of a loop. */
  axis: string;
  /** Weight of what came before in the smoothed curves; 0 shows them as they are. */
  smoothing: number;
  /** By chart. */
  scales: Record<string, Scale>;
  /** Charts that are shown as tables. */
  tables: string[];
  /** Keys of the scalars that are drawn; null for the first few. */
  scalars: string[] | null;
  /** Key of the tensor whose details are shown; null for all of them at once. */
  leaf: string | null;
  weights: LeafForm;
  gradients: LeafForm;
}

export type Scale = "linear" | "log" | "symlog";
export type LeafForm = "lines" | "statistics" | "histogram" | "heatmap";

export const SCALES: readonly Scale[] = ["linear", "log", "symlog"];
export const LEAF_FORMS: readonly LeafForm[] = ["lines", "statistics", "histogram", "heatmap"];

export const initialView: ViewState = {
  axis: "epoch",
  smoothing: 0,
  scales: { ratio: "log" },
  tables: [],
  scalars: null,
  leaf: null,
  weights: "lines",
  gradients: "lines",
};

/** What was kept of a view, which may be of another version: what does not fit is as at first. */
export function readView(value: unknown): ViewState {
  const kept = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const { axis, smoothing, scales, tables, scalars, leaf, weights, gradients } = kept;
  return {
    axis: typeof axis === "string" ? axis : initialView.axis,
    smoothing:
      typeof smoothing === "number" && smoothing >= 0 && smoothing < 1 ? smoothing : initialView.smoothing,
    scales: isRecordOf(scales, SCALES) ? scales : initialView.scales,
    tables: isStrings(tables) ? tables : [],
    scalars: isStrings(scalars) ? scalars : null,
    leaf: typeof leaf === "string" ? leaf : null,
    weights: LEAF_FORMS.find((form) => form === weights) ?? initialView.weights,
    gradients: LEAF_FORMS.find((form) => form === gradients) ?? initialView.gradients,
  };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isRecordOf<T>(value: unknown, allowed: readonly T[]): value is Record<string, T> {
  return (
    typeof value === "object" && value !== null && Object.values(value).every((v) => allowed.includes(v))
  );
}
