import { enable_grad } from "../autograd/context";
import { RuntimeError, ValueError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import { elements, Tensor } from "../tensor";
import { strongWolfe, type Trial } from "./line_search";
import {
  Optimizer,
  type ParamGroup,
  type ParamList,
  type Params,
  requireRate,
  withNumbers,
} from "./optimizer";

export interface LBFGSOptions {
  lr?: number | Tensor;
  /** Most iterations of one step. */
  max_iter?: number;
  /** Most evaluations of the loss in one step; null for 1.25 times `max_iter`. */
  max_eval?: number | null;
  tolerance_grad?: number;
  tolerance_change?: number;
  history_size?: number;
  line_search_fn?: "strong_wolfe" | null;
}

/** What is remembered, under the first parameter as in PyTorch. */
interface LBFGSState {
  func_evals: number;
  n_iter: number;
  /** Coefficients of the latest direction, one for each remembered step, up to `history_size`. */
  al?: (Tensor | null)[];
  d?: Tensor;
  t?: number;
  old_dirs?: Tensor[];
  old_stps?: Tensor[];
  ro?: Tensor[];
  H_diag?: Tensor | number;
  prev_flat_grad?: Tensor;
  prev_loss?: number;
}

const lbfgsArguments = signature(
  "LBFGS(params: any, lr: Tensor | float = 1, max_iter: int = 20, max_eval: int? = null, tolerance_grad: float = 1e-07, tolerance_change: float = 1e-09, history_size: int = 100, line_search_fn: str? = null)",
);

/**
 * Limited-memory BFGS: approximates the curvature from the latest steps. One step evaluates the loss many
 * times, so `step` needs a closure that computes it and its gradients. One group only.
 * Source: torch.optim.LBFGS.
 */
export class LBFGS extends Optimizer {
  constructor(params: ParamList, options?: LBFGSOptions);
  constructor(params: ParamList, lr: number | Tensor, options?: LBFGSOptions);
  constructor(params: ParamList, lr: number | Tensor, max_iter: number, options?: LBFGSOptions);
  constructor(options: { params: ParamList } & LBFGSOptions);
  constructor(...args: unknown[]) {
    const [params, lr, max_iter, max_eval, tolerance_grad, tolerance_change, history_size, line_search_fn] =
      lbfgsArguments(args);
    requireRate(lr);
    super(params as Params, {
      lr,
      max_iter,
      max_eval: max_eval ?? Math.floor((max_iter * 5) / 4),
      tolerance_grad,
      tolerance_change,
      history_size,
      line_search_fn,
    });
    if (this.param_groups.length !== 1)
      throw new ValueError("LBFGS doesn't support per-parameter options (parameter groups)");
  }

  protected update(): void {
    throw new RuntimeError("LBFGS changes all parameters together");
  }

  protected override run<T>(closure?: () => T): T {
    if (closure === undefined)
      throw new TypeError("LBFGS.step() missing 1 required positional argument: 'closure'");
    const group = withNumbers(this.param_groups[0]);
    const evaluate = () => enable_grad(closure);
    const initial = evaluate();
    const state = this.stateOf<LBFGSState>(group.params[0], () => ({ func_evals: 0, n_iter: 0 }));
    state.func_evals++;
    const grad = flatGrad(group.params);
    if (largest(grad) > group.tolerance_grad) this.iterate(group, state, evaluate, toNumber(initial), grad);
    return initial;
  }

  private iterate(
    group: ParamGroup,
    state: LBFGSState,
    evaluate: () => unknown,
    firstLoss: number,
    firstGrad: Tensor,
  ): void {
    const { params, lr, max_iter, max_eval, tolerance_grad, tolerance_change, line_search_fn } = group;
    if (line_search_fn !== null && line_search_fn !== "strong_wolfe")
      throw new RuntimeError("only 'strong_wolfe' is supported");
    let loss = firstLoss;
    let grad = firstGrad;
    let evaluations = 1;
    const latest: Latest = pick(state);
    for (let iteration = 1; iteration <= max_iter; iteration++) {
      state.n_iter++;
      const d = nextDirection(state, latest, grad, group.history_size);
      latest.d = d;
      latest.prev_flat_grad = grad.clone();
      latest.prev_loss = loss;
      latest.t = state.n_iter === 1 ? Math.min(1, 1 / grad.abs().sum().item()) * lr : lr;
      const slope = grad.dot(d).item();
      if (slope > -tolerance_change) break;

      let used = 0;
      if (line_search_fn !== null) {
        const before = params.map((param) => param.clone());
        const trial = (t: number): Trial<Tensor> => {
          move(params, d, t);
          const loss = toNumber(evaluate());
          const grad = flatGrad(params);
          params.forEach((param, i) => {
            param.copy_(before[i]);
          });
          return { t, loss, grad, slope: grad.dot(d).item() };
        };
        const { best, evaluations: needed } = strongWolfe({
          start: { t: 0, loss, grad, slope },
          firstStep: latest.t,
          reach: largest(d),
          evaluate: trial,
          toleranceChange: tolerance_change,
          maxTrials: max_eval - evaluations,
        });
        latest.t = best.t;
        loss = best.loss;
        grad = best.grad;
        used = needed;
        move(params, d, latest.t);
      } else {
        move(params, d, latest.t);
        if (iteration !== max_iter) {
          loss = toNumber(evaluate());
          grad = flatGrad(params);
          used = 1;
        }
      }
      evaluations += used;
      state.func_evals += used;
      if (evaluations >= max_eval || largest(grad) <= tolerance_grad) break;
      if (largest(d.mul(latest.t)) <= tolerance_change) break;
      if (Math.abs(loss - latest.prev_loss) < tolerance_change) break;
    }
    const { d, t, old_dirs, old_stps, ro, H_diag, prev_flat_grad, prev_loss } = latest;
    Object.assign(state, { d, t, old_dirs, old_stps, ro, H_diag, prev_flat_grad, prev_loss });
  }
}

/** What the next direction depends on; put into the state once a step is through, as PyTorch does. */
type Latest = Omit<LBFGSState, "func_evals" | "n_iter" | "al">;

function pick({ func_evals: _, n_iter: __, al: ___, ...latest }: LBFGSState): Latest {
  return latest;
}

/** The direction to search: the gradient through the approximate inverse of the curvature. */
function nextDirection(state: LBFGSState, latest: Latest, grad: Tensor, historySize: number): Tensor {
  if (latest.d === undefined) {
    latest.old_dirs = [];
    latest.old_stps = [];
    latest.ro = [];
    latest.H_diag = 1;
    return grad.neg();
  }
  const [dirs, steps, ro] = [latest.old_dirs!, latest.old_stps!, latest.ro!];
  const y = grad.sub(latest.prev_flat_grad!);
  const s = latest.d.mul(latest.t!);
  const ys = y.dot(s);
  if (ys.item() > 1e-10) {
    if (dirs.length === historySize) for (const list of [dirs, steps, ro]) list.shift();
    dirs.push(y);
    steps.push(s);
    ro.push(ys.reciprocal());
    latest.H_diag = ys.div(y.dot(y));
  }
  state.al ??= new Array<null>(historySize).fill(null);
  const al = state.al as Tensor[];
  const q = grad.neg();
  for (let i = dirs.length - 1; i >= 0; i--) {
    al[i] = steps[i].dot(q).mul(ro[i]);
    q.add_(dirs[i], { alpha: -al[i].item() });
  }
  const r = q.mul(latest.H_diag!);
  for (let i = 0; i < dirs.length; i++)
    r.add_(steps[i], { alpha: al[i].sub(dirs[i].dot(r).mul(ro[i])).item() });
  return r;
}

/** All gradients in one vector; zeros where there are none. */
function flatGrad(params: readonly Tensor[]): Tensor {
  const flat = torch.zeros([params.reduce((n, param) => n + param.numel(), 0)], { dtype: params[0].dtype });
  let offset = 0;
  for (const param of params) {
    if (param.grad !== null) flat.storage.data.set(elements(param.grad), offset);
    offset += param.numel();
  }
  return flat;
}

/** Moves all parameters along the direction `d`. */
function move(params: readonly Tensor[], d: Tensor, t: number): void {
  let offset = 0;
  for (const param of params) {
    param.add_(d.narrow(0, offset, param.numel()).view(param.shape), { alpha: t });
    offset += param.numel();
  }
}

function largest(t: Tensor): number {
  return t.abs().max().item();
}

function toNumber(loss: unknown): number {
  return loss instanceof Tensor ? loss.item() : Number(loss);
}
