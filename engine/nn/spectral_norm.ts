// What both forms of spectral normalisation take.
import { ValueError } from "../errors";
import { signature } from "../op/signature";
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./convolution";
import type { Module } from "./module";

export interface SpectralNormOptions {
  name?: string;
  /** Steps of the power method before each `forward` in training. */
  n_power_iterations?: number;
  eps?: number;
  /** The dimension of the outputs; 0, of transposed convolutions 1, unless given. */
  dim?: number | null;
}

export const spectralNormArguments = signature(
  "spectral_norm(module: any, name: str = 'weight', n_power_iterations: int = 1, eps: float = 0.000000000001, dim: int? = null)",
);

/** Which dimension of a module's weight is that of its outputs. */
export function defaultDim(module: Module): number {
  return [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].some((type) => module instanceof type) ? 1 : 0;
}

export function checkIterations(iterations: number): void {
  if (iterations <= 0)
    throw new ValueError(
      `Expected n_power_iterations to be positive, but got n_power_iterations=${iterations}`,
    );
}
