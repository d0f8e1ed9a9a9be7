/** What labels tell. */
export interface LayoutOptions {
  /** Width of a label in characters, "…" included. */
  maxLength: number;
  /** When a tensor's shape stands before its value. */
  shape: "large" | "always" | "never";
  gradFn: boolean;
  gradient: boolean;
  /** Whether a scalar's values over the iterations are drawn as a small curve. */
  sparkline: boolean;
  /** How often a line ran. */
  count: boolean;
  /** What conditions were. */
  conditions: boolean;
  /** What was printed. */
  printed: boolean;
  /** Which leaves a backward pass reached, and how far a step moved them. */
  training: boolean;
}
