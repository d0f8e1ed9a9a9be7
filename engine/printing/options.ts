/** How tensors are printed. Source: torch.set_printoptions. */
export interface PrintOptions {
  /** Digits after the decimal point. */
  readonly precision: number;
  /** Tensors with more elements than this are summarised. */
  readonly threshold: number;
  /** Elements shown at each end of a summarised dimension. */
  readonly edgeitems: number;
  /** Characters per line before a row is wrapped. */
  readonly linewidth: number;
  /** Scientific notation always, never, or (null) where the range of the values asks for it. */
  readonly sci_mode: boolean | null;
}

export interface PrintOptionChanges extends Partial<PrintOptions> {
  readonly profile?: "default" | "short" | "full";
}

export const defaultPrintOptions: PrintOptions = {
  precision: 4,
  threshold: 1000,
  edgeitems: 3,
  linewidth: 80,
  sci_mode: null,
};

const profiles: Record<string, PrintOptions> = {
  default: defaultPrintOptions,
  short: { ...defaultPrintOptions, precision: 2, edgeitems: 2 },
  full: { ...defaultPrintOptions, threshold: Infinity },
};

/**
 * The options after `torch.set_printoptions(changes)`: a profile first, then what is named beside it.
 * What is not named stays, except `sci_mode`, which every call sets.
 */
export function changePrintOptions(current: PrintOptions, changes: PrintOptionChanges): PrintOptions {
  const unknown = Object.keys(changes).find((name) => name !== "profile" && !(name in current));
  if (unknown !== undefined)
    throw new TypeError(`set_printoptions() got an unexpected keyword argument '${unknown}'`);
  const base = profiles[changes.profile ?? ""] ?? current;
  return {
    precision: changes.precision ?? base.precision,
    threshold: changes.threshold ?? base.threshold,
    edgeitems: changes.edgeitems ?? base.edgeitems,
    linewidth: changes.linewidth ?? base.linewidth,
    sci_mode: changes.sci_mode ?? null,
  };
}
