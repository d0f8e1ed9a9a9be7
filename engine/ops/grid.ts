import { NotImplementedError, RuntimeError, ValueError } from "../errors";
import { type GridSampling, sampleGrid, sampleGridGrads } from "../kernels/grid";
import { op, torch } from "../op/define";
import { noDerivative } from "../op/no_derivative";
import { numel, type Shape, showShape } from "../shape";
import { emptyTensor, type Tensor } from "../tensor";

/**
 * Input values at the places that `grid` names, −1 to 1 across each dimension: (N, C, H, W) and (N, H′, W′, 2) of
 * (x, y), or three dimensions, → (N, C, H′, W′). mode: "bilinear", "nearest" or "bicubic"; padding_mode: "zeros",
 * "border" or "reflection". Source: torch.nn.functional.grid_sample.
 */
op(
  "nn.functional.grid_sample(input, grid: Tensor, mode: str = 'bilinear', padding_mode: str = 'zeros', align_corners: bool? = null)",
  (input, grid, mode, padding_mode, align_corners) => {
    if (!["bilinear", "nearest", "bicubic"].includes(mode))
      throw new ValueError(
        `nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${mode}'`,
      );
    if (!["zeros", "border", "reflection"].includes(padding_mode))
      throw new ValueError(
        `nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: '${padding_mode}'`,
      );
    checkGrid(input, grid, mode);
    const sample = input.shape.length === 4 ? torch._grid_sampler_2d : torch._grid_sampler_3d;
    return sample(input, grid, mode, padding_mode, align_corners ?? false);
  },
);

function checkGrid(input: Tensor, grid: Tensor, mode: string): void {
  const sizes = `input with sizes ${showShape(input.shape)} and grid with sizes ${showShape(grid.shape)}`;
  const n = input.shape.length - 2;
  if (input.dtype !== grid.dtype)
    throw new RuntimeError(
      `expected scalar type ${input.dtype.scalarTypeName} but found ${grid.dtype.scalarTypeName}`,
    );
  if (input.shape[0] !== grid.shape[0])
    throw new RuntimeError(
      `grid_sampler(): expected grid and input to have same batch size, but got ${sizes}`,
    );
  if ((n !== 2 && n !== 3) || grid.shape.length !== input.shape.length)
    throw new RuntimeError(
      `grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got ${sizes}`,
    );
  if (grid.shape.at(-1) !== n)
    throw new RuntimeError(
      `grid_sampler(): expected grid to have size ${n} in last dimension, but got grid with sizes ${showShape(grid.shape)}`,
    );
  const empty = input.shape.findIndex((size, d) => d >= 2 && size === 0);
  if (empty >= 0)
    throw new RuntimeError(
      `grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes ${showShape(input.shape)} with dimension ${empty} being empty`,
    );
  if (mode === "bicubic" && n === 3)
    throw new RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input");
}

/** As `nn.functional.grid_sample`, two dimensions. @internal */
op("_grid_sampler_2d(input, grid: Tensor, mode: str, padding_mode: str, align_corners: bool)", {
  grad_fn: "GridSampler2DBackward0",
  forward: (input, grid, ...settings) => sampleGrid(input, grid, sampling(settings)),
  backward: {
    input: [
      ["input", "grid", "mode", "padding_mode", "align_corners"],
      (grad, ...saved) => torch._grid_sampler_backward(grad, ...saved)[0],
      "grad · weight, added to the places sampled",
    ],
    grid: [
      ["input", "grid", "mode", "padding_mode", "align_corners"],
      (grad, ...saved) => torch._grid_sampler_backward(grad, ...saved)[1],
      "Σ grad · the slope of the input at the place",
    ],
  },
});

/** As `nn.functional.grid_sample`, three dimensions. @internal */
op("_grid_sampler_3d(input, grid: Tensor, mode: str, padding_mode: str, align_corners: bool)", {
  grad_fn: "GridSampler3DBackward0",
  forward: (input, grid, ...settings) => sampleGrid(input, grid, sampling(settings)),
  backward: {
    input: [
      ["input", "grid", "mode", "padding_mode", "align_corners"],
      (grad, ...saved) => torch._grid_sampler_backward(grad, ...saved)[0],
      "grad · weight, added to the places sampled",
    ],
    grid: [
      ["input", "grid", "mode", "padding_mode", "align_corners"],
      (grad, ...saved) => torch._grid_sampler_backward(grad, ...saved)[1],
      "Σ grad · the slope of the input at the place",
    ],
  },
});

