import { RuntimeError } from "../errors";
import { F, op, torch } from "../op/define";
import type { Tensor } from "../tensor";

/**
 * softmax(query @ keyᵀ · scale + mask) @ value: (…, L, E), (…, S, E), (…, S, V) → (…, L, V). scale is 1 / √E
 * unless given; a bool mask keeps what is true, another is added; `is_causal` lets each place see those up to
 * its own. Source: torch.nn.functional.scaled_dot_product_attention.
 */
op(
  "nn.functional.scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor? = null, dropout_p: float = 0, is_causal = false, *, scale: float? = null, enable_gqa = false)",
  (query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa) => {
    const dims = [query, key, value].map((t) => t.shape.length);
    if (dims.some((n) => n < 2))
      throw new RuntimeError(
        `Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: ${dims[0]} key.dim: ${dims[1]} and value.dim: ${dims[2]} instead.`,
      );
    if (query.dtype !== key.dtype || query.dtype !== value.dtype)
      throw new RuntimeError(
        `Expected query, key, and value to have the same dtype, but got query.dtype: ${query.dtype.name} key.dtype: ${key.dtype.name} and value.dtype: ${value.dtype.name} instead.`,
      );
    const heads = query.shape.at(-3) ?? 1;
    const each = (t: Tensor) =>
      enable_gqa ? t.repeat_interleave(heads / t.shape[t.shape.length - 3], { dim: -3 }) : t;
    const weights = attentionWeights(query, each(key), attn_mask, is_causal, scale);
    return (dropout_p > 0 ? F.dropout(weights, dropout_p) : weights).matmul(each(value));
  },
);

/** PyTorch scales both factors by the root, which loses less precision than scaling the product. */
function attentionWeights(
  query: Tensor,
  key: Tensor,
  attn_mask: Tensor | null,
  is_causal: boolean,
  scale: number | null,
): Tensor {
  const factor = Math.sqrt(scale ?? 1 / Math.sqrt(query.shape.at(-1)!));
  const scores = query.mul(factor).matmul(key.mul(factor).transpose(-2, -1));
  const mask = is_causal ? causalMask(query, key) : attn_mask;
  if (mask === null) return scores.softmax(-1);
  const added =
    mask.dtype.name === "bool"
      ? mask.where(query.new_zeros([]), query.new_full([], Number.NEGATIVE_INFINITY))
      : mask;
  const masked = scores.add(added);
  // A place that may see nothing attends to nothing, rather than to NaN.
  const blind = masked.detach().eq(Number.NEGATIVE_INFINITY).all(-1, true);
  return blind.any().item() ? masked.softmax(-1).masked_fill(blind, 0) : masked.softmax(-1);
}

function causalMask(query: Tensor, key: Tensor): Tensor {
  const [length, places] = [query.shape.at(-2)!, key.shape.at(-2)!];
  return torch.ones([length, places]).tril().bool();
}
