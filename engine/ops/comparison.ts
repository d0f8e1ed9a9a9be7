import { RuntimeError } from "../errors";
import { test, zipTest } from "../kernels/elementwise";
import { op } from "../op/define";
import { sameShape } from "../shape";
import { elements, type Tensor } from "../tensor";

// Results are bool tensors without history. The in-place forms write 0 and 1 in the tensor's own dtype, and what
// they overwrite gets no gradient.

/** Element-wise equality, a bool tensor. Source: torch.eq. */
op("eq(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x === y), {
  inplace: { number: "EqBackward0", tensor: "EqBackward1" },
});

/** Element-wise inequality, a bool tensor. Source: torch.ne. */
op("ne(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x !== y), {
  inplace: { number: "NeBackward0", tensor: "NeBackward1" },
  alias: ["torch.not_equal", "Tensor.not_equal"],
});

/** input < other, a bool tensor. Source: torch.lt. */
op("lt(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x < y), {
  inplace: { number: "LtBackward0", tensor: "LtBackward1" },
  alias: ["torch.less", "Tensor.less"],
});

/** input ≤ other, a bool tensor. Source: torch.le. */
op("le(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x <= y), {
  inplace: { number: "LeBackward0", tensor: "LeBackward1" },
  alias: ["torch.less_equal", "Tensor.less_equal"],
});

/** input > other, a bool tensor. Source: torch.gt. */
op("gt(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x > y), {
  inplace: { number: "GtBackward0", tensor: "GtBackward1" },
  alias: ["torch.greater", "Tensor.greater"],
});

/** input ≥ other, a bool tensor. Source: torch.ge. */
op("ge(input, other: Tensor | Number)", (input, other) => zipTest(input, other, (x, y) => x >= y), {
  inplace: { number: "GeBackward0", tensor: "GeBackward1" },
  alias: ["torch.greater_equal", "Tensor.greater_equal"],
});

/** Whether two tensors have the same shape and elements. Source: torch.equal. */
op("equal(input, other: Tensor) -> bool", (input, other) => {
  if (!sameShape(input.shape, other.shape)) return false;
  const x = elements(input);
  const y = elements(other);
  return x.every((value, i) => value === y[i]);
});

/** Whether |input − other| ≤ atol + rtol · |other|; both of one dtype. Source: torch.isclose. */
op(
  "isclose(input, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan = false)",
  (input, other, rtol, atol, equal_nan) => close(input, other, rtol, atol, equal_nan),
);

/** Whether |input − other| ≤ atol + rtol · |other| everywhere. Source: torch.allclose. */
op(
  "allclose(input, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan = false) -> bool",
  (input, other, rtol, atol, equal_nan) =>
    elements(close(input, other, rtol, atol, equal_nan)).every((each) => each !== 0),
);

function close(input: Tensor, other: Tensor, rtol: number, atol: number, equalNaN: boolean): Tensor {
  if (input.dtype !== other.dtype)
    throw new RuntimeError(`${input.dtype.scalarTypeName} did not match ${other.dtype.scalarTypeName}`);
  for (const [name, tolerance] of [
    ["rtol", rtol],
    ["atol", atol],
  ] as const)
    if (!(tolerance >= 0))
      throw new RuntimeError(`${name} must be greater than or equal to zero, but got ${tolerance}`);
  return zipTest(
    input,
    other,
    (x, y) =>
      x === y ||
      // An infinity is close to itself only.
      (Number.isFinite(y) && Math.abs(x - y) <= atol + Math.abs(rtol * y)) ||
      (equalNaN && Number.isNaN(x) && Number.isNaN(y)),
  );
}

/** Whether each element is NaN. Source: torch.isnan. */
op("isnan(input)", (input) => test(input, Number.isNaN));

/** Whether each element is ∞ or −∞. Source: torch.isinf. */
op("isinf(input)", (input) => test(input, (x) => Math.abs(x) === Number.POSITIVE_INFINITY));

/** Whether each element is neither infinite nor NaN. Source: torch.isfinite. */
op("isfinite(input)", (input) => test(input, Number.isFinite));

/** Whether each element is ∞. Source: torch.isposinf. */
op("isposinf(input)", (input) => test(input, (x) => x === Number.POSITIVE_INFINITY));

/** Whether each element is −∞. Source: torch.isneginf. */
op("isneginf(input)", (input) => test(input, (x) => x === Number.NEGATIVE_INFINITY));

/** Whether each element is a real number: tensors here are. Source: torch.isreal. */
op("isreal(input)", (input) => test(input, () => true));

/** Whether the sign bit is set: below 0, or −0. Source: torch.signbit. */
op("signbit(input)", (input) => test(input, (x) => x < 0 || Object.is(x, -0)));

/** Whether each element is 0. Source: torch.logical_not. */
op("logical_not(input)", (input) => test(input, (x) => x === 0), { inplace: true });

/** Whether both are not 0. Source: torch.logical_and. */
op(
  "logical_and(input, other: Tensor)",
  (input, other) => zipTest(input, other, (x, y) => x !== 0 && y !== 0),
  { inplace: true },
);

/** Whether one or both are not 0. Source: torch.logical_or. */
op(
  "logical_or(input, other: Tensor)",
  (input, other) => zipTest(input, other, (x, y) => x !== 0 || y !== 0),
  { inplace: true },
);

/** Whether exactly one is not 0. Source: torch.logical_xor. */
op(
  "logical_xor(input, other: Tensor)",
  (input, other) => zipTest(input, other, (x, y) => (x !== 0) !== (y !== 0)),
  { inplace: true },
);
