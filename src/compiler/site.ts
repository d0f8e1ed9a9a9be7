/** Zero-based line number, as VS Code counts them. */
export type Line0 = number;

/**
 * A place in the source whose value a probe records. A site's id is its index in
 * `CompiledProgram.sites`; compiled code passes that id to the runtime.
 */
export interface Site {
  kind: SiteKind;
  /** The binding or assignment target as written (`w`, `this.layer1`); absent for other expressions. */
  name?: string;
  /**
   * Source range of the expression the value belongs to: UTF-16 offsets, end exclusive. For a binding it
   * begins at the name or target; for one of several destructured names it is the name; for a loop, its head.
   */
  start: number;
  end: number;
  /** Whether it is in a function. */
  isInner?: boolean;
  /** Of a loop or parameter: where the body that it is for ends. */
  bodyEnd?: number;
  /** The line whose end carries the value's label: where the statement ends. */
  line: Line0;
}

/**
 * - `binding`: a declared or assigned variable, one site per name in a destructuring
 * - `statement`: the value of an expression statement
 * - `printed`: an argument of `print` or `console.log`
 * - `return`: what a `return` (or an arrow function's expression body) gave
 * - `condition`: what an `if`, `while` or `?:` tested
 * - `expression`: a part of one of the above; seen by hovering, never a label of its own
 * - `loop`: a loop statement; counts iterations and is where limits are checked
 * - `throw`: a `throw` statement
 * - `parameter`: what a function was called with; seen by hovering, never a label of its own
 */
export type SiteKind =
  | "binding"
  | "statement"
  | "printed"
  | "return"
  | "condition"
  | "expression"
  | "loop"
  | "throw"
  | "parameter";
