import { RuntimeError } from "./errors";

/** How elements lie in memory: always by strides. Source: torch.layout. */
export class Layout {
  /** @internal */
  constructor(private readonly name: string) {}

  toString(): string {
    return `torch.${this.name}`;
  }
}

/** Dense memory addressed by strides, the only layout here. Source: torch.strided. */
export const strided = new Layout("strided");

/** In which order a new tensor lays out its dimensions. Source: torch.memory_format. */
export class MemoryFormat {
  /** @internal */
  constructor(private readonly name: string) {}

  toString(): string {
    return `torch.${this.name}`;
  }
}

/** Row-major. Source: torch.contiguous_format. */
export const contiguous_format = new MemoryFormat("contiguous_format");
/** As the input. Source: torch.preserve_format. */
export const preserve_format = new MemoryFormat("preserve_format");
/** (batch, channels, height, width) with the channels of a place side by side. Source: torch.channels_last. */
export const channels_last = new MemoryFormat("channels_last");
/** (batch, channels, depth, height, width) with the channels of a place side by side. Source: torch.channels_last_3d. */
export const channels_last_3d = new MemoryFormat("channels_last_3d");

/** The strides of a shape whose channels, its second dimension, lie side by side. */
export function channelsLastStrides(shape: readonly number[], format: MemoryFormat): number[] {
  const rank = format === channels_last ? 4 : 5;
  if (shape.length !== rank)
    throw new RuntimeError(
      `required rank ${rank} tensor to use ${String(format).slice("torch.".length)} format`,
    );
  const strides = new Array<number>(rank);
  let step = 1;
  for (const d of [
    1,
    ...shape
      .map((_, each) => each)
      .slice(2)
      .reverse(),
    0,
  ]) {
    strides[d] = step;
    step *= Math.max(shape[d], 1);
  }
  return strides;
}
