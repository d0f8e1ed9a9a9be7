import { bool, type DType, int64 } from "../dtype";
import { map, type Operand, pairType, refuseBool, refuseFloats, zip } from "../kernels/elementwise";
import { op } from "../op/define";
import type { Tensor } from "../tensor";

// Integers and booleans only.

/** Every bit inverted; of a boolean its opposite. Source: torch.bitwise_not. */
op(
  "bitwise_not(input)",
  (input) => {
    refuseFloats("bitwise_not_cpu", input.dtype);
    return input.dtype === bool ? input.logical_not() : map(input, (x) => -1 - x);
  },
  { inplace: true },
);

/** Bits set in both. Source: torch.bitwise_and. */
op("bitwise_and(input, other: Tensor | Number)", (input, other) => bitwise("and", input, other), {
  inplace: true,
});

/** Bits set in both. Source: torch.bitwise_and. */
op("bitwise_and.Scalar_Tensor(input: Number, other: Tensor)", (input, other) => bitwise("and", input, other));

/** Bits set in either. Source: torch.bitwise_or. */
op("bitwise_or(input, other: Tensor | Number)", (input, other) => bitwise("or", input, other), {
  inplace: true,
});

/** Bits set in either. Source: torch.bitwise_or. */
op("bitwise_or.Scalar_Tensor(input: Number, other: Tensor)", (input, other) => bitwise("or", input, other));

/** Bits set in exactly one. Source: torch.bitwise_xor. */
op("bitwise_xor(input, other: Tensor | Number)", (input, other) => bitwise("xor", input, other), {
  inplace: true,
});

/** Bits set in exactly one. Source: torch.bitwise_xor. */
op("bitwise_xor.Scalar_Tensor(input: Number, other: Tensor)", (input, other) => bitwise("xor", input, other));

/** Shifted left by `other` bits; what leaves the type is lost. Source: torch.bitwise_left_shift. */
op("bitwise_left_shift(input, other: Tensor | Number)", (input, other) => shiftLeft(input, other), {
  inplace: true,
});

/** Shifted left by `other` bits; what leaves the type is lost. Source: torch.bitwise_left_shift. */
op("bitwise_left_shift.Scalar_Tensor(input: Number, other: Tensor)", (input, other) =>
  shiftLeft(input, other),
);

/** Shifted right by `other` bits, keeping the sign. Source: torch.bitwise_right_shift. */
op("bitwise_right_shift(input, other: Tensor | Number)", (input, other) => shiftRight(input, other), {
  inplace: true,
});

/** Shifted right by `other` bits, keeping the sign. Source: torch.bitwise_right_shift. */
op("bitwise_right_shift.Scalar_Tensor(input: Number, other: Tensor)", (input, other) =>
  shiftRight(input, other),
);

/** Greatest common divisor, never negative. Integers only. Source: torch.gcd. */
op("gcd(input, other: Tensor)", (input, other) => zip(input, other, gcd, integers("gcd_cpu", input, other)), {
  inplace: true,
  alias: ["torch.gcd_"],
});

/** Least common multiple, never negative. Integers only. Source: torch.lcm. */
op(
  "lcm(input, other: Tensor)",
  (input, other) =>
    zip(
      input,
      other,
      (x, y) => (x === 0 || y === 0 ? 0 : Math.abs((x / gcd(x, y)) * y)),
      integers("lcm_cpu", input, other),
    ),
  { inplace: true, alias: ["torch.lcm_"] },
);

function integers(kernel: string, a: Tensor, b: Tensor): DType {
  const dtype = pairType(a, b);
  refuseFloats(kernel, dtype);
  refuseBool(kernel, dtype);
  return dtype;
}

function gcd(x: number, y: number): number {
  let a = Math.abs(x);
  let b = Math.abs(y);
  while (a !== 0) [a, b] = [b % a, a];
  return b;
}

const BIT_OPERATIONS = {
  and: { narrow: (x: number, y: number) => x & y, wide: (x: bigint, y: bigint) => x & y },
  or: { narrow: (x: number, y: number) => x | y, wide: (x: bigint, y: bigint) => x | y },
  xor: { narrow: (x: number, y: number) => x ^ y, wide: (x: bigint, y: bigint) => x ^ y },
};

function bitwise(name: keyof typeof BIT_OPERATIONS, a: Operand, b: Operand): Tensor {
  const dtype = pairType(a, b);
  refuseFloats(`bitwise_${name}_cpu`, dtype);
  const { narrow, wide } = BIT_OPERATIONS[name];
  if (dtype !== int64) return zip(a, b, narrow, dtype);
  // JavaScript's bit operations see 32 bits only.
  return zip(
    a,
    b,
    (x, y) => ((x | 0) === x && (y | 0) === y ? narrow(x, y) : Number(wide(BigInt(x), BigInt(y)))),
    dtype,
  );
}

function shiftLeft(a: Operand, b: Operand): Tensor {
  const dtype = pairType(a, b);
  refuseFloats("lshift_cpu", dtype);
  refuseBool("lshift_cpu", dtype);
  const bits = dtype.itemsize * 8;
  const shift = bits === 64 ? wideShiftLeft : (x: number, y: number) => x << y;
  return zip(a, b, (x, y) => (y < 0 || y >= bits ? 0 : shift(x, y)), dtype);
}

function wideShiftLeft(x: number, y: number): number {
  return Number(BigInt.asIntN(64, BigInt(x) << BigInt(y)));
}

function shiftRight(a: Operand, b: Operand): Tensor {
  const dtype = pairType(a, b);
  refuseFloats("rshift_cpu", dtype);
  refuseBool("rshift_cpu", dtype);
  const bits = dtype.itemsize * 8;
  return zip(a, b, (x, y) => (y < 0 || y >= bits ? (x < 0 ? -1 : 0) : Math.floor(x / 2 ** y)), dtype);
}
