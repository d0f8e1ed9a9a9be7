import { bool, int64 } from "../dtype";
import { RuntimeError } from "../errors";
import { floating } from "../kernels/elementwise";
import { reduce, reducedCount, sumRow } from "../kernels/reduce";
import { op, torch } from "../op/define";
import { numel, wrapDim } from "../shape";
import { elements, type Tensor } from "../tensor";
import { kept, spread, total } from "./reduction";

/**
 * Sum of squares about the mean over n − correction, along the given dimensions. Throws for integers.
 * Source: torch.var.
 */
op("var(input, dim: int[]? = null, *, correction: Number? = null, keepdim = false)", {
  grad_fn: "VarBackward0",
  forward: (input, dim, correction, keepdim) => variance(input, dim, correction, keepdim),
  backward: {
    input: [
      ["input", "dim", "correction", "keepdim"],
      (grad, input, dim, correction, keepdim) => varianceGrad(grad, input, dim, correction, keepdim),
      "grad · 2 (input − mean) / (n − correction)",
    ],
  },
});

/** Variance; over n − 1 if `unbiased`, else over n. Source: torch.var. */
op("var.dim(input, dim: int[]?, unbiased = true, keepdim = false)", (input, dim, unbiased, keepdim) =>
  input.var(dim, { correction: +unbiased, keepdim }),
);

/** Variance of all elements; over n − 1 if `unbiased`, else over n. Source: torch.var. */
op("var.all(input, unbiased: bool)", (input, unbiased) => input.var(null, { correction: +unbiased }));

/**
 * Square root of the variance over n − correction, along the given dimensions. Throws for integers.
 * Source: torch.std.
 */
op("std(input, dim: int[]? = null, *, correction: Number? = null, keepdim = false)", {
  grad_fn: "StdBackward0",
  forward: (input, dim, correction, keepdim) => variance(input, dim, correction, keepdim, Math.sqrt),
  backward: {
    input: [
      ["input", "dim", "correction", "keepdim", "result"],
      (grad, input, dim, correction, keepdim, result) =>
        deviationGrad(grad, input, dim, correction, keepdim, result),
      "grad · (input − mean) / ((n − correction) · result)",
    ],
  },
});

/** Standard deviation; over n − 1 if `unbiased`, else over n. Source: torch.std. */
op("std.dim(input, dim: int[]?, unbiased = true, keepdim = false)", (input, dim, unbiased, keepdim) =>
  input.std(dim, { correction: +unbiased, keepdim }),
);

/** Standard deviation of all elements; over n − 1 if `unbiased`, else over n. Source: torch.std. */
op("std.all(input, unbiased: bool)", (input, unbiased) => input.std(null, { correction: +unbiased }));

/** Variance and mean along the given dimensions. Throws for integers. Source: torch.var_mean. */
op(
  "var_mean(input, dim: int[]? = null, *, correction: Number? = null, keepdim = false) -> (variance, mean)",
  {
    grad_fn: "VarMeanBackward0",
    method: false,
    forward: (input, dim, correction, keepdim) => {
      requireFloating(input, "var_mean");
      return [variance(input, dim, correction, keepdim), input.mean(dim, keepdim)];
    },
    backward: {
      input: [
        ["input", "dim", "correction", "keepdim"],
        (grads, input, dim, correction, keepdim) =>
          total([
            grads[0] && varianceGrad(grads[0], input, dim, correction, keepdim),
            grads[1] && meanGrad(grads[1], input.shape, dim, keepdim),
          ]),
        "var's grad · 2 (input − mean) / (n − correction) + mean's grad / n",
      ],
    },
  },
);

/** Variance and mean; over n − 1 if `unbiased`, else over n. Source: torch.var_mean. */
op(
  "var_mean.dim(input, dim: int[]?, unbiased = true, keepdim = false) -> (variance, mean)",
  (input, dim, unbiased, keepdim) => torch.var_mean(input, dim, { correction: +unbiased, keepdim }),
  { method: false },
);

