import type { Device } from "../device";
import type { DType } from "../dtype";
import { bool } from "../dtype";
import { AssertionError, RuntimeError, ValueError } from "../errors";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import { sameShape, showShape } from "../shape";
import type { Tensor } from "../tensor";
import { constant_, xavier_normal_, xavier_uniform_ } from "./init";
import { Linear } from "./linear";
import { Module } from "./module";
import { Parameter } from "./parameter";

/** A linear layer, by the name that PyTorch gives that of attention's outputs. */
class NonDynamicallyQuantizableLinear extends Linear {}

export interface MultiheadAttentionOptions {
  /** Share of the attention weights that training drops. */
  dropout?: number;
  bias?: boolean;
  add_bias_kv?: boolean;
  add_zero_attn?: boolean;
  /** Features of keys; embed_dim if null. */
  kdim?: number | null;
  /** Features of values; embed_dim if null. */
  vdim?: number | null;
  /** Whether batches come as (N, L, E) rather than (L, N, E). */
  batch_first?: boolean;
  device?: Device | string | null;
  dtype?: DType | null;
}

export interface AttentionOptions {
  /** (N, S): true, or −inf, for keys that are ignored. */
  key_padding_mask?: Tensor | null;
  need_weights?: boolean;
  /** (L, S) or (N · heads, L, S): true where attention is forbidden, or what is added to its scores. */
  attn_mask?: Tensor | null;
  average_attn_weights?: boolean;
  /** Promises that `attn_mask` is the causal one. */
  is_causal?: boolean;
}

const settingsOf = signature(
  "MultiheadAttention(embed_dim: int, num_heads: int, dropout: float = 0, bias = true, add_bias_kv = false, add_zero_attn = false, kdim: int? = null, vdim: int? = null, batch_first = false, device: device? = null, dtype: dtype? = null)",
);
const forwardArguments = signature(
  "forward(query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor? = null, need_weights = true, attn_mask: Tensor? = null, average_attn_weights = true, is_causal = false)",
);

/**
 * Several heads of attention: query (L, N, E), key (S, N, kdim), value (S, N, vdim) → output (L, N, E) and, unless not
 * needed, the weights (N, L, S), averaged over the heads. N comes first if `batch_first` and may be missing.
 * Source: torch.nn.MultiheadAttention; Vaswani et al. 2017.
 */
export class MultiheadAttention extends Module {
  embed_dim: number;
  num_heads: number;
  dropout: number;
  batch_first: boolean;
  head_dim: number;
  kdim: number;
  vdim: number;
  add_zero_attn: boolean;
  /** (3 · E, E), where keys and values have E features; else null and the three below. */
  in_proj_weight: Parameter | null = null;
  q_proj_weight: Parameter | null = null;
  k_proj_weight: Parameter | null = null;
  v_proj_weight: Parameter | null = null;
  in_proj_bias: Parameter | null;
  bias_k: Parameter | null;
  bias_v: Parameter | null;
  out_proj: Linear;

