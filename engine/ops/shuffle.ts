import { RuntimeError } from "../errors";
import { contiguous_format } from "../layout";
import { F, op } from "../op/define";
import { showShape } from "../shape";
import type { Tensor } from "../tensor";

/** Channels become places: (…, C · r², H, W) → (…, C, H · r, W · r). Source: torch.nn.functional.pixel_shuffle. */
op("nn.functional.pixel_shuffle(input, upscale_factor: int)", {
  grad_fn: "PixelShuffleBackward0",
  forward: (input, factor) => {
    requireDims("pixel_shuffle", input);
    if (factor <= 0)
      throw new RuntimeError(`pixel_shuffle expects a positive upscale_factor, but got ${factor}`);
    const [channels, height, width] = input.shape.slice(-3);
    if (channels % (factor * factor) !== 0)
      throw new RuntimeError(
        `pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=${channels} is not divisible by ${factor * factor}`,
      );
    const out = channels / (factor * factor);
    const lead = input.shape.slice(0, -3);
    const n = lead.length;
    return input
      .reshape([...lead, out, factor, factor, height, width])
      .permute([...lead.keys(), n, n + 3, n + 1, n + 4, n + 2])
      .clone({ memory_format: contiguous_format })
      .view([...lead, out, height * factor, width * factor]);
  },
  backward: {
    input: [
      ["upscale_factor"],
      (grad, factor) => F.pixel_unshuffle(grad, factor),
      "grad, places turned back into channels",
    ],
  },
  alias: ["torch.pixel_shuffle"],
});

/** Places become channels: (…, C, H · r, W · r) → (…, C · r², H, W). Source: torch.nn.functional.pixel_unshuffle. */
op("nn.functional.pixel_unshuffle(input, downscale_factor: int)", {
  grad_fn: "PixelUnshuffleBackward0",
  forward: (input, factor) => {
    requireDims("pixel_unshuffle", input);
    if (factor <= 0)
      throw new RuntimeError(`pixel_unshuffle expects a positive downscale_factor, but got ${factor}`);
    const [channels, height, width] = input.shape.slice(-3);
    for (const [name, dim, size] of [
      ["height", -2, height],
      ["width", -1, width],
    ] as const)
      if (size % factor !== 0)
        throw new RuntimeError(
          `pixel_unshuffle expects ${name} to be divisible by downscale_factor, but input.size(${dim})=${size} is not divisible by ${factor}`,
        );
    const lead = input.shape.slice(0, -3);
    const n = lead.length;
    const [h, w] = [height / factor, width / factor];
    return input
      .reshape([...lead, channels, h, factor, w, factor])
      .permute([...lead.keys(), n, n + 2, n + 4, n + 1, n + 3])
      .clone({ memory_format: contiguous_format })
      .view([...lead, channels * factor * factor, h, w]);
  },
  backward: {
    input: [
      ["downscale_factor"],
      (grad, factor) => F.pixel_shuffle(grad, factor),
      "grad, channels turned back into places",
    ],
  },
  alias: ["torch.pixel_unshuffle"],
});

function requireDims(name: string, input: Tensor): void {
  if (input.shape.length < 3)
    throw new RuntimeError(
      `${name} expects input to have at least 3 dimensions, but got input with ${input.shape.length} dimension(s)`,
    );
}

/** Deals the channels (dimension 1) of `groups` groups out in turn. Source: torch.nn.functional.channel_shuffle. */
op("nn.functional.channel_shuffle(input, groups: int)", {
  grad_fn: "ChannelShuffleBackward0",
  forward: (input, groups) => {
    const { shape } = input;
    if (shape.length <= 2)
      throw new RuntimeError(
        `channel_shuffle expects input with > 2 dims, but got input with sizes ${showShape(shape)}`,
      );
    if (groups <= 0)
      throw new RuntimeError(
        `Number of groups to divide channels in must be positive. Value of groups:${groups}`,
      );
    if (shape[1] % groups !== 0)
      throw new RuntimeError(
        `Number of channels must be divisible by groups. Got ${shape[1]} channels and ${groups} groups.`,
      );
    return dealt(input, groups);
  },
  backward: {
    input: [["groups"], (grad, groups) => dealt(grad, grad.shape[1] / groups), "grad, channels put back"],
  },
  alias: ["torch.channel_shuffle"],
});

function dealt(input: Tensor, groups: number): Tensor {
  const { shape } = input;
  return input
    .reshape([shape[0], groups, shape[1] / groups, ...shape.slice(2)])
    .transpose(1, 2)
    .clone({ memory_format: contiguous_format })
    .view(shape);
}
