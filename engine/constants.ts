/** Positive infinity. Source: torch.inf. */
export const inf = Number.POSITIVE_INFINITY;
/** Not a number. Source: torch.nan. */
export const nan = Number.NaN;
/** The ratio of a circle's circumference to its diameter. Source: torch.pi. */
export const pi = Math.PI;
/** Euler's number. Source: torch.e. */
export const e = Math.E;
/** A new dimension in an index: `x[torch.newaxis]`. Source: torch.newaxis. */
export const newaxis = null;
/** The version of PyTorch whose behaviour this is. Source: torch.__version__. */
export const __version__ = "2.13.0+cpu";
