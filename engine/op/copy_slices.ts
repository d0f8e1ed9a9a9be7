import { CORE, type Gradients, Node } from "../autograd/node";
import type { Tensor, ViewMeta } from "../tensor";

/**
 * The history of a tensor after one of its views was changed in place: the gradient outside the view goes
 * on unchanged, the part inside goes through the step that changed it.
 * Source: torch/csrc/autograd/functions/tensor.h, CopySlices.
 */
export class CopySlices extends Node {
  private readonly path: ViewMeta[] = [];

  constructor(
    base: Tensor,
    before: Node | null,
    view: Tensor,
    /** The step that changed the view; its first input is the view itself, whose old history this replaces. */
    private readonly step: Node,
  ) {
    super();
    this.results.push({ shape: base.shape, dtype: base.dtype });
    this.next.push(before, ...step.next.slice(1));
    this.nextOutput.push(before === null ? 0 : base.outputNr, ...step.nextOutput.slice(1));
    for (let v = view; v.viewMeta !== null; v = v.viewMeta.parent) this.path.unshift(v.viewMeta);
  }

  name(): string {
    return `${CORE}CopySlices`;
  }

  backward(grads: Gradients): Gradients {
    const grad = grads[0];
    if (grad === null) return this.next.map(() => null);
    const whole = grad.clone();
    const slice = this.path.reduce(
      (t, meta) => meta.operator.run([t, ...meta.args.slice(1)]) as Tensor,
      whole,
    );
    const [inside, ...others] = this.step.backward([slice.clone()]);
    if (inside === null) slice.zero_();
    else slice.copy_(inside);
    return [this.next[0] === null ? null : whole, ...others];
  }

  override release(): void {
    this.step.release();
  }
}