  constructor(embed_dim: number, num_heads: number, options?: MultiheadAttentionOptions);
  constructor(options: { embed_dim: number; num_heads: number } & MultiheadAttentionOptions);
  constructor(...args: unknown[]) {
    super();
    const [
      embed_dim,
      num_heads,
      dropout,
      bias,
      add_bias_kv,
      add_zero_attn,
      kdim,
      vdim,
      batch_first,
      ,
      dtype,
    ] = settingsOf(args);
    if (embed_dim <= 0 || num_heads <= 0)
      throw new ValueError(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embed_dim} and num_heads=${num_heads} instead`,
      );
    if (embed_dim % num_heads !== 0) throw new AssertionError("embed_dim must be divisible by num_heads");
    this.embed_dim = embed_dim;
    this.num_heads = num_heads;
    this.dropout = dropout;
    this.batch_first = batch_first;
    this.head_dim = embed_dim / num_heads;
    this.kdim = kdim ?? embed_dim;
    this.vdim = vdim ?? embed_dim;
    this.add_zero_attn = add_zero_attn;
    const parameter = (...shape: number[]) => new Parameter(torch.empty(shape, { dtype }));
    if (this.kdim === embed_dim && this.vdim === embed_dim)
      this.in_proj_weight = parameter(3 * embed_dim, embed_dim);
    else {
      this.q_proj_weight = parameter(embed_dim, embed_dim);
      this.k_proj_weight = parameter(embed_dim, this.kdim);
      this.v_proj_weight = parameter(embed_dim, this.vdim);
    }
    this.in_proj_bias = bias ? parameter(3 * embed_dim) : null;
    this.out_proj = new NonDynamicallyQuantizableLinear(embed_dim, embed_dim, { bias, dtype });
    this.bias_k = add_bias_kv ? parameter(1, 1, embed_dim) : null;
    this.bias_v = add_bias_kv ? parameter(1, 1, embed_dim) : null;
    this.reset_parameters();
  }

  private reset_parameters(): void {
    const weights = [this.in_proj_weight, this.q_proj_weight, this.k_proj_weight, this.v_proj_weight];
    for (const weight of weights) if (weight !== null) xavier_uniform_(weight);
    if (this.in_proj_bias !== null) {
      constant_(this.in_proj_bias, 0);
      constant_(this.out_proj.bias!, 0);
    }
    for (const bias of [this.bias_k, this.bias_v]) if (bias !== null) xavier_normal_(bias);
  }

  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options?: AttentionOptions,
  ): [Tensor, Tensor | null];
  override forward(...args: unknown[]): [Tensor, Tensor | null] {
    const [query, key, value, key_padding_mask, need_weights, attn_mask, average, is_causal] =
      forwardArguments(args);
    const batched = checkShapes(query, key, value, key_padding_mask, attn_mask, this.num_heads);
    // Arguments that are one tensor stay one, since they are then projected together.
    const seen = new Map<Tensor, Tensor>();
    const batchSecond = (t: Tensor) => {
      if (!batched) return t.unsqueeze(1);
      if (!this.batch_first) return t;
      const known = seen.get(t) ?? t.transpose(1, 0);
      seen.set(t, known);
      return known;
    };
    const same = query === key && key === value;
    const q = batchSecond(query);
    const k = same ? q : batchSecond(key);
    const v = value === key ? k : batchSecond(value);
    const padding = canonicalMask(
      batched || key_padding_mask === null ? key_padding_mask : key_padding_mask.unsqueeze(0),
      "key_padding_mask",
      query.dtype,
    );
    if (is_causal && attn_mask === null)
      throw new RuntimeError(
        "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` to create this mask.",
      );
    const causal = is_causal && padding === null && !need_weights;
    const mask = causal ? null : canonicalMask(attn_mask, "attn_mask", query.dtype);
    const [output, weights] = this.attend(q, k, v, { mask, padding, causal, need_weights, average });
    if (!batched) return [output.squeeze(1), weights === null ? null : weights.squeeze(0)];
    return [this.batch_first ? output.transpose(1, 0) : output, weights];
  }

  private attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    { mask, padding, causal, need_weights, average }: Attending,
  ): [Tensor, Tensor | null] {
    const [length, batch, features] = query.shape;
    const { num_heads, head_dim } = this;
    if (features !== this.embed_dim)
      throw new AssertionError(`was expecting embedding dimension of ${this.embed_dim}, but got ${features}`);
    this.checkKeyAndValue(key, value);
    let [q, k, v] = this.project(query, key, value);
    let attnMask = withHeads(mask, length, key.shape[0], batch * num_heads);
    let keyMask = padding;
    const widen = () => {
      attnMask = attnMask && F.pad(attnMask, [0, 1]);
      keyMask = keyMask && F.pad(keyMask, [0, 1]);
    };
    if (this.bias_k !== null && this.bias_v !== null) {
      k = torch.cat([k, this.bias_k.repeat(1, batch, 1)]);
      v = torch.cat([v, this.bias_v.repeat(1, batch, 1)]);
      widen();
    }
    const heads = (t: Tensor) => t.view(t.shape[0], batch * num_heads, head_dim).transpose(0, 1);
    q = heads(q);
    k = heads(k);
    v = heads(v);
    if (this.add_zero_attn) {
      const zero = torch.zeros([batch * num_heads, 1, head_dim], { dtype: k.dtype });
      k = torch.cat([k, zero], 1);
      v = torch.cat([v, zero], 1);
      widen();
    }
    const places = k.shape[1];
    if (keyMask !== null) {
      const spread = keyMask
        .view(batch, 1, 1, places)
        .expand(-1, num_heads, -1, -1)
        .reshape(batch * num_heads, 1, places);
      attnMask = attnMask === null ? spread : attnMask.add(spread);
    }
    const dropout = this.training ? this.dropout : 0;
    const { weight, bias } = this.out_proj;
    if (need_weights) {
      const scaled = q.mul(Math.sqrt(1 / head_dim));
      const transposed = k.transpose(-2, -1);
      const scores = attnMask === null ? scaled.bmm(transposed) : attnMask.baddbmm(scaled, transposed);
      const softened = scores.softmax(-1);
      const weights = dropout > 0 ? F.dropout(softened, dropout) : softened;
      const joined = weights
        .bmm(v)
        .transpose(0, 1)
        .reshape(length * batch, features);
      const output = F.linear(joined, weight, bias).view(length, batch, features);
      const perHead = weights.view(batch, num_heads, length, places);
      return [output, average ? perHead.mean(1) : perHead];
    }
    const perBatch = (t: Tensor, size: number) => t.view(batch, num_heads, size, head_dim);
    const shaped =
      attnMask === null
        ? null
        : attnMask.shape[0] === 1
          ? attnMask.unsqueeze(0)
          : attnMask.view(batch, num_heads, -1, places);
    const attended = F.scaled_dot_product_attention(
      perBatch(q, length),
      perBatch(k, places),
      perBatch(v, places),
      shaped,
      dropout,
      causal,
    );
    const joined = attended.permute(2, 0, 1, 3).reshape(batch * length, features);
    return [F.linear(joined, weight, bias).view(length, batch, features), null];
  }

  private checkKeyAndValue(key: Tensor, value: Tensor): void {
    if (this.in_proj_weight === null) {
      if (!sameShape(key.shape.slice(0, 2), value.shape.slice(0, 2)))
        throw new AssertionError(
          `key's sequence and batch dims torch.Size(${showShape(key.shape.slice(0, 2))}) do not match value's torch.Size(${showShape(value.shape.slice(0, 2))})`,
        );
    } else if (!sameShape(key.shape, value.shape))
      throw new AssertionError(
        `key shape torch.Size(${showShape(key.shape)}) does not match value shape torch.Size(${showShape(value.shape)})`,
      );
  }

  /** Source: torch.nn.functional._in_projection_packed and _in_projection. */
  private project(query: Tensor, key: Tensor, value: Tensor): Tensor[] {
    const E = this.embed_dim;
    const bias = this.in_proj_bias;
    if (this.in_proj_weight === null) {
      const biases = bias?.chunk(3) ?? [null, null, null];
      return [
        F.linear(query, this.q_proj_weight!, biases[0]),
        F.linear(key, this.k_proj_weight!, biases[1]),
        F.linear(value, this.v_proj_weight!, biases[2]),
      ];
    }
    if (key === value && query === key) {
      const packed = F.linear(query, this.in_proj_weight, bias);
      const parts = packed.unflatten(-1, [3, E]).unsqueeze(0).transpose(0, -2).squeeze(-2).contiguous();
      return [parts.select(0, 0), parts.select(0, 1), parts.select(0, 2)];
    }
    if (key === value) {
      const [queryWeight, restWeight] = this.in_proj_weight.split([E, 2 * E]);
      const [queryBias, restBias] = bias?.split([E, 2 * E]) ?? [null, null];
      const rest = F.linear(key, restWeight, restBias);
      const parts = rest.unflatten(-1, [2, E]).unsqueeze(0).transpose(0, -2).squeeze(-2).contiguous();
      return [F.linear(query, queryWeight, queryBias), parts.select(0, 0), parts.select(0, 1)];
    }
    const weights = this.in_proj_weight.chunk(3);
    const biases = bias?.chunk(3) ?? [null, null, null];
    return [query, key, value].map((t, i) => F.linear(t, weights[i], biases[i]));
  }
}

