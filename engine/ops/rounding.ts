import { map, refuseBool, refuseIntegers } from "../kernels/elementwise";
import { op, torch } from "../op/define";
import type { Tensor } from "../tensor";

// Steps are flat: their derivative is 0 everywhere. Integers come out as they went in.

/** ⌊input⌋. Source: torch.floor. */
op("floor(input)", {
  grad_fn: "FloorBackward0",
  forward: (input) => rounded(input, "floor_vml_cpu", Math.floor),
  backward: { input: [[], (grad) => torch.zeros_like(grad), "0"] },
  inplace: true,
  alias: ["torch.floor_"],
});

/** ⌈input⌉. Source: torch.ceil. */
op("ceil(input)", {
  grad_fn: "CeilBackward0",
  forward: (input) => rounded(input, "ceil_vml_cpu", Math.ceil),
  backward: { input: [[], (grad) => torch.zeros_like(grad), "0"] },
  inplace: true,
  alias: ["torch.ceil_"],
});

/** The integer part, towards zero. Source: torch.trunc. */
op("trunc(input)", {
  grad_fn: "TruncBackward0",
  forward: (input) => rounded(input, "trunc_vml_cpu", Math.trunc),
  backward: { input: [[], (grad) => torch.zeros_like(grad), "0"] },
  inplace: true,
  alias: ["torch.fix_", "torch.trunc_", "torch.fix", "Tensor.fix"],
});

/** The nearest integer, of two equally near the even one. Source: torch.round. */
op("round(input)", {
  grad_fn: "RoundBackward0",
  forward: (input) => rounded(input, "round_vml_cpu", roundHalfToEven),
  backward: { input: [[], (grad) => torch.zeros_like(grad), "0"] },
  inplace: true,
  alias: ["torch.round_", "special.round"],
});

/** Rounds to `decimals` places; negative ones stand left of the point. Floating types only. Source: torch.round. */
op("round.decimals(input, *, decimals: int)", {
  grad_fn: "RoundBackward1",
  forward: (input, decimals) => {
    if (decimals === 0) return rounded(input, "round_vml_cpu", roundHalfToEven);
    refuseIntegers("round_cpu", input.dtype);
    const scale = 10 ** Math.abs(decimals);
    return map(
      input,
      decimals > 0 ? (x) => roundHalfToEven(x * scale) / scale : (x) => roundHalfToEven(x / scale) * scale,
    );
  },
  backward: { input: [[], (grad) => torch.zeros_like(grad), "0"] },
  inplace: true,
  alias: ["torch.round_", "special.round"],
});

/** The part after the point, with the input's sign. Floating types only. Source: torch.frac. */
op("frac(input)", {
  grad_fn: "FracBackward0",
  forward: (input) => {
    refuseIntegers("frac_cpu", input.dtype);
    return map(input, (x) => x - Math.trunc(x));
  },
  backward: { input: [[], (grad) => grad, "grad"] },
  inplace: true,
  alias: ["torch.frac_"],
});

function rounded(input: Tensor, kernel: string, round: (x: number) => number): Tensor {
  refuseBool(kernel, input.dtype);
  return map(input, round);
}

/** Keeps the sign of what rounds to 0, as C does. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5 || (rest === 0.5 && floor % 2 === 0)) return floor;
  // ⌈x⌉ is −0 just below 0, where floor + 1 is 0.
  return Math.ceil(x);
}
