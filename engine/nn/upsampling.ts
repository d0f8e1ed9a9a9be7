import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";
import { float, ints } from "./repr";

export interface UpsampleOptions {
  size?: number | readonly number[] | null;
  scale_factor?: number | readonly number[] | null;
  /** "nearest", "linear", "bilinear", "bicubic" or "trilinear". */
  mode?: string;
  align_corners?: boolean | null;
  recompute_scale_factor?: boolean | null;
}

const upsampleArguments = signature(
  "Upsample(size: int[]? = null, scale_factor: float[]? = null, mode: str = 'nearest', align_corners: bool? = null, recompute_scale_factor: bool? = null)",
);

/** Resamples (N, C, spatial) to a size, or by a factor. Source: torch.nn.Upsample. */
export class Upsample extends Module {
  size: number[] | null;
  scale_factor: number[] | null;
  mode: string;
  align_corners: boolean | null;
  recompute_scale_factor: boolean | null;

  constructor(options?: UpsampleOptions);
  constructor(
    size?: number | readonly number[] | null,
    scale_factor?: number | readonly number[] | null,
    mode?: string,
    align_corners?: boolean | null,
  );
  constructor(...args: unknown[]) {
    super();
    [this.size, this.scale_factor, this.mode, this.align_corners, this.recompute_scale_factor] =
      upsampleArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.interpolate(
      input,
      this.size,
      this.scale_factor,
      this.mode,
      this.align_corners,
      this.recompute_scale_factor,
    );
  }

  override extra_repr(): string {
    const factors = this.scale_factor?.map(float);
    const how =
      factors === undefined
        ? `size=${ints(this.size)}`
        : `scale_factor=${factors.length === 1 ? factors[0] : `(${factors.join(", ")})`}`;
    return `${how}, mode='${this.mode}'`;
  }
}

type Sizes = number | readonly number[] | null;

/** Nearest-neighbour upsampling of (N, C, H, W). Source: torch.nn.UpsamplingNearest2d. */
export class UpsamplingNearest2d extends Upsample {
  constructor(options?: { size?: Sizes; scale_factor?: Sizes });
  constructor(size?: Sizes, scale_factor?: Sizes);
  constructor(...args: unknown[]) {
    const [size, scale_factor] = upsampleArguments(args);
    super(size, scale_factor, "nearest");
  }
}

/** Bilinear upsampling of (N, C, H, W) with aligned corners. Source: torch.nn.UpsamplingBilinear2d. */
export class UpsamplingBilinear2d extends Upsample {
  constructor(options?: { size?: Sizes; scale_factor?: Sizes });
  constructor(size?: Sizes, scale_factor?: Sizes);
  constructor(...args: unknown[]) {
    const [size, scale_factor] = upsampleArguments(args);
    super(size, scale_factor, "bilinear", true);
  }
}
