import { NotImplementedError, RuntimeError, ValueError } from "../errors";
import { type Interpolation, resamplingTaps } from "../kernels/interpolation";
import { gatherTaps, type Taps } from "../kernels/taps";
import { F, op, torch } from "../op/define";
import { type Shape, showShape } from "../shape";
import type { Tensor } from "../tensor";
import { tapsGradient } from "./pooling";

/**
 * Resamples (N, C, spatial) to `size`, or by `scale_factor`. `mode`: "nearest", "nearest-exact", "area" for any
 * number of dimensions, "linear" for one, "bilinear" and "bicubic" for two, "trilinear" for three.
 * Source: torch.nn.functional.interpolate.
 */
op(
  "nn.functional.interpolate(input, size: int[]? = null, scale_factor: float[]? = null, mode: str = 'nearest', align_corners: bool? = null, recompute_scale_factor: bool? = null, antialias = false)",
  (input, size, scale_factor, mode, align_corners, recompute_scale_factor, antialias) => {
    if (["nearest", "area", "nearest-exact"].includes(mode) && align_corners !== null)
      throw new ValueError(
        "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear",
      );
    const spatial = input.shape.slice(2);
    const given = outputSizes(spatial, size, scale_factor);
    if (recompute_scale_factor && size !== null)
      throw new ValueError("recompute_scale_factor is not meaningful with an explicit size.");
    if (antialias && !((mode === "bilinear" || mode === "bicubic") && input.shape.length === 4))
      throw new ValueError(
        "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input",
      );
    const factors = recompute_scale_factor ? [] : given.factors;
    const aligned = align_corners ?? false;
    switch (`${mode} ${input.shape.length}D`) {
      case "nearest 3D":
        return torch._upsample_nearest1d(input, given.sizes, factors);
      case "nearest 4D":
        return torch._upsample_nearest2d(input, given.sizes, factors);
      case "nearest 5D":
        return torch._upsample_nearest3d(input, given.sizes, factors);
      case "nearest-exact 3D":
        return torch._upsample_nearest_exact1d(input, given.sizes, factors);
      case "nearest-exact 4D":
        return torch._upsample_nearest_exact2d(input, given.sizes, factors);
      case "nearest-exact 5D":
        return torch._upsample_nearest_exact3d(input, given.sizes, factors);
      case "area 3D":
        return F.adaptive_avg_pool1d(input, given.sizes);
      case "area 4D":
        return F.adaptive_avg_pool2d(input, given.sizes);
      case "area 5D":
        return F.adaptive_avg_pool3d(input, given.sizes);
      case "linear 3D":
        return torch._upsample_linear1d(input, given.sizes, aligned, factors);
      case "bilinear 4D":
        return antialias
          ? torch._upsample_bilinear2d_aa(input, given.sizes, aligned, factors)
          : torch._upsample_bilinear2d(input, given.sizes, aligned, factors);
      case "trilinear 5D":
        return torch._upsample_trilinear3d(input, given.sizes, aligned, factors);
      case "bicubic 4D":
        return antialias
          ? torch._upsample_bicubic2d_aa(input, given.sizes, aligned, factors)
          : torch._upsample_bicubic2d(input, given.sizes, aligned, factors);
      default:
        throw unsupported(mode, input.shape.length);
    }
  },
);

function unsupported(mode: string, ndim: number): NotImplementedError {
  const needed = { linear: 3, bilinear: 4, trilinear: 5 }[mode];
  return new NotImplementedError(
    needed !== undefined && ndim >= 3 && ndim <= 5
      ? `Got ${ndim}D input, but ${mode} mode needs ${needed}D input`
      : `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${ndim}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${mode})`,
  );
}

/** The output's sizes, and the factors where those were given. */
function outputSizes(
  spatial: Shape,
  size: Shape | null,
  scale_factor: readonly number[] | null,
): { sizes: number[]; factors: number[] } {
  if (size === null && scale_factor === null)
    throw new ValueError("either size or scale_factor should be defined");
  if (size !== null && scale_factor !== null)
    throw new ValueError("only one of size or scale_factor should be defined");
  const each = (list: readonly number[], what: string, form: string, letter: string) => {
    if (list.length === spatial.length) return [...list];
    if (list.length !== 1)
      throw new ValueError(
        `Input and ${what} must have the same number of spatial dimensions, but got input with spatial dimensions of ${showShape(spatial)} and ${form} (${list.join(", ")}). Please provide input tensor in (N, C, d1, d2, ...,dK) format and ${form.split(" ")[0] === "scale_factor" ? "scale_factor" : "output size"} in (${letter}1, ${letter}2, ...,${letter}K) format.`,
      );
    return spatial.map(() => list[0]);
  };
  if (size !== null) return { sizes: each(size, "output", "output size of", "o"), factors: [] };
  const factors = each(scale_factor!, "scale_factor", "scale_factor of shape", "s");
  const sizes = spatial.map((s, d) => Math.trunc(s * factors[d]));
  if (sizes.some((s) => Math.abs(s) >= 2 ** 63))
    throw new RuntimeError("value cannot be converted to type int64_t without overflow");
  return { sizes, factors };
}

