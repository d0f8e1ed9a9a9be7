import { bool } from "../dtype";
import { test, zip, zipTest } from "../kernels/elementwise";
import { op } from "../op/define";
import { sameShape } from "../shape";
import { elements } from "../tensor";

/** Element-wise equality, a bool tensor. Source: torch.eq. */
op("eq(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x === y));
/** Source: torch.ne. */
op("ne(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x !== y));
/** Source: torch.lt. */
op("lt(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x < y));
/** Source: torch.le. */
op("le(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x <= y));
/** Source: torch.gt. */
op("gt(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x > y));
/** Source: torch.ge. */
op("ge(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x >= y));

/** Whether two tensors have the same shape and elements. Source: torch.equal. */
op("equal(input, other: Tensor) -> bool", (input, other) => {
  if (!sameShape(input.shape, other.shape)) return false;
  const x = elements(input);
  const y = elements(other);
  return x.every((value, i) => value === y[i]);
});

/** Whether |input − other| ≤ atol + rtol · |other| everywhere. Source: torch.allclose. */
op(
  "allclose(input, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan = false) -> bool",
  (input, other, rtol, atol, equal_nan) =>
    elements(
      zipTest(
        input,
        other,
        (x, y) =>
          x === y ||
          Math.abs(x - y) <= atol + rtol * Math.abs(y) ||
          (equal_nan && Number.isNaN(x) && Number.isNaN(y)),
      ),
    ).every((close) => close !== 0),
);

/** Whether each element is NaN. Source: torch.isnan. */
op("isnan(input)", (input) => test(input, Number.isNaN));
/** Source: torch.isinf. */
op("isinf(input)", (input) => test(input, (x) => Math.abs(x) === Number.POSITIVE_INFINITY));
/** Source: torch.isfinite. */
op("isfinite(input)", (input) => test(input, Number.isFinite));

/** Source: torch.logical_not. */
op("logical_not(input)", (input) => test(input, (x) => x === 0));
/** Source: torch.logical_and. */
op("logical_and(input, other: Tensor)", (input, other) =>
  zip(input, other, (x, y) => +(x !== 0 && y !== 0), undefined, bool),
);
/** Source: torch.logical_or. */
op("logical_or(input, other: Tensor)", (input, other) =>
  zip(input, other, (x, y) => +(x !== 0 || y !== 0), undefined, bool),
);