interface Attending {
  mask: Tensor | null;
  padding: Tensor | null;
  causal: boolean;
  need_weights: boolean;
  average: boolean;
}

/** A mask as what is added to the scores. Throws for one of integers. Source: torch.nn.functional._canonical_mask. */
export function canonicalMask(mask: Tensor | null, name: string, dtype: DType): Tensor | null {
  if (mask === null || mask.is_floating_point()) return mask;
  if (mask.dtype !== bool) throw new AssertionError(`only bool and floating types of ${name} are supported`);
  return torch.zeros(mask.shape, { dtype }).masked_fill(mask, Number.NEGATIVE_INFINITY);
}

function withHeads(mask: Tensor | null, length: number, places: number, heads: number): Tensor | null {
  if (mask === null) return null;
  const ndim = mask.shape.length;
  const wanted = ndim === 2 ? [length, places] : [heads, length, places];
  if (!sameShape(mask.shape, wanted))
    throw new RuntimeError(
      `The shape of the ${ndim}D attn_mask is torch.Size(${showShape(mask.shape)}), but should be (${wanted.join(", ")}).`,
    );
  return ndim === 2 ? mask.unsqueeze(0) : mask;
}

/** Whether the arguments have a batch dimension. Source: torch.nn.functional._mha_shape_check. */
function checkShapes(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  padding: Tensor | null,
  mask: Tensor | null,
  heads: number,
): boolean {
  const ndim = query.shape.length;
  if (ndim !== 2 && ndim !== 3)
    throw new AssertionError(
      `query should be unbatched 2D or batched 3D tensor but received ${ndim}-D query tensor`,
    );
  const kind = ndim === 3 ? "batched (3-D)" : "unbatched (2-D)";
  const [k, v] = [key.shape.length, value.shape.length];
  if (k !== ndim || v !== ndim)
    throw new AssertionError(
      `For ${kind} \`query\`, expected \`key\` and \`value\` to be ${ndim}-D but found ${k}-D and ${v}-D tensors respectively`,
    );
  if (padding !== null && padding.shape.length !== ndim - 1)
    throw new AssertionError(
      `For ${kind} \`query\`, expected \`key_padding_mask\` to be \`None\` or ${ndim - 1}-D but found ${padding.shape.length}-D tensor instead`,
    );
  if (mask === null) return ndim === 3;
  if (mask.shape.length !== 2 && mask.shape.length !== 3)
    throw new AssertionError(
      `For ${kind} \`query\`, expected \`attn_mask\` to be \`None\`, 2-D or 3-D but found ${mask.shape.length}-D tensor instead`,
    );
  if (ndim === 2 && mask.shape.length === 3) {
    const expected = [heads, query.shape[0], key.shape[0]];
    if (!sameShape(mask.shape, expected))
      throw new AssertionError(
        `Expected \`attn_mask\` shape to be (${expected.join(", ")}) but got torch.Size(${showShape(mask.shape)})`,
      );
  }
  return ndim === 3;
}
