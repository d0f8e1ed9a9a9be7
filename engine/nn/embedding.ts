import { no_grad } from "../autograd/context";
import type { Device } from "../device";
import type { DType } from "../dtype";
import { AssertionError, RuntimeError } from "../errors";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { normal_ } from "./init";
import { Module } from "./module";
import { Parameter } from "./parameter";
import { flag, float } from "./repr";

export interface EmbeddingOptions {
  /** This row is 0 and gets no gradient. */
  padding_idx?: number | null;
  /** Longer rows are shortened to this norm when they are used. */
  max_norm?: number | null;
  norm_type?: number;
  /** Whether gradients are divided by how often a row is used. */
  scale_grad_by_freq?: boolean;
  sparse?: boolean;
  device?: Device | string | null;
  dtype?: DType | null;
}

function resolvePadding(padding_idx: number | null, rows: number): number | null {
  if (padding_idx === null) return null;
  if (padding_idx >= rows || padding_idx < -rows)
    throw new AssertionError("Padding_idx must be within num_embeddings");
  return padding_idx < 0 ? padding_idx + rows : padding_idx;
}

/** What both tables share: the weight, drawn from the standard normal distribution. */
abstract class Table extends Module {
  num_embeddings: number;
  embedding_dim: number;
  padding_idx: number | null;
  max_norm: number | null;
  norm_type: number;
  scale_grad_by_freq: boolean;
  sparse: boolean;
  /** (num_embeddings, embedding_dim) */
  weight: Parameter;

  constructor(
    num_embeddings: number,
    embedding_dim: number,
    options: Required<Omit<EmbeddingOptions, "device" | "dtype">> & {
      dtype: DType | null;
      weight: Tensor | null;
    },
  ) {
    super();
    this.num_embeddings = num_embeddings;
    this.embedding_dim = embedding_dim;
    this.padding_idx = resolvePadding(options.padding_idx, num_embeddings);
    this.max_norm = options.max_norm;
    this.norm_type = options.norm_type;
    this.scale_grad_by_freq = options.scale_grad_by_freq;
    this.sparse = options.sparse;
    this.weight = new Parameter(
      options.weight ?? torch.empty([num_embeddings, embedding_dim], { dtype: options.dtype }),
    );
    if (options.weight === null) this.reset_parameters();
  }

  /** Draws the weight anew. */
  reset_parameters(): void {
    normal_(this.weight);
    const { padding_idx } = this;
    if (padding_idx !== null) no_grad(() => this.weight.select(0, padding_idx).fill_(0));
  }

  protected settings(): string[] {
    const parts: string[] = [];
    if (this.max_norm !== null) parts.push(`max_norm=${float(this.max_norm)}`);
    if (this.norm_type !== 2) parts.push(`norm_type=${float(this.norm_type)}`);
    if (this.scale_grad_by_freq) parts.push(`scale_grad_by_freq=${flag(this.scale_grad_by_freq)}`);
    return parts;
  }
}

const embeddingArguments = signature(
  "Embedding(num_embeddings: int, embedding_dim: int, padding_idx: int? = null, max_norm: float? = null, norm_type: float = 2, scale_grad_by_freq = false, sparse = false, _weight: Tensor? = null, device: device? = null, dtype: dtype? = null)",
);

/** A learnt vector for each id: (…) → (…, embedding_dim). Source: torch.nn.Embedding. */
export class Embedding extends Table {
  constructor(num_embeddings: number, embedding_dim: number, options?: EmbeddingOptions);
  constructor(
    num_embeddings: number,
    embedding_dim: number,
    padding_idx: number | null,
    options?: Omit<EmbeddingOptions, "padding_idx">,
  );
  constructor(options: { num_embeddings: number; embedding_dim: number } & EmbeddingOptions);
  constructor(...args: unknown[]) {
    const [rows, width, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, weight, , dtype] =
      embeddingArguments(args);
    super(rows, width, { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, weight, dtype });
  }

  /** A table that begins with the given vectors, which learn only if not frozen. Source: torch.nn.Embedding.from_pretrained. */
  static from_pretrained(
    embeddings: Tensor,
    options: Omit<EmbeddingOptions, "dtype"> & { freeze?: boolean } = {},
  ): Embedding {
    const { freeze = true, ...rest } = options;
    if (embeddings.shape.length !== 2)
      throw new RuntimeError("Embeddings parameter is expected to be 2-dimensional");
    const [rows, width] = embeddings.shape;
    const settings = { ...rest, _weight: embeddings };
    const table = new Embedding(rows, width, settings);
    table.weight.requires_grad_(!freeze);
    return table;
  }

  override forward(input: Tensor): Tensor {
    return F.embedding(
      input,
      this.weight,
      this.padding_idx,
      this.max_norm,
      this.norm_type,
      this.scale_grad_by_freq,
      this.sparse,
    );
  }

  override extra_repr(): string {
    const parts = [String(this.num_embeddings), String(this.embedding_dim)];
    if (this.padding_idx !== null) parts.push(`padding_idx=${this.padding_idx}`);
    parts.push(...this.settings());
    if (this.sparse) parts.push("sparse=True");
    return parts.join(", ");
  }
}

export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** "sum", "mean" or "max". */
  mode?: string;
  include_last_offset?: boolean;
}

const embeddingBagArguments = signature(
  "EmbeddingBag(num_embeddings: int, embedding_dim: int, max_norm: float? = null, norm_type: float = 2, scale_grad_by_freq = false, mode: str = 'mean', sparse = false, _weight: Tensor? = null, include_last_offset = false, padding_idx: int? = null, device: device? = null, dtype: dtype? = null)",
);

/** Sum, mean or maximum of the vectors of a bag of ids: (bags, n) → (bags, embedding_dim). Source: torch.nn.EmbeddingBag. */
export class EmbeddingBag extends Table {
  mode: string;
  include_last_offset: boolean;

  constructor(num_embeddings: number, embedding_dim: number, options?: EmbeddingBagOptions);
  constructor(options: { num_embeddings: number; embedding_dim: number } & EmbeddingBagOptions);
  constructor(...args: unknown[]) {
    const [
      rows,
      width,
      max_norm,
      norm_type,
      scale_grad_by_freq,
      mode,
      sparse,
      weight,
      last,
      padding_idx,
      ,
      dtype,
    ] = embeddingBagArguments(args);
    super(rows, width, { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, weight, dtype });
    this.mode = mode;
    this.include_last_offset = last;
  }

  override forward(
    input: Tensor,
    offsets: Tensor | null = null,
    per_sample_weights: Tensor | null = null,
  ): Tensor {
    return F.embedding_bag(input, this.weight, {
      offsets,
      max_norm: this.max_norm,
      norm_type: this.norm_type,
      scale_grad_by_freq: this.scale_grad_by_freq,
      mode: this.mode,
      sparse: this.sparse,
      per_sample_weights,
      include_last_offset: this.include_last_offset,
      padding_idx: this.padding_idx,
    });
  }

  override extra_repr(): string {
    const parts = [String(this.num_embeddings), String(this.embedding_dim), ...this.settings()];
    parts.push(`mode='${this.mode}'`);
    if (this.padding_idx !== null) parts.push(`padding_idx=${this.padding_idx}`);
    return parts.join(", ");
  }
}
