import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";
import { tuple } from "./repr";

const flattenArguments = signature("Flatten(start_dim: int = 1, end_dim: int = -1)");

/** Joins dimensions start_dim to end_dim: (N, …) → (N, product) unless given. Source: torch.nn.Flatten. */
export class Flatten extends Module {
  start_dim: number;
  end_dim: number;

  constructor(options?: { start_dim?: number; end_dim?: number });
  constructor(start_dim?: number, end_dim?: number);
  constructor(...args: unknown[]) {
    super();
    [this.start_dim, this.end_dim] = flattenArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return input.flatten(this.start_dim, this.end_dim);
  }

  override extra_repr(): string {
    return `start_dim=${this.start_dim}, end_dim=${this.end_dim}`;
  }
}

const unflattenArguments = signature("Unflatten(dim: int, unflattened_size: int[])");

/** Splits one dimension into several. Source: torch.nn.Unflatten. */
export class Unflatten extends Module {
  dim: number;
  unflattened_size: number[];

  constructor(dim: number, unflattened_size: readonly number[]);
  constructor(options: { dim: number; unflattened_size: readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.dim, this.unflattened_size] = unflattenArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattened_size);
  }

  override extra_repr(): string {
    return `dim=${this.dim}, unflattened_size=${tuple(this.unflattened_size)}`;
  }
}
