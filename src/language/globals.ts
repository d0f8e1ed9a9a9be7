/** What a program finds without importing it, beside JavaScript's own globals. No host is among them. */
export const globalTypes = `
/** Prints values as Python would, separated by spaces: \`None\`, \`True\`, lists, tensors. */
declare function print(...values: unknown[]): void;

declare const console: {
  /** Prints values as JavaScript would, tensors in PyTorch's form. */
  log(...values: unknown[]): void;
  /** Prints like \`console.log\`. */
  info(...values: unknown[]): void;
  /** Prints like \`console.log\`. */
  warn(...values: unknown[]): void;
  /** Prints like \`console.log\`. */
  error(...values: unknown[]): void;
};
`;
