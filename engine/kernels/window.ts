import { RuntimeError } from "../errors";

/** How a window slides along one dimension. */
export interface Window {
  size: number;
  kernel: number;
  stride: number;
  padding: number;
  dilation: number;
  outputs: number;
}

/** `list` for each of `n` dimensions: one number stands for all. Throws `message` for another count. */
export function perDimension(list: readonly number[], n: number, message: string): number[] {
  if (list.length === n) return [...list];
  if (list.length !== 1) throw new RuntimeError(message);
  return new Array<number>(n).fill(list[0]);
}

const COUNTS = ["zero", "one", "two", "three"];

/** The windows of a pooling, checked as PyTorch checks them. `sizes` are the spatial dimensions. */
export function poolingWindows(
  name: string,
  sizes: readonly number[],
  kernel_size: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  dilation: readonly number[],
  ceil_mode: boolean,
): Window[] {
  const n = sizes.length;
  const tuple = n === 1 ? "a single int" : `a tuple of ${COUNTS[n]} ints`;
  const kernel = perDimension(
    kernel_size,
    n,
    `${name}: kernel_size must either be a single int, or ${tuple}`,
  );
  const step =
    stride.length === 0
      ? kernel
      : perDimension(stride, n, `${name}: stride must either be omitted, a single int, or ${tuple}`);
  const pad = perDimension(padding, n, `${name}: padding must either be a single int, or ${tuple}`);
  const spread = perDimension(dilation, n, `${name}: dilation must be either a single int, or ${tuple}`);
  if (step.some((s) => s === 0)) throw new RuntimeError("stride should not be zero");
  for (const [what, letter, list] of [
    ["kernel size", "k", kernel],
    ["stride", "d", step],
    ["dilation", "dilation", spread],
  ] as const)
    if (list.some((value) => value <= 0)) {
      const names = ["T", "H", "W"].slice(-n);
      const shown = list.map((value, d) => `${letter}${names[d]}: ${value}`).join(" ");
      throw new RuntimeError(`${what} should be greater than zero, but got ${shown}`);
    }
  return sizes.map((size, d) => {
    if (pad[d] < 0) throw new RuntimeError(`pad must be non-negative, but got pad: ${pad[d]}`);
    if (pad[d] > Math.floor(((kernel[d] - 1) * spread[d] + 1) / 2))
      throw new RuntimeError(
        `pad should be at most half of effective kernel size, but got pad=${pad[d]}, kernel_size=${kernel[d]} and dilation=${spread[d]}`,
      );
    const window = {
      size,
      kernel: kernel[d],
      stride: step[d],
      padding: pad[d],
      dilation: spread[d],
      outputs: 0,
    };
    window.outputs = outputCount(window, ceil_mode);
    return window;
  });
}

function outputCount({ size, kernel, stride, padding, dilation }: Window, ceil_mode: boolean): number {
  const room = size + 2 * padding - dilation * (kernel - 1) - 1 + (ceil_mode ? stride - 1 : 0);
  const count = Math.floor(room / stride) + 1;
  // The last window must begin inside the input or its left padding.
  return ceil_mode && (count - 1) * stride >= size + padding ? count - 1 : count;
}
