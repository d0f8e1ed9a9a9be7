import { arithmetic } from "./arithmetic";
import { creation } from "./creation";
import { indexing } from "./indexing";
import { linear_algebra } from "./linear_algebra";
import { loss } from "./loss";
import { pointwise } from "./pointwise";
import { reduction } from "./reduction";
import type { Samples } from "./sample";
import { views } from "./views";

/** One file per file of entries in engine/ops. */
export const samples: Samples = {
  ...arithmetic,
  ...creation,
  ...indexing,
  ...linear_algebra,
  ...loss,
  ...pointwise,
  ...reduction,
  ...views,
};
