import type { PanelCommand, ToPage } from "../../src/panel/messages";
import { describeProgress } from "../../src/panel/model/progress";
import type { Problem, ShownStatus } from "../../src/panel/model/status";
import { button, type Choice, element, Select } from "../dom";

export interface ToolbarEvents {
  command(command: PanelCommand): void;
  axis(axis: string): void;
  smoothing(smoothing: number): void;
  resetZoom(): void;
  /** `line` is 1-based. */
  reveal(line: number): void;
}

const STATUS_TEXT: Record<ShownStatus, string> = {
  running: "running",
  paused: "paused",
  done: "done",
  failed: "failed",
  stopped: "stopped",
  rejected: "cannot run",
  waiting: "changed, not run yet",
};

/** What the training is at, and what holds for all charts. */
export class Toolbar {
  readonly element: HTMLElement;
  private readonly title = element("h1");
  private readonly status = element("span", { class: "status", role: "status" });
  private readonly figures = element("span", { class: "figures" });
  private readonly bar = element("progress", { "aria-label": "Progress of the training" });
  private readonly problemText = element("span");
  private readonly problemLine: HTMLButtonElement;
  private readonly problem: HTMLElement;
  private readonly settings: HTMLElement;
  private readonly progressLine = element("div", { class: "line" }, this.bar, this.figures);
  private readonly run: HTMLButtonElement;
  private readonly pause: HTMLButtonElement;
  private readonly resume: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly axis: Select<string>;
  private readonly smoothing = element("input", { type: "range", min: 0, max: 0.99, step: 0.01, value: 0 });
  private readonly smoothingText = element("output");
  private shownProblem: Problem | null = null;

  constructor(events: ToolbarEvents) {
    this.run = button("Run", {}, () => events.command("run"));
    this.pause = button("Pause", { title: "Rest between two iterations" }, () => events.command("pause"));
    this.resume = button("Resume", {}, () => events.command("continue"));
    this.stop = button("Stop", {}, () => events.command("stop"));
    this.axis = new Select("Horizontal axis", events.axis);
    this.smoothing.addEventListener("input", () => events.smoothing(Number(this.smoothing.value)));
    this.problemLine = button("", { class: "quiet", hidden: true }, () => {
      const line = this.shownProblem?.line ?? null;
      if (line !== null) events.reveal(line);
    });
    this.problem = element("p", { class: "problem", role: "status" }, this.problemText, this.problemLine);
    const smoothingLabel = element("label", {}, "Smoothing", this.smoothing, this.smoothingText);
    this.settings = element(
      "div",
      { class: "line" },
      element("label", {}, "Axis", this.axis.element),
      smoothingLabel,
      button("Reset zoom", { class: "quiet" }, () => events.resetZoom()),
    );
    this.element = element(
      "header",
      { class: "toolbar" },
      element(
        "div",
        { class: "line" },
        this.title,
        this.status,
        this.run,
        this.pause,
        this.resume,
        this.stop,
      ),
      this.problem,
      this.progressLine,
      this.settings,
    );
  }

  showTitle(title: string): void {
    this.title.textContent = title;
  }

  showProgress({ status, problem, progress }: Extract<ToPage, { kind: "progress" }>): void {
    this.showProblem(problem);
    const isPaused = status === "paused";
    const isUnderWay = status === "running" || isPaused;
    const hadFocus =
      this.pause.contains(document.activeElement) || this.resume.contains(document.activeElement);
    const text = status === null ? "not run" : STATUS_TEXT[status];
    if (this.status.textContent !== text) this.status.textContent = text;
    this.run.hidden = isUnderWay;
    this.pause.hidden = !isUnderWay || isPaused;
    this.resume.hidden = !isPaused;
    this.stop.hidden = !isUnderWay;
    // The button that was pressed makes way for its opposite.
    if (hadFocus && isUnderWay) (isPaused ? this.resume : this.pause).focus();
    this.figures.textContent = progress === null ? "" : describeProgress(progress);
    this.progressLine.hidden = progress === null;
    this.bar.hidden = progress === null || (progress.total === null && !isUnderWay);
    if (progress === null) return;
    if (progress.total === null) this.bar.removeAttribute("value");
    else {
      this.bar.max = progress.total;
      this.bar.value = Math.min(progress.done, progress.total);
    }
  }

  private showProblem(problem: Problem | null): void {
    if (JSON.stringify(problem) === JSON.stringify(this.shownProblem)) return;
    this.shownProblem = problem;
    const line = problem?.line ?? null;
    this.problemText.textContent = problem?.text ?? "";
    this.problemLine.textContent = line === null ? "" : `Line ${line}`;
    this.problemLine.hidden = line === null;
  }

  /** What there is nothing to apply to is not offered. */
  showSettings(on: boolean): void {
    this.settings.hidden = !on;
  }

  showAxis(choices: readonly Choice<string>[], axis: string, smoothing: number): void {
    this.axis.show(choices, axis);
    this.smoothing.value = String(smoothing);
    this.smoothingText.textContent = smoothing === 0 ? "off" : smoothing.toFixed(2);
  }
}
