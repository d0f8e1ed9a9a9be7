import { Function as AutogradFunction } from "../../engine/autograd/function";
import { grad } from "../../engine/autograd/functions";
import { withGradMode } from "../../engine/autograd/grad_mode";
import { defaultGenerator } from "../../engine/random/generator";
import { elements, type Tensor } from "../../engine/tensor";
import { isTensor } from "../trace/kinds";
import { Attempt } from "./attempt";
import { type Checking, compareElements, type Subject } from "./elements";
import type { CheckResult } from "./model";
import { impossible } from "./passCheck";
import type { Program } from "./program";

type Apply = (...args: unknown[]) => unknown;

/** Compares the `backward` of a custom function with finite differences of its `forward`, at its first arguments. */
export function* checkFunction(program: Program, name: string): Checking<CheckResult> {
  const survey = new Attempt(program.sites.length, null);
  const call = new FirstCall(name, survey);
  const ended = yield* program.run(survey, () => call.listen());
  if (call.apply === null) {
    if (survey.isLate) return impossible("tooSlow");
    return ended.error === null ? impossible("notReached") : impossible("failed", ended.error);
  }
  survey.release();
  const inputs = call.args.filter((arg): arg is Tensor => isTensor(arg) && arg.requires_grad);
  if (inputs.length === 0) return impossible("noLeaves");
  return yield* program.within(compareAt(call.apply, call.args, inputs));
}

/** Takes down what a function is first applied to, as tensors of their own, and ends the program there. */
class FirstCall {
  apply: Apply | null = null;
  args: unknown[] = [];
  private readonly name: string;
  private readonly survey: Attempt;

  constructor(name: string, survey: Attempt) {
    this.name = name;
    this.survey = survey;
  }

  /** Gives what ends it. */
  listen(): () => void {
    const { apply } = AutogradFunction;
    const noted = (custom: { name: string }, args: unknown[]) => this.noted(custom, args, apply as Apply);
    AutogradFunction.apply = function applied(this: { name: string }, ...args: unknown[]) {
      noted(this, args);
      return Reflect.apply(apply, this, args);
    } as typeof apply;
    return () => {
      AutogradFunction.apply = apply;
    };
  }

  private noted(custom: { name: string }, args: readonly unknown[], apply: Apply): void {
    if (custom.name !== this.name || this.apply !== null) return;
    const own = (arg: unknown) =>
      isTensor(arg) ? withGradMode(true, () => arg.detach().clone().requires_grad_(arg.requires_grad)) : arg;
    this.args = args.map(own);
    this.apply = (...given) => Reflect.apply(apply, custom, given);
    this.survey.end();
  }
}

function* compareAt(
  apply: Apply,
  args: readonly unknown[],
  inputs: readonly Tensor[],
): Checking<CheckResult> {
  const state = defaultGenerator.get_state();
  const evaluate = (): Tensor[] => {
    defaultGenerator.set_state(state);
    // A function may change its arguments in place.
    const result = apply(...args.map((arg) => (isTensor(arg) ? arg.clone() : arg)));
    return (Array.isArray(result) ? result : [result]).filter((one) => isTensor(one) && one.requires_grad);
  };
  try {
    const outputs = evaluate();
    if (outputs.length === 0) return impossible("noLeaves");
    const seeds = outputs.map((output) => output.detach().mul(0).add_(weightsLike(output)));
    const grads = grad(outputs, inputs, seeds, { allow_unused: true });
    const base = outputs.map((output) => Float64Array.from(elements(output)));
    const weights = seeds.map((seed) => Float64Array.from(elements(seed)));
    const changeOf = (given: readonly Tensor[]) =>
      given.reduce((sum, output, i) => sum + dot(elements(output), base[i], weights[i]), 0);
    const size = base.reduce((sum, values, i) => sum + dot(values, null, weights[i]), 0);
    const subjects = inputs.map((input, i): Subject => {
      const gradient = grads[i];
      const values = elements(input);
      return {
        name: null,
        shape: input.shape.slice(),
        values: Float64Array.from(values),
        grad: gradient === null ? new Float64Array(values.length) : Float64Array.from(elements(gradient)),
        // biome-ignore lint/correctness/useYield: other subjects have to wait
        *changeBy(element, by) {
          const before = values[element];
          values[element] = before + by;
          const change = changeOf(evaluate());
          values[element] = before;
          return change;
        },
      };
    });
    return { kind: "checked", tensors: yield* compareElements(subjects, size) };
  } catch (error) {
    return impossible("failed", String(error));
  }
}

/** Different for each element, so that mistakes of one do not make up for another's. */
function weightsLike(output: Tensor): Tensor {
  const weights = output.detach().clone().contiguous();
  const data = elements(weights);
  for (let i = 0; i < data.length; i++) data[i] = 1 + 0.5 * Math.sin(i);
  return weights;
}

function dot(values: ArrayLike<number>, base: Float64Array | null, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * (values[i] - (base?.[i] ?? 0));
  return sum;
}
