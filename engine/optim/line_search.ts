/** A point along the search direction: how far, the loss there, and the slope of the loss. */
export interface Trial<G> {
  t: number;
  loss: number;
  grad: G;
  slope: number;
}

/** Gives the loss, gradient and slope at a distance along the search direction. */
export type Evaluate<G> = (t: number) => Trial<G>;

interface LineSearch<G> {
  start: Trial<G>;
  firstStep: number;
  /** Largest change of any parameter at distance 1. */
  reach: number;
  evaluate: Evaluate<G>;
  toleranceChange: number;
  maxTrials: number;
}

/** The loss must fall by at least this fraction of what the slope promises … */
const C1 = 1e-4;
/** … and the slope by at least this factor. */
const C2 = 0.9;

/**
 * Finds a point that satisfies the strong Wolfe conditions: widens a bracket, then narrows it by cubic
 * interpolation. Returns it with the number of evaluations. Source: torch.optim.lbfgs._strong_wolfe.
 */
export function strongWolfe<G>(search: LineSearch<G>): { best: Trial<G>; evaluations: number } {
  const { start, evaluate, maxTrials, reach, toleranceChange } = search;
  const tooHigh = (trial: Trial<G>) => trial.loss > start.loss + C1 * trial.t * start.slope;
  const flatEnough = (trial: Trial<G>) => Math.abs(trial.slope) <= -C2 * start.slope;

  let previous = start;
  let current = evaluate(search.firstStep);
  let trials = 0;
  let bracket: [Trial<G>, Trial<G>] | null = null;
  while (trials < maxTrials) {
    if (tooHigh(current) || (trials > 1 && current.loss >= previous.loss)) bracket = [previous, current];
    else if (flatEnough(current)) return { best: current, evaluations: trials + 1 };
    else if (current.slope >= 0) bracket = [previous, current];
    if (bracket !== null) break;
    const least = current.t + 0.01 * (current.t - previous.t);
    const next = cubicMinimum(previous, current, [least, current.t * 10]);
    previous = current;
    current = evaluate(next);
    trials++;
  }
  bracket ??= [start, current];

  let low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
  let stuck = false;
  while (trials < maxTrials && Math.abs(bracket[1].t - bracket[0].t) * reach >= toleranceChange) {
    let t = cubicMinimum(bracket[0], bracket[1], null);
    const left = Math.min(bracket[0].t, bracket[1].t);
    const right = Math.max(bracket[0].t, bracket[1].t);
    const margin = 0.1 * (right - left);
    if (Math.min(right - t, t - left) < margin) {
      if (stuck || t >= right || t <= left) {
        t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
        stuck = false;
      } else stuck = true;
    } else stuck = false;

    const trial = evaluate(t);
    trials++;
    const high = 1 - low;
    if (tooHigh(trial) || trial.loss >= bracket[low].loss) {
      bracket[high] = trial;
      low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
      continue;
    }
    const done = flatEnough(trial);
    if (!done && trial.slope * (bracket[high].t - bracket[low].t) >= 0) bracket[high] = bracket[low];
    bracket[low] = trial;
    if (done) break;
  }
  return { best: bracket[low], evaluations: trials + 1 };
}

/** Where the cubic through two points with these slopes has its minimum, held within the bounds. */
function cubicMinimum<G>(a: Trial<G>, b: Trial<G>, bounds: [number, number] | null): number {
  const [least, most] = bounds ?? (a.t <= b.t ? [a.t, b.t] : [b.t, a.t]);
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 ** 2 - a.slope * b.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const [near, far] = a.t <= b.t ? [a, b] : [b, a];
  const minimum = far.t - (far.t - near.t) * ((far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2));
  return Math.min(Math.max(minimum, least), most);
}
