/** Samples that the engine does not answer as they were drawn. Each must fail: one that passes must go. */
export interface Exception {
  vectors: "float32" | "float64";
  /** The operator, with the samples' variant after a slash. */
  operator: string;
  samples: number[];
  because: string;
}

const uninitialised = "its memory is uninitialised in PyTorch";
const onlyViews = "its input looks into a larger memory, which the vectors do not hold";
const wrongInPyTorch = "PyTorch keeps the gradient of the overwritten elements and drops that of the others";
const inaccurateInPyTorch =
  "PyTorch's approximation is off by up to 1e-6; compared with mpmath, the engine's is not";
const noGradientIn1 = "1.13 gave a number raised to a tensor no gradient for the number's tensor";
const residualsIn1 = "1.13 gave the residuals no gradient";

export const exceptions: Exception[] = [
  { vectors: "float32", operator: "empty_like", samples: [3, 5], because: uninitialised },
  { vectors: "float64", operator: "empty_like", samples: [3, 5], because: uninitialised },
  { vectors: "float32", operator: "new_empty", samples: [5], because: uninitialised },
  { vectors: "float64", operator: "new_empty", samples: [3], because: uninitialised },
  { vectors: "float32", operator: "new_empty_strided", samples: [3, 5], because: uninitialised },
  { vectors: "float64", operator: "new_empty_strided", samples: [3, 5], because: uninitialised },
  { vectors: "float64", operator: "as_strided/partial_views", samples: [1, 2], because: onlyViews },
  { vectors: "float32", operator: "as_strided_scatter", samples: [0, 1, 3], because: wrongInPyTorch },
  { vectors: "float64", operator: "as_strided_scatter", samples: [0, 3, 5], because: wrongInPyTorch },
  { vectors: "float64", operator: "special.bessel_j0", samples: [0], because: inaccurateInPyTorch },
  { vectors: "float64", operator: "special.bessel_j1", samples: [0], because: inaccurateInPyTorch },
  { vectors: "float64", operator: "special.bessel_y1", samples: [0], because: inaccurateInPyTorch },
  { vectors: "float32", operator: "__rpow__", samples: [0, 3], because: noGradientIn1 },
  { vectors: "float32", operator: "linalg.lstsq", samples: [0, 11, 35], because: residualsIn1 },
  {
    vectors: "float32",
    operator: "linalg.lstsq/grad_oriented",
    samples: [0, 11, 35],
    because: "1.13's database takes the solution alone",
  },
  {
    vectors: "float64",
    operator: "aminmax",
    samples: [5],
    because: "the dimension kept of a 0-dim tensor, as 1.13 has it and 2.13 has not",
  },
  {
    vectors: "float32",
    operator: "native_layer_norm",
    samples: [11],
    because: "a single element's distance from the mean, which is PyTorch's rounding",
  },
  {
    vectors: "float64",
    operator: "linalg.tensorinv",
    samples: [0, 1],
    because: "PyTorch's inverse lies in memory by columns, so that another kind of view reshapes it",
  },
];
