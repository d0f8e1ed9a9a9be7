import type { Checking, Progress } from "./elements";
import { checkFunction } from "./functionCheck";
import type { CheckAnswer, CheckResult, CheckTarget } from "./model";
import { checkPass } from "./passCheck";
import { Program, type Rerun } from "./program";

/** A run that the user asks for meanwhile waits no longer than this, and one evaluation. */
const SLICE_MS = 100;

const { now } = Date;

/** Checks gradients of a program that has run, piece by piece. */
export class GradientChecks {
  private readonly program: Program;
  private work: Checking<CheckResult> | null = null;
  private progress: Progress = { done: 0, of: 0 };

  constructor(rerun: Rerun) {
    this.program = new Program(rerun);
  }

  /** Begins a check; what was under way is forgotten. */
  begin(target: CheckTarget): CheckAnswer {
    this.program.leave();
    this.progress = { done: 0, of: 0 };
    this.work =
      target.kind === "backward"
        ? checkPass(this.program, target.site, target.at)
        : checkFunction(this.program, target.name);
    return this.goOn();
  }

  /** Goes on for a while. */
  goOn(): CheckAnswer {
    const { work } = this;
    const until = now() + SLICE_MS;
    for (;;) {
      const step = work?.next();
      if (step === undefined || step.done) return this.ended(step?.value);
      if (step.value !== "wait") this.progress = step.value;
      if (step.value === "wait" || now() > until) return { kind: "underWay", ...this.progress };
    }
  }

  private ended(result: CheckResult | undefined): CheckResult {
    this.work = null;
    return result ?? { kind: "impossible", reason: "failed", message: "" };
  }
}
