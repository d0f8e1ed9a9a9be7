/** Who wants to hear of the next write to a storage, in the bits of its `watched`. */
export const Watch = {
  /** A site's latest tensor looks into it. */
  site: 1,
  /** The last backward pass left a gradient there, or used what it holds. */
  gradients: 2,
  /** It is a leaf's. */
  leaf: 4,
  /** All of it was looked through and is finite. */
  finite: 8,
} as const;
