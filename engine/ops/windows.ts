// Windows for signals: weights that fall off towards both ends.
import type { DType } from "../dtype";
import { RuntimeError } from "../errors";
import { op, torch } from "../op/define";
import type { Tensor } from "../tensor";

/** Checks what is common to all windows; a periodic one is a symmetric one without its last element. */
function windowOf(
  name: string,
  length: number,
  periodic: boolean,
  dtype: DType | null,
  weights: (places: Tensor, last: number) => Tensor,
): Tensor {
  if (dtype !== null && dtype.category !== "float")
    throw new RuntimeError(`${name} expects floating point dtypes, got: ${dtype}`);
  if (length < 0)
    throw new RuntimeError(`${name} requires non-negative window_length, got window_length=${length}`);
  if (length <= 1) return torch.ones([length], { dtype });
  const size = periodic ? length + 1 : length;
  return weights(torch.arange(size, { dtype: dtype ?? torch.ones([]).dtype }), size - 1).narrow(0, 0, length);
}

/** Rises and falls in straight lines between 0 and 1. Source: torch.bartlett_window. */
op(
  "bartlett_window(window_length: int, periodic = true, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (window_length, periodic, dtype, requires_grad) =>
    windowOf("bartlett_window", window_length, periodic, dtype, (n, last) => {
      const rising = n.mul(2 / last);
      return torch.where(n.le(last / 2), rising, rising.rsub(2));
    }).requires_grad_(requires_grad),
);

/** 0.42 − 0.5 cos + 0.08 cos of twice the angle. Source: torch.blackman_window. */
op(
  "blackman_window(window_length: int, periodic = true, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (window_length, periodic, dtype, requires_grad) =>
    windowOf("blackman_window", window_length, periodic, dtype, (n, last) => {
      const angle = n.mul(Math.PI / last);
      return angle.mul(4).cos().mul(0.08).sub(angle.mul(2).cos().mul(0.5)).add(0.42);
    }).requires_grad_(requires_grad),
);

/** alpha − beta cos. Source: torch.hamming_window. */
op(
  "hamming_window(window_length: int, periodic = true, alpha: float = 0.54, beta: float = 0.46, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (window_length, periodic, alpha, beta, dtype, requires_grad) =>
    windowOf("hamming_window", window_length, periodic, dtype, (n, last) =>
      cosineWindow(n, last, alpha, beta),
    ).requires_grad_(requires_grad),
);

/** (1 − cos) / 2. Source: torch.hann_window. */
op(
  "hann_window(window_length: int, periodic = true, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (window_length, periodic, dtype, requires_grad) =>
    windowOf("hann_window", window_length, periodic, dtype, (n, last) =>
      cosineWindow(n, last, 0.5, 0.5),
    ).requires_grad_(requires_grad),
);

function cosineWindow(n: Tensor, last: number, alpha: number, beta: number): Tensor {
  return n
    .mul((2 * Math.PI) / last)
    .cos()
    .mul(-beta)
    .add(alpha);
}

/** I₀(beta √(1 − x²)) / I₀(beta), x from −1 to 1. Source: torch.kaiser_window. */
op(
  "kaiser_window(window_length: int, periodic = true, beta: float = 12, *, dtype: dtype? = null, requires_grad = false, layout: layout? = null, device: device? = null, pin_memory = false)",
  (window_length, periodic, beta, dtype, requires_grad) =>
    windowOf("kaiser_window", window_length, periodic, dtype, (n, last) => {
      const x = n.mul(2 / last).sub(1);
      const top = x.square().rsub(1).clamp(0).sqrt().mul(beta).i0();
      return top.div(torch.scalar_tensor(beta, { dtype: n.dtype }).i0());
    }).requires_grad_(requires_grad),
);