/** Variance and mean of all elements; over n − 1 if `unbiased`, else over n. Source: torch.var_mean. */
op(
  "var_mean.all(input, unbiased: bool) -> (variance, mean)",
  (input, unbiased) => torch.var_mean(input, null, { correction: +unbiased }),
  { method: false },
);

/** Standard deviation and mean along the given dimensions. Throws for integers. Source: torch.std_mean. */
op(
  "std_mean(input, dim: int[]? = null, *, correction: Number? = null, keepdim = false) -> (deviation, mean)",
  {
    grad_fn: "StdMeanBackward0",
    method: false,
    forward: (input, dim, correction, keepdim) => {
      requireFloating(input, "std_mean");
      return [variance(input, dim, correction, keepdim, Math.sqrt), input.mean(dim, keepdim)];
    },
    backward: {
      input: [
        ["input", "dim", "correction", "keepdim", "result"],
        (grads, input, dim, correction, keepdim, result) =>
          total([
            grads[0] && deviationGrad(grads[0], input, dim, correction, keepdim, result[0]),
            grads[1] && meanGrad(grads[1], input.shape, dim, keepdim),
          ]),
        "std's grad · (input − mean) / ((n − correction) · std) + mean's grad / n",
      ],
    },
  },
);

/** Standard deviation and mean; over n − 1 if `unbiased`, else over n. Source: torch.std_mean. */
op(
  "std_mean.dim(input, dim: int[]?, unbiased = true, keepdim = false) -> (deviation, mean)",
  (input, dim, unbiased, keepdim) => torch.std_mean(input, dim, { correction: +unbiased, keepdim }),
  { method: false },
);

/** Standard deviation and mean of all elements; over n − 1 if `unbiased`, else over n. Source: torch.std_mean. */
op(
  "std_mean.all(input, unbiased: bool) -> (deviation, mean)",
  (input, unbiased) => torch.std_mean(input, null, { correction: +unbiased }),
  { method: false },
);

function variance(
  input: Tensor,
  dims: number[] | null,
  correction: number | null,
  keepdim: boolean,
  finish = (x: number) => x,
): Tensor {
  requireFloating(input, "std and var");
  return reduce(input, dims, keepdim, input.dtype, (data, start, end) => {
    const average = sumRow(data, start, end) / (end - start);
    let squares = 0;
    for (let i = start; i < end; i++) squares += (data[i] - average) * (data[i] - average);
    return finish(squares / Math.max(end - start - (correction ?? 1), 0));
  });
}

function requireFloating(input: Tensor, name: string): void {
  if (input.dtype.category !== "float")
    throw new RuntimeError(`${name} only support floating point and complex dtypes`);
}

function varianceGrad(
  grad: Tensor,
  input: Tensor,
  dims: number[] | null,
  correction: number | null,
  keepdim: boolean,
): Tensor {
  const count = reducedCount(input.shape, dims);
  const centred = input.sub(input.mean(dims, true));
  return kept(grad, input.shape, dims, keepdim).mul(centred.mul(2 / (count - (correction ?? 1))));
}

function deviationGrad(
  grad: Tensor,
  input: Tensor,
  dims: number[] | null,
  correction: number | null,
  keepdim: boolean,
  result: Tensor,
): Tensor {
  const ofVariance = grad.div(result.mul(2)).masked_fill(result.eq(0), 0);
  return varianceGrad(ofVariance, input, dims, correction, keepdim);
}

function meanGrad(grad: Tensor, shape: number[], dims: number[] | null, keepdim: boolean): Tensor {
  return spread(grad, shape, dims, keepdim).div(reducedCount(shape, dims));
}

/**
 * The values below which the fractions `q` (a number or (Q), in [0, 1]) of the elements lie, along `dim` or of
 * all elements; several q become the first dimension. Between two elements `interpolation` decides: linear,
 * lower, higher, midpoint or nearest. NaN if there is one. Source: torch.quantile.
 */
