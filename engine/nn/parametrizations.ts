// Everything in `torch.nn.utils.parametrizations`.
import { IndexError, ValueError } from "../errors";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import { Tensor } from "../tensor";
import { Module } from "./module";
import { register_parametrization } from "./parametrize";
import { matrixOf, powerStep, spectralNormOf } from "./power_iteration";
import {
  checkIterations,
  defaultDim,
  type SpectralNormOptions,
  spectralNormArguments,
} from "./spectral_norm";

class WeightNorm extends Module {
  static override readonly name = "_WeightNorm";
  dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  override forward(weight_g: Tensor, weight_v: Tensor): Tensor {
    return torch._weight_norm(weight_v, weight_g, this.dim);
  }

  right_inverse(weight: Tensor): Tensor[] {
    return [torch.norm_except_dim(weight, 2, this.dim), weight];
  }
}

const weightNormArguments = signature("weight_norm(module: any, name: str = 'weight', dim: int? = 0)");

/**
 * Trains a magnitude, one per slice along `dim` (null: one of all), and a direction in place of a module's
 * parameter. Source: torch.nn.utils.parametrizations.weight_norm.
 */
export function weight_norm<M extends Module>(module: M, options?: { name?: string; dim?: number | null }): M;
export function weight_norm<M extends Module>(module: M, name: string, dim?: number | null): M;
export function weight_norm<M extends Module>(options: { module: M; name?: string; dim?: number | null }): M;
export function weight_norm(...args: unknown[]): Module {
  const [module, name, dim] = weightNormArguments(args);
  return register_parametrization(module as Module, name, new WeightNorm(dim ?? -1), { unsafe: true });
}

class SpectralNorm extends Module {
  static override readonly name = "_SpectralNorm";
  dim: number;
  eps: number;
  n_power_iterations: number;
  declare _u: Tensor;
  declare _v: Tensor;

  constructor(weight: Tensor, iterations: number, dim: number, eps: number) {
    super();
    const ndim = weight.shape.length;
    if (dim >= ndim || dim < -ndim)
      throw new IndexError(
        `Dimension out of range (expected to be in range of [-${ndim}, ${ndim - 1}] but got ${dim})`,
      );
    checkIterations(iterations);
    this.dim = dim < 0 ? dim + ndim : dim;
    this.eps = eps;
    this.n_power_iterations = iterations;
    if (ndim === 1) return;
    const matrix = matrixOf(weight.detach(), this.dim);
    const [u, v] = matrix.shape.map((size) => matrix.new_empty([size]).normal_(0, 1));
    this.register_buffer("_u", F.normalize(u, { dim: 0, eps }));
    this.register_buffer("_v", F.normalize(v, { dim: 0, eps }));
    this.iterate(matrix, 15);
  }

  private iterate(matrix: Tensor, times: number): void {
    for (let i = 0; i < times; i++) powerStep(matrix, this._v, this._u, this.eps, "u");
  }

  override forward(weight: Tensor): Tensor {
    if (weight.shape.length === 1) return F.normalize(weight, { dim: 0, eps: this.eps });
    const matrix = matrixOf(weight, this.dim);
    if (this.training) this.iterate(matrix, this.n_power_iterations);
    return weight.div(spectralNormOf(matrix, this._u.clone(), this._v.clone()));
  }

  right_inverse(value: Tensor): Tensor {
    return value;
  }
}

/**
 * Divides a module's parameter by its largest singular value, approximated by the power method, which in
 * training goes on whenever the parameter is read. Source: torch.nn.utils.parametrizations.spectral_norm.
 */
export function spectral_norm<M extends Module>(module: M, options?: SpectralNormOptions): M;
export function spectral_norm<M extends Module>(
  module: M,
  name: string,
  n_power_iterations?: number,
  eps?: number,
  dim?: number | null,
): M;
export function spectral_norm<M extends Module>(options: { module: M } & SpectralNormOptions): M;
export function spectral_norm(...args: unknown[]): Module {
  const [given, name, iterations, eps, dim] = spectralNormArguments(args);
  const module = given as Module;
  const weight = (module as unknown as Record<string, unknown>)[name];
  if (!(weight instanceof Tensor))
    throw new ValueError(`Module '${module}' has no parameter or buffer with name '${name}'`);
  return register_parametrization(
    module,
    name,
    new SpectralNorm(weight, iterations, dim ?? defaultDim(module), eps),
  );
}
