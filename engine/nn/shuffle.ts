import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";

const pixelShuffleArguments = signature("PixelShuffle(upscale_factor: int)");

/** Channels become places: (…, C · r², H, W) → (…, C, H · r, W · r). Source: torch.nn.PixelShuffle. */
export class PixelShuffle extends Module {
  upscale_factor: number;

  constructor(upscale_factor: number);
  constructor(options: { upscale_factor: number });
  constructor(...args: unknown[]) {
    super();
    [this.upscale_factor] = pixelShuffleArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.pixel_shuffle(input, this.upscale_factor);
  }

  override extra_repr(): string {
    return `upscale_factor=${this.upscale_factor}`;
  }
}

const pixelUnshuffleArguments = signature("PixelUnshuffle(downscale_factor: int)");

/** Places become channels: (…, C, H · r, W · r) → (…, C · r², H, W). Source: torch.nn.PixelUnshuffle. */
export class PixelUnshuffle extends Module {
  downscale_factor: number;

  constructor(downscale_factor: number);
  constructor(options: { downscale_factor: number });
  constructor(...args: unknown[]) {
    super();
    [this.downscale_factor] = pixelUnshuffleArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.pixel_unshuffle(input, this.downscale_factor);
  }

  override extra_repr(): string {
    return `downscale_factor=${this.downscale_factor}`;
  }
}

const channelShuffleArguments = signature("ChannelShuffle(groups: int)");

/** Deals the channels of `groups` groups out in turn. Source: torch.nn.ChannelShuffle. */
export class ChannelShuffle extends Module {
  groups: number;

  constructor(groups: number);
  constructor(options: { groups: number });
  constructor(...args: unknown[]) {
    super();
    [this.groups] = channelShuffleArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.channel_shuffle(input, this.groups);
  }

  override extra_repr(): string {
    return `groups=${this.groups}`;
  }
}
