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
/** As the input; here results are row-major. Source: torch.preserve_format. */
export const preserve_format = new MemoryFormat("preserve_format");
/** Accepted for images; here results are row-major. Source: torch.channels_last. */
export const channels_last = new MemoryFormat("channels_last");
