import { arithmetic } from "./arithmetic";
import { conversion } from "./conversion";
import { cumulative } from "./cumulative";
import { distance } from "./distance";
import { indexing } from "./indexing";
import { joining } from "./joining";
import { linear_algebra } from "./linear_algebra";
import { loss } from "./loss";
import { norm } from "./norm";
import { pointwise } from "./pointwise";
import { rearranging } from "./rearranging";
import { reduction } from "./reduction";
import { rounding } from "./rounding";
import type { Samples } from "./sample";
import { sampling } from "./sampling";
import { scatter } from "./scatter";
import { selection } from "./selection";
import { singular_values } from "./singular_values";
import { softmax } from "./softmax";
import { sorting } from "./sorting";
import { special } from "./special";
import { statistics } from "./statistics";
import { trigonometry } from "./trigonometry";
import { views } from "./views";

/** One file per file of entries in engine/ops. */
export const samples: Samples = {
  ...arithmetic,
  ...conversion,
  ...cumulative,
  ...distance,
  ...indexing,
  ...joining,
  ...linear_algebra,
  ...loss,
  ...norm,
  ...pointwise,
  ...rearranging,
  ...reduction,
  ...singular_values,
  ...softmax,
  ...sorting,
  ...statistics,
  ...rounding,
  ...sampling,
  ...scatter,
  ...selection,
  ...special,
  ...trigonometry,
  ...views,
};