op(
  "quantile(input, q: float | Tensor, dim: int? = null, keepdim = false, *, interpolation: str = 'linear')",
  (input, q, dim, keepdim, interpolation) => quantile(input, q, dim, keepdim, interpolation, false),
);

/** As `quantile`, of the elements that are not NaN. Source: torch.nanquantile. */
op(
  "nanquantile(input, q: float | Tensor, dim: int? = null, keepdim = false, *, interpolation: str = 'linear')",
  (input, q, dim, keepdim, interpolation) => quantile(input, q, dim, keepdim, interpolation, true),
);

function quantile(
  input: Tensor,
  q: number | Tensor,
  dim: number | null,
  keepdim: boolean,
  interpolation: string,
  ignoreNan: boolean,
): Tensor {
  const ndim = input.shape.length;
  const at = wrapDim(dim ?? 0, ndim);
  const fractions = typeof q === "number" ? torch.full([], q, { dtype: floating(input.dtype) }) : q;
  checkQuantile(ignoreNan ? "nanquantile" : "quantile", input, q, fractions, interpolation);
  const sorted = sortedAlong(input, dim === null ? null : at);
  const rest = dim === null || ndim === 0 ? input.shape.map(() => 1) : input.shape.with(at, 1);
  const lead = keepdim ? rest : dim === null ? [] : input.shape.toSpliced(at, 1);
  const rows = sorted.reshape([...lead, sorted.shape.at(-1)!]);
  const ranks = ranksOf(rows, fractions.shape.length === 0 ? fractions.reshape(1) : fractions, ignoreNan);
  const values = between(rows, ranks, interpolation);
  if (fractions.shape.length === 0) return values._without_dim(-1);
  return values.unsqueeze(0).transpose(0, -1)._without_dim(-1);
}

function sortedAlong(input: Tensor, dim: number | null): Tensor {
  if (dim === null) return input.flatten().sort()[0];
  if (dim === input.shape.length - 1) return input.sort()[0];
  return input.unsqueeze(-1).transpose(dim, -1).sort()[0];
}

/** Where among the sorted elements each fraction lies; at the last one, which is a NaN, if there is any. */
function ranksOf(sorted: Tensor, q: Tensor, ignoreNan: boolean): Tensor {
  const nans = sorted.detach().isnan();
  if (ignoreNan) {
    const ranks = q.mul(nans.logical_not().sum(-1, true).sub(1));
    return ranks.masked_fill(ranks.lt(0), 0);
  }
  const last = sorted.shape.at(-1)! - 1;
  const shape = [...sorted.shape.slice(0, -1), q.shape[0]];
  return q._mul_scalar(last).expand(shape).masked_fill(nans.any(-1, true).expand(shape), last);
}

function between(sorted: Tensor, ranks: Tensor, interpolation: string): Tensor {
  if (interpolation === "lower") return sorted.gather(-1, ranks.detach().floor().long());
  if (interpolation === "higher") return sorted.gather(-1, ranks.detach().ceil().long());
  if (interpolation === "nearest") return sorted.gather(-1, ranks.detach().round().long());
  const below = ranks.detach().long();
  const weights = interpolation === "midpoint" ? torch.full_like(ranks, 0.5) : ranks.sub(below);
  return sorted.gather(-1, below).lerp(sorted.gather(-1, ranks.detach().ceil().long()), weights);
}

/** A dimension of size 1 dropped from a tensor that nothing else refers to. @internal */
op("Tensor._without_dim(input, dim: int)", {
  grad_fn: "SqueezeBackward4",
  forward: (input, dim) => input.squeeze(dim),
  backward: { input: [["input.shape"], (grad, shape) => grad.reshape(shape), "grad, in the input's shape"] },
});

const INTERPOLATIONS = ["linear", "lower", "higher", "midpoint", "nearest"];