interface Options {
  align_corners?: boolean;
  antialias?: boolean;
}

function taps(
  spatial: Shape,
  sizes: Shape,
  factors: readonly number[],
  mode: Interpolation,
  options: Options,
): Taps[] {
  const { align_corners = false, antialias = false } = options;
  return sizes.map((outputs, d) =>
    resamplingTaps(mode, {
      size: spatial[d],
      outputs,
      factor: factors[d] ?? null,
      align_corners,
      antialias,
    }),
  );
}

function resample(
  input: Tensor,
  sizes: Shape,
  factors: readonly number[],
  mode: Interpolation,
  options: Options = {},
): Tensor {
  const spatial = input.shape.slice(2);
  if ([...spatial, ...sizes].some((size) => size <= 0)) {
    const names = ["D", "H", "W"].slice(-spatial.length);
    const show = (list: Shape) => `(${names.map((name, d) => `${name}: ${list[d]}`).join(", ")})`;
    throw new RuntimeError(
      `Input and output sizes should be greater than 0, but got input ${show(spatial)} output ${show(sizes)}`,
    );
  }
  if (input.dtype.category !== "float" && input.dtype.name !== "uint8")
    throw new NotImplementedError(`"upsample_${mode}" not implemented for '${input.dtype.scalarTypeName}'`);
  return gatherTaps(input, taps(spatial, sizes, factors, mode, options));
}

function resampleGrad(
  grad: Tensor,
  shape: Shape,
  sizes: Shape,
  factors: readonly number[],
  mode: Interpolation,
  options: Options = {},
): Tensor {
  return tapsGradient(grad, shape, taps(shape.slice(2), sizes, factors, mode, options));
}

/** The nearest element. @internal */
op("_upsample_nearest1d(input, size: int[], factors: float[])", {
  grad_fn: "UpsampleNearest1DBackward0",
  forward: (input, size, factors) => resample(input, size, factors, "nearest"),
  backward: {
    input: [
      ["input.shape", "size", "factors"],
      (grad, shape, size, factors) => resampleGrad(grad, shape, size, factors, "nearest"),
      "grad added to the element each was copied from",
    ],
  },
});

/** The nearest element. @internal */
op("_upsample_nearest2d(input, size: int[], factors: float[])", {
  grad_fn: "UpsampleNearest2DBackward0",
  forward: (input, size, factors) => resample(input, size, factors, "nearest"),
  backward: {
    input: [
      ["input.shape", "size", "factors"],
      (grad, shape, size, factors) => resampleGrad(grad, shape, size, factors, "nearest"),
      "grad added to the element each was copied from",
    ],
  },
});

/** The nearest element. @internal */
op("_upsample_nearest3d(input, size: int[], factors: float[])", {
  grad_fn: "UpsampleNearest3DBackward0",
  forward: (input, size, factors) => resample(input, size, factors, "nearest"),
  backward: {
    input: [
      ["input.shape", "size", "factors"],
      (grad, shape, size, factors) => resampleGrad(grad, shape, size, factors, "nearest"),
      "grad added to the element each was copied from",
    ],
  },
});

/** The nearest element, by its centre. @internal */
op("_upsample_nearest_exact1d(input, size: int[], factors: float[])", {
  grad_fn: "UpsampleNearestExact1DBackward0",
  forward: (input, size, factors) => resample(input, size, factors, "nearest-exact"),
  backward: {
    input: [
      ["input.shape", "size", "factors"],
      (grad, shape, size, factors) => resampleGrad(grad, shape, size, factors, "nearest-exact"),
      "grad added to the element each was copied from",
    ],
  },
});

/** The nearest element, by its centre. @internal */
op("_upsample_nearest_exact2d(input, size: int[], factors: float[])", {
  grad_fn: "UpsampleNearestExact2DBackward0",
  forward: (input, size, factors) => resample(input, size, factors, "nearest-exact"),
  backward: {
    input: [
      ["input.shape", "size", "factors"],
      (grad, shape, size, factors) => resampleGrad(grad, shape, size, factors, "nearest-exact"),
      "grad added to the element each was copied from",
    ],
  },
});

/** The nearest element, by its centre. @internal */
op("_upsample_nearest_exact3d(input, size: int[], factors: float[])", {
  grad_fn: "UpsampleNearestExact3DBackward0",
  forward: (input, size, factors) => resample(input, size, factors, "nearest-exact"),
  backward: {
    input: [
      ["input.shape", "size", "factors"],
      (grad, shape, size, factors) => resampleGrad(grad, shape, size, factors, "nearest-exact"),
      "grad added to the element each was copied from",
    ],
  },
});