/** The gradients of grid sampling, of which PyTorch has no derivative. @internal */
op(
  "_grid_sampler_backward(input, image: Tensor, grid: Tensor, mode: str, padding_mode: str, align_corners: bool) -> (image_grad, grid_grad)",
  {
    grad_fn: "NotImplemented",
    forward: (input, image, grid, ...settings) => sampleGridGrads(input, image, grid, sampling(settings)),
    backward: {
      input: [[], () => noDerivative("grid_sampler_2d_backward"), "not implemented in PyTorch"],
      image: [[], () => noDerivative("grid_sampler_2d_backward"), "not implemented in PyTorch"],
      grid: [[], () => noDerivative("grid_sampler_2d_backward"), "not implemented in PyTorch"],
    },
  },
);

function sampling([mode, padding_mode, align_corners]: [string, string, boolean]): GridSampling {
  return { mode, padding_mode, align_corners };
}

/**
 * The grid that `grid_sample` needs for an affine map: theta (N, 2, 3) and size (N, C, H, W) → (N, H, W, 2), or
 * (N, 3, 4) and (N, C, D, H, W) → (N, D, H, W, 3). Source: torch.nn.functional.affine_grid.
 */
op(
  "nn.functional.affine_grid(theta: Tensor, size: int[], align_corners: bool? = null)",
  (theta, size, align_corners) => {
    const shown = `(${size.join(", ")})`;
    if (theta.dtype.category !== "float")
      throw new ValueError(`Expected theta to have floating point type, but got ${theta.dtype}`);
    if (size.length !== 4 && size.length !== 5)
      throw new NotImplementedError(
        `affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size ${shown}.`,
      );
    const n = size.length - 2;
    if (theta.shape.length !== 3 || theta.shape[1] !== n || theta.shape[2] !== n + 1)
      throw new ValueError(
        `Expected a batch of ${n}D affine matrices of shape Nx${n}x${n + 1} for size ${shown}. Got torch.Size(${showShape(theta.shape)}).`,
      );
    if (size.some((s) => s <= 0))
      throw new ValueError(`Expected non-zero, positive output size. Got ${shown}`);
    return torch.affine_grid_generator(theta, size, align_corners ?? false);
  },
);

/** As `nn.functional.affine_grid`. Source: torch.affine_grid_generator. */
op("affine_grid_generator(theta: Tensor, size: int[], align_corners: bool)", {
  grad_fn: "AffineGridGeneratorBackward0",
  forward: (theta, size, align_corners) => {
    const spatial = size.slice(2);
    if (spatial.length !== 2 && spatial.length !== 3)
      throw new RuntimeError("AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs.");
    const shape = [size[0], ...spatial, spatial.length + 1];
    const negative = shape.find((s) => s < 0);
    if (negative !== undefined)
      throw new RuntimeError(
        `Trying to create tensor with negative dimension ${negative}: ${showShape(shape)}`,
      );
    const base = baseGrid(theta, spatial, align_corners);
    return base.bmm(theta.transpose(1, 2)).reshape([size[0], ...spatial, spatial.length]);
  },
  backward: {
    theta: [
      ["theta.shape", "size", "align_corners"],
      (grad, shape, size, align_corners) => {
        const spatial = size.slice(2);
        const base = baseGrid(grad, spatial, align_corners);
        return grad
          .reshape([shape[0], numel(spatial), spatial.length])
          .transpose(1, 2)
          .bmm(base);
      },
      "gradᵀ @ the places (x, y, 1)",
    ],
  },
});

/** (N, places, dims + 1): the coordinates of every place, x first, and a 1. */
function baseGrid(like: Tensor, spatial: Shape, align_corners: boolean): Tensor {
  const n = spatial.length;
  const batch = like.shape[0];
  const places = numel(spatial);
  const one = emptyTensor([1, places, n + 1], like.dtype);
  const { data } = one.storage;
  for (let p = 0; p < places; p++) {
    let rest = p;
    for (let d = n - 1; d >= 0; d--) {
      const size = spatial[d];
      const at = rest % size;
      rest = Math.floor(rest / size);
      const across = size <= 1 ? 0 : (2 * at) / (size - 1) - 1;
      data[p * (n + 1) + n - 1 - d] = align_corners ? across : (across * (size - 1)) / size;
    }
    data[p * (n + 1) + n] = 1;
  }
  return one.expand([batch, places, n + 1]);
}
