import { arithmetic } from "./arithmetic";
import { creation } from "./creation";
import { cumulative } from "./cumulative";
import { distance } from "./distance";
import { indexing } from "./indexing";
import { linear_algebra } from "./linear_algebra";
import { loss } from "./loss";
import { norm } from "./norm";
import { pointwise } from "./pointwise";
import { reduction } from "./reduction";
import { rounding } from "./rounding";
import type { Samples } from "./sample";
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
  ...creation,
  ...cumulative,
  ...distance,
  ...indexing,
  ...linear_algebra,
  ...loss,
  ...norm,
  ...pointwise,
  ...reduction,
  ...singular_values,
  ...softmax,
  ...sorting,
  ...statistics,
  ...rounding,
  ...selection,
  ...special,
  ...trigonometry,
  ...views,
};
