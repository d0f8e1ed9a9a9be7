import { gradMode } from "../autograd/grad_mode";
import { RuntimeError } from "../errors";
import { F, op, torch } from "../op/define";
import { leave } from "../op/workspace";
import type { Tensor } from "../tensor";
import { throughSoftmax } from "./softmax";

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
    if (isFused(query, key, value, attn_mask, dropout_p, enable_gqa))
      return torch._scaled_dot_product_flash_attention_for_cpu(
        query,
        key,
        value,
        attn_mask,
        is_causal,
        scale,
      );
    const heads = query.shape.at(-3) ?? 1;
    const each = (t: Tensor) =>
      enable_gqa ? t.repeat_interleave(heads / t.shape[t.shape.length - 3], { dim: -3 }) : t;
    const weights = attentionWeights(query, each(key), attn_mask, is_causal, scale);
    return (dropout_p > 0 ? F.dropout(weights, dropout_p) : weights).matmul(each(value));
  },
);

/** Where PyTorch computes attention in one step, which then is one node of the graph. */
function isFused(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  attn_mask: Tensor | null,
  dropout_p: number,
  enable_gqa: boolean,
): boolean {
  const [q, k, v] = [query.shape, key.shape, value.shape];
  const images = q.length === 4 && k.length === 4 && v.length === 4;
  if (!images || dropout_p > 0 || enable_gqa || attn_mask?.requires_grad) return false;
  const sameBatch = [0, 1].every((d) => q[d] === k[d] && q[d] === v[d]);
  return sameBatch && q[3] === k[3] && q[3] === v[3] && k[2] === v[2] && ![...q, ...k].includes(0);
}

/** All that PyTorch's step saves; nobody may change the result in place either. */
const ATTENTION_USES = [
  "query",
  "key",
  "value",
  "attn_mask",
  "is_causal",
  "scale",
  "result",
  "workspace",
] as const;

/** As `nn.functional.scaled_dot_product_attention`, in one step. @internal */
op(
  "_scaled_dot_product_flash_attention_for_cpu(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor?, is_causal: bool, scale: float?)",
  {
    grad_fn: "ScaledDotProductFlashAttentionForCpuBackward0",
    forward: (query, key, value, attn_mask, is_causal, scale) => {
      const weights = attentionWeights(query, key, attn_mask, is_causal, scale);
      const result = weights.matmul(value);
      leave({ weights } satisfies Workspace);
      return result;
    },
    backward: {
      query: [
        ATTENTION_USES,
        (grad, query, key, value, attn_mask, is_causal, scale, _, workspace) => {
          const weights = weightsOf(workspace, query, key, attn_mask, is_causal, scale);
          return scoreGrad(grad, value, weights)
            .matmul(key)
            .mul(scale ?? usualScale(query));
        },
        "scale · P ∘ (grad @ valueᵀ − its mean under P) @ key, P the attention weights",
      ],
      key: [
        ATTENTION_USES,
        (grad, query, key, value, attn_mask, is_causal, scale, _, workspace) => {
          const weights = weightsOf(workspace, query, key, attn_mask, is_causal, scale);
          const gScores = scoreGrad(grad, value, weights).transpose(-2, -1);
          return gScores.matmul(query).mul(scale ?? usualScale(query));
        },
        "(scale · P ∘ (grad @ valueᵀ − its mean under P))ᵀ @ query, P the attention weights",
      ],
      value: [
        ATTENTION_USES,
        (grad, query, key, _value, attn_mask, is_causal, scale, _, workspace) =>
          weightsOf(workspace, query, key, attn_mask, is_causal, scale).transpose(-2, -1).matmul(grad),
        "Pᵀ @ grad, P the attention weights",
      ],
      attn_mask: null,
    },
  },
);

interface Workspace {
  weights: Tensor;
}

/** What is to be differentiated in turn has to be recorded, and so computed again. */
function weightsOf(
  workspace: object | undefined,
  query: Tensor,
  key: Tensor,
  attn_mask: Tensor | null,
  is_causal: boolean,
  scale: number | null,
): Tensor {
  const known = gradMode.enabled ? undefined : (workspace as Workspace | undefined)?.weights;
  return known ?? attentionWeights(query, key, attn_mask, is_causal, scale);
}

/** The gradient of the scaled scores query @ keyᵀ · scale. */
function scoreGrad(grad: Tensor, value: Tensor, weights: Tensor): Tensor {
  return throughSoftmax(grad.matmul(value.transpose(-2, -1)), -1, weights);
}

function usualScale(query: Tensor): number {
  return 1 / Math.sqrt(query.shape.at(-1)!);
}

/** PyTorch scales both factors by the root, which loses less precision than scaling the product. */
function attentionWeights(
  query: Tensor,
  key: Tensor,
  attn_mask: Tensor | null,
  is_causal: boolean,
  scale: number | null,
): Tensor {
  const factor = Math.sqrt(scale ?? usualScale(query));
  const scores = query.mul(factor).matmul(key.mul(factor).transpose(-2, -1));
  const mask = is_causal ? causalMask(query, key) : attn_mask;
  if (mask === null) return scores.softmax(-1);
  const added =
    mask.dtype.name === "bool"
      ? torch.where(mask, query.new_zeros([]), query.new_full([], Number.NEGATIVE_INFINITY))
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