/** On the line between the two neighbours. @internal */
op("_upsample_linear1d(input, size: int[], align_corners: bool, factors: float[])", {
  grad_fn: "UpsampleLinear1DBackward0",
  forward: (input, size, align_corners, factors) =>
    resample(input, size, factors, "linear", { align_corners }),
  backward: {
    input: [
      ["input.shape", "size", "align_corners", "factors"],
      (grad, shape, size, align_corners, factors) =>
        resampleGrad(grad, shape, size, factors, "linear", { align_corners }),
      "grad · weight, added to the neighbours",
    ],
  },
});

/** Linear in both dimensions. @internal */
op("_upsample_bilinear2d(input, size: int[], align_corners: bool, factors: float[])", {
  grad_fn: "UpsampleBilinear2DBackward0",
  forward: (input, size, align_corners, factors) =>
    resample(input, size, factors, "linear", { align_corners }),
  backward: {
    input: [
      ["input.shape", "size", "align_corners", "factors"],
      (grad, shape, size, align_corners, factors) =>
        resampleGrad(grad, shape, size, factors, "linear", { align_corners }),
      "grad · weight, added to the neighbours",
    ],
  },
});

/** Linear in all three dimensions. @internal */
op("_upsample_trilinear3d(input, size: int[], align_corners: bool, factors: float[])", {
  grad_fn: "UpsampleTrilinear3DBackward0",
  forward: (input, size, align_corners, factors) =>
    resample(input, size, factors, "linear", { align_corners }),
  backward: {
    input: [
      ["input.shape", "size", "align_corners", "factors"],
      (grad, shape, size, align_corners, factors) =>
        resampleGrad(grad, shape, size, factors, "linear", { align_corners }),
      "grad · weight, added to the neighbours",
    ],
  },
});

/** Cubic in both dimensions. @internal */
op("_upsample_bicubic2d(input, size: int[], align_corners: bool, factors: float[])", {
  grad_fn: "UpsampleBicubic2DBackward0",
  forward: (input, size, align_corners, factors) =>
    resample(input, size, factors, "cubic", { align_corners }),
  backward: {
    input: [
      ["input.shape", "size", "align_corners", "factors"],
      (grad, shape, size, align_corners, factors) =>
        resampleGrad(grad, shape, size, factors, "cubic", { align_corners }),
      "grad · weight, added to the neighbours",
    ],
  },
});

/** Linear in both dimensions, every input counted where it shrinks. @internal */
op("_upsample_bilinear2d_aa(input, size: int[], align_corners: bool, factors: float[])", {
  grad_fn: "UpsampleBilinear2DAaBackward0",
  forward: (input, size, align_corners, factors) =>
    resample(input, size, factors, "linear", { align_corners, antialias: true }),
  backward: {
    input: [
      ["input.shape", "size", "align_corners", "factors"],
      (grad, shape, size, align_corners, factors) =>
        resampleGrad(grad, shape, size, factors, "linear", { align_corners, antialias: true }),
      "grad · weight, added to the neighbours",
    ],
  },
});

/** Cubic in both dimensions, every input counted where it shrinks. @internal */
op("_upsample_bicubic2d_aa(input, size: int[], align_corners: bool, factors: float[])", {
  grad_fn: "UpsampleBicubic2DAaBackward0",
  forward: (input, size, align_corners, factors) =>
    resample(input, size, factors, "cubic", { align_corners, antialias: true }),
  backward: {
    input: [
      ["input.shape", "size", "align_corners", "factors"],
      (grad, shape, size, align_corners, factors) =>
        resampleGrad(grad, shape, size, factors, "cubic", { align_corners, antialias: true }),
      "grad · weight, added to the neighbours",
    ],
  },
});

/** As `interpolate`; kept by PyTorch for older code. Source: torch.nn.functional.upsample. */
op(
  "nn.functional.upsample(input, size: int[]? = null, scale_factor: float[]? = null, mode: str = 'nearest', align_corners: bool? = null)",
  (input, size, scale_factor, mode, align_corners) =>
    F.interpolate(input, size, scale_factor, mode, align_corners),
);

/** Nearest-neighbour `interpolate`; kept by PyTorch for older code. Source: torch.nn.functional.upsample_nearest. */
op(
  "nn.functional.upsample_nearest(input, size: int[]? = null, scale_factor: float[]? = null)",
  (input, size, scale_factor) => F.interpolate(input, size, scale_factor),
);

/** Bilinear `interpolate` with aligned corners; kept by PyTorch for older code. Source: torch.nn.functional.upsample_bilinear. */
op(
  "nn.functional.upsample_bilinear(input, size: int[]? = null, scale_factor: float[]? = null)",
  (input, size, scale_factor) => F.interpolate(input, size, scale_factor, "bilinear", true),
);