function checkQuantile(
  name: string,
  input: Tensor,
  given: number | Tensor,
  q: Tensor,
  interpolation: string,
): void {
  const fail = (message: string) => {
    throw new RuntimeError(`${name}() ${message}`);
  };
  if (numel(input.shape) === 0) fail("input tensor must be non-empty");
  if (q.shape.length > 1) fail("q must be a scalar or 1D tensor");
  if (input.dtype.category !== "float") fail("input tensor must be either float or double dtype");
  if (q.dtype !== input.dtype) fail("q tensor must be same dtype as the input tensor");
  if (!INTERPOLATIONS.includes(interpolation))
    fail(`interpolation must be one of linear, lower, higher, midpoint or nearest, but got ${interpolation}`);
  if (elements(q).every((x) => x >= 0 && x <= 1)) return;
  fail(
    typeof given === "number"
      ? `q must be in the range [0, 1] but got ${given}`
      : "q values must be in the range [0, 1]",
  );
}

/**
 * Covariances of variables (rows) over observations (columns): (v, n) → (v, v); 0-dim for one variable (n).
 * `fweights` (n, integers) repeats observations, `aweights` (n) weighs them. Source: torch.cov.
 */
op(
  "cov(input, *, correction: int = 1, fweights: Tensor? = null, aweights: Tensor? = null)",
  (input, correction, fweights, aweights) => {
    if (input.shape.length > 2)
      throw new RuntimeError(
        `cov(): expected input to have two or fewer dimensions but got an input with ${input.shape.length} dimensions`,
      );
    if (input.dtype === bool) throw new RuntimeError("cov(): bool dtype is not supported for input");
    const samples = input.shape.length < 2 ? input.view([1, -1]) : input;
    const count = samples.shape[1];
    if (fweights !== null) checkWeights("fweights", fweights, count);
    if (aweights !== null) checkWeights("aweights", aweights, count);
    const weights = fweights !== null && aweights !== null ? fweights.mul(aweights) : (fweights ?? aweights);
    const weighted = (t: Tensor) => (weights === null ? t : t.mul(weights));
    const sum = weights === null ? torch.full([], count, { dtype: int64 }) : weights.sum();
    if (weights !== null && sum.item() === 0)
      throw new RuntimeError("cov(): weights sum to zero, can't be normalized");
    const average = weighted(samples).sum(1).div(sum);
    const lost =
      weights !== null && aweights !== null && correction !== 0
        ? weights.mul(aweights).sum().mul(correction).div(sum)
        : correction;
    const norm = sum.sub(lost);
    const centred = samples.sub(average.unsqueeze(1));
    return centred
      .mm(weighted(centred).t())
      .div(norm.item() <= 0 ? norm.mul(0) : norm)
      .squeeze();
  },
);

function checkWeights(name: "fweights" | "aweights", weights: Tensor, count: number): void {
  const fail = (message: string) => {
    throw new RuntimeError(`cov(): ${message}`);
  };
  const kind = name === "fweights" ? "integral" : "floating point";
  if (weights.shape.length > 1)
    fail(
      `expected ${name} to have one or fewer dimensions but got ${name} with ${weights.shape.length} dimensions`,
    );
  if (weights.dtype.category !== (name === "fweights" ? "int" : "float"))
    fail(`expected ${name} to have ${kind} dtype but got ${name} with ${weights.dtype.scalarTypeName} dtype`);
  if (numel(weights.shape) !== count)
    fail(
      `expected ${name} to have the same numel as there are observations in the input but got ${numel(weights.shape)} != ${count}`,
    );
  if (elements(weights).some((x) => x < 0)) fail(`${name} cannot be negative`);
}

/** Pearson's correlations of variables (rows) over observations (columns): (v, n) → (v, v). Source: torch.corrcoef. */
op("corrcoef(input)", (input) => {
  if (input.shape.length > 2)
    throw new RuntimeError(
      `corrcoef(): expected input to have two or fewer dimensions but got an input with ${input.shape.length} dimensions`,
    );
  const covariance = input.cov();
  if (covariance.shape.length === 0) return covariance.div(covariance);
  const deviation = covariance.diagonal().sqrt();
  return covariance
    .div(deviation.reshape([-1, 1]))
    .div(deviation.reshape([1, -1]))
    .clamp(-1, 1);
});
