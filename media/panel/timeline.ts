import { playPace } from "../../src/panel/model/play";
import type { LoopInfo } from "../../src/panel/model/track";
import type { Position } from "../../src/trace/queries";
import { button, element, setAttributes } from "../dom";

/** Goes back to any round of the training loop, and plays through them. */
export class Timeline {
  readonly element: HTMLElement;
  private readonly slider = element("input", { type: "range", min: 1, max: 1, step: 1, value: 1 });
  private readonly readOut = element("output", { class: "round" });
  private readonly playButton: HTMLButtonElement;
  private readonly endButton: HTMLButtonElement;
  private readonly change: (at: Position | null) => void;
  private loop: LoopInfo | null = null;
  private rounds = 0;
  private position: Position | null = null;
  private playing: ReturnType<typeof setInterval> | null = null;

  constructor(change: (at: Position | null) => void) {
    this.change = change;
    this.playButton = button("Play", { class: "play" }, () => this.togglePlay());
    this.endButton = button(
      "To the end",
      { class: "quiet", title: "Show the values as the run left them" },
      () => {
        this.stop();
        change(null);
      },
    );
    this.slider.addEventListener("input", () => {
      this.stop();
      this.goTo(Number(this.slider.value));
    });
    this.element = element(
      "footer",
      { class: "timeline", "aria-label": "Time travel" },
      this.playButton,
      this.slider,
      this.readOut,
      this.endButton,
    );
  }

  show(loop: LoopInfo | null, rounds: number, position: Position | null): void {
    this.loop = loop;
    this.rounds = rounds;
    this.position = position !== null && position.loop === loop?.site ? position : null;
    this.element.hidden = loop === null || rounds < 2;
    if (loop === null) return;
    const at = this.position?.iteration ?? rounds;
    const text = `${loop.name} ${at} / ${rounds}`;
    setAttributes(this.slider, { max: rounds, "aria-label": loop.name, "aria-valuetext": text });
    this.slider.value = String(at);
    this.readOut.textContent = text;
    this.endButton.disabled = this.position === null;
  }

  private goTo(iteration: number): void {
    if (this.loop !== null) this.change({ loop: this.loop.site, iteration });
  }

  private togglePlay(): void {
    if (this.playing !== null) {
      this.stop();
      return;
    }
    const isAtEnd = this.position === null || this.position.iteration >= this.rounds;
    let at = isAtEnd ? 0 : this.position!.iteration;
    const { stride, frameMs } = playPace(this.rounds, wantsLittleMotion());
    this.playButton.textContent = "Stop playing";
    this.playing = setInterval(() => {
      at = Math.min(this.rounds, at + stride);
      this.goTo(at);
      if (at === this.rounds) this.stop();
    }, frameMs);
  }

  private stop(): void {
    if (this.playing !== null) clearInterval(this.playing);
    this.playing = null;
    this.playButton.textContent = "Play";
  }
}

/** VS Code's setting, which follows the system's unless it says otherwise. */
function wantsLittleMotion(): boolean {
  return document.body.classList.contains("vscode-reduce-motion");
}
