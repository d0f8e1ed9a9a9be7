import type { Node } from "../../engine/autograd/node";
import { elements, type Tensor } from "../../engine/tensor";
import type { NonFinite, NonFiniteInput } from "./queries";
import { Watch } from "./watch";

const isNotANumber = Number.isNaN;

/** Tensors of so many elements are looked through at every visit; larger ones as often as takes little time. */
const SMALL_ELEMENTS = 64;
/** So many elements of larger ones are looked at in any case, beyond them as many as take a small share of the run. */
const FREE_ELEMENTS = 1 << 20;
const ELEMENTS_PER_MS = 40_000;

const { now } = Date;
/** Operations that put in what the program gave them, which may well be infinite: masks are. */
const FILLS = ["MaskedFillBackward0", "WhereBackward0", "FillBackward0", "FillBackward1"];

/** Finds where the first NaN and the first infinity came up. Probes see values in the order of evaluation. */
export class NonFinites {
  nan: NonFinite | null = null;
  inf: NonFinite | null = null;
  private readonly startedAt = now();
  private looked = 0;
  private readonly inputsOf: (step: Node) => NonFiniteInput[];

  /** `inputsOf` is asked when one was found: what led to it may be gone when the program is over. */
  constructor(inputsOf: (step: Node) => NonFiniteInput[]) {
    this.inputsOf = inputsOf;
  }

  look(tensor: Tensor, site: number, visit: number): void {
    const { storage, dtype } = tensor;
    if (this.nan !== null || dtype.category !== "float" || (storage.watched & Watch.finite) !== 0) return;
    if (!this.affords(tensor.numel())) return;
    const values = elements(tensor);
    let isClean = true;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value - value === 0) continue;
      isClean = false;
      if (isNotANumber(value)) {
        this.nan = this.describe(tensor, site, visit);
        return;
      }
      if (this.inf === null && tensor.grad_fn !== null && !isFill(tensor.grad_fn.typeName)) {
        this.inf = this.describe(tensor, site, visit);
      }
    }
    if (isClean && values.length === storage.data.length) storage.watched |= Watch.finite;
  }

  private affords(elements: number): boolean {
    if (elements <= SMALL_ELEMENTS) return true;
    if (this.looked + elements > FREE_ELEMENTS + (now() - this.startedAt) * ELEMENTS_PER_MS) return false;
    this.looked += elements;
    return true;
  }

  private describe({ grad_fn }: Tensor, site: number, visit: number): NonFinite {
    const inputs = grad_fn === null ? [] : this.inputsOf(grad_fn);
    return { site, visit: visit + 1, gradFn: grad_fn?.typeName ?? null, inputs };
  }
}

/** Whether there is a NaN or an infinity in it. */
export function isNonFinite(tensor: Tensor): boolean {
  const values = elements(tensor);
  for (let i = 0; i < values.length; i++)
    if ((values[i] as number) - (values[i] as number) !== 0) return true;
  return false;
}

function isFill(gradFn: string): boolean {
  for (let i = 0; i < FILLS.length; i++) if (FILLS[i] === gradFn) return true;
  return false;
}
