import { activation } from "./activation";
import { arithmetic } from "./arithmetic";
import { attention } from "./attention";
import { classification_loss } from "./classification_loss";
import { comparison } from "./comparison";
import { conversion } from "./conversion";
import { convolution } from "./convolution";
import { ctc } from "./ctc";
import { cumulative } from "./cumulative";
import { distance } from "./distance";
import { embedding } from "./embedding";
import { grid } from "./grid";
import { histogram } from "./histogram";
import { indexing } from "./indexing";
import { joining } from "./joining";
import { linalg } from "./linalg";
import { linear_algebra } from "./linear_algebra";
import { loss } from "./loss";
import { norm } from "./norm";
import { normalization } from "./normalization";
import { padding } from "./padding";
import { pointwise } from "./pointwise";
import { pooling } from "./pooling";
import { rearranging } from "./rearranging";
import { recurrent } from "./recurrent";
import { reduction } from "./reduction";
import { resampling } from "./resampling";
import { rounding } from "./rounding";
import type { Samples } from "./sample";
import { sampling } from "./sampling";
import { scatter } from "./scatter";
import { selection } from "./selection";
import { shuffle } from "./shuffle";
import { singular_values } from "./singular_values";
import { softmax } from "./softmax";
import { sorting } from "./sorting";
import { special } from "./special";
import { statistics } from "./statistics";
import { trigonometry } from "./trigonometry";
import { views } from "./views";

/** One file per file of entries in engine/ops. */
export const samples: Samples = {
  ...activation,
  ...arithmetic,
  ...attention,
  ...classification_loss,
  ...comparison,
  ...conversion,
  ...convolution,
  ...ctc,
  ...cumulative,
  ...distance,
  ...embedding,
  ...grid,
  ...histogram,
  ...indexing,
  ...joining,
  ...linalg,
  ...linear_algebra,
  ...loss,
  ...norm,
  ...normalization,
  ...padding,
  ...pointwise,
  ...pooling,
  ...rearranging,
  ...recurrent,
  ...reduction,
  ...resampling,
  ...rounding,
  ...sampling,
  ...scatter,
  ...selection,
  ...shuffle,
  ...singular_values,
  ...softmax,
  ...sorting,
  ...special,
  ...statistics,
  ...trigonometry,
  ...views,
};
