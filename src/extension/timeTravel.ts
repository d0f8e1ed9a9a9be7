import * as vscode from "vscode";
import { iterationText } from "../annotations/iteration";
import { iterationsOf, loopAt } from "../session/moment";
import { choices, type Move, moved, nextFrame } from "../session/scrub";
import type { Session } from "../session/session";
import type { Trace } from "../trace/model";
import type { Position } from "../trace/queries";
import type { Programs } from "./programs";
import { StatusItem } from "./statusItem";

const FRAME_MS = 100;
const MAX_CHOICES = 500;

/** The program that is looked at, and the loop that its cursor is at. */
interface Target {
  session: Session;
  trace: Trace;
  /** The cursor. */
  offset: number;
}

/** Commands and status bar items that take the views of the active program through a loop's iterations. */
export class TimeTravelControls implements vscode.Disposable {
  private readonly programs: Programs;
  private readonly items: Record<"previous" | "play" | "badge" | "next", StatusItem>;
  private readonly subscriptions: vscode.Disposable[];
  private playing: { session: Session; timer: NodeJS.Timeout } | null = null;
  private wasInPast = false;

  constructor(programs: Programs) {
    this.programs = programs;
    this.items = {
      previous: createItem("previous", "Previous Iteration", 94),
      play: createItem("play", "Play Iterations", 93),
      badge: createItem("iteration", "Iteration", 92),
      next: createItem("next", "Next Iteration", 91),
    };
    const commands: Record<string, () => void> = {
      "gradlens.firstIteration": () => this.move("first"),
      "gradlens.previousIteration": () => this.move("previous"),
      "gradlens.nextIteration": () => this.move("next"),
      "gradlens.lastIteration": () => this.move("last"),
      "gradlens.playIterations": () => this.togglePlaying(),
      "gradlens.goToIteration": () => this.choose(),
      "gradlens.goLive": () => this.goTo(null),
    };
    const update = () => this.update();
    this.subscriptions = [
      ...Object.values(this.items),
      ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
      programs.onDidSettle(update),
      programs.onDidClose(({ session }) => this.playing?.session === session && this.stopPlaying()),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.window.onDidChangeVisibleTextEditors(update),
      vscode.window.onDidChangeTextEditorSelection(update),
    ];
    update();
  }

  dispose(): void {
    this.stopPlaying();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private target(): Target | null {
    const editor = this.programs.activeEditor;
    if (editor === undefined) return null;
    const { document, selection } = editor;
    const session = this.programs.get(document)?.session;
    const trace = session?.state.live?.trace;
    if (!session || !trace) return null;
    return { session, trace, offset: document.offsetAt(selection.active) };
  }

  private move(move: Move): void {
    const target = this.target();
    if (target === null) return;
    const { session, trace, offset } = target;
    this.goTo(moved(trace, offset, session.travel.position, move));
  }

  /** Goes to a position that the user chose, which ends a playback. */
  private goTo(position: Position | null): void {
    this.stopPlaying();
    this.target()?.session.travel.set(position);
    this.update();
  }

  private togglePlaying(): void {
    const target = this.target();
    if (this.playing !== null) this.stopPlaying();
    else if (target !== null) {
      const { session, offset } = target;
      this.playing = { session, timer: setInterval(() => this.showFrame(session, offset), FRAME_MS) };
      this.showFrame(session, offset);
    }
    this.update();
  }

  private showFrame(session: Session, offset: number): void {
    const trace = session.state.live?.trace;
    const position = trace === undefined ? null : nextFrame(trace, offset, session.travel.position);
    if (position !== null) session.travel.set(position);
    else {
      this.stopPlaying();
      this.update();
    }
  }

  private stopPlaying(): void {
    if (this.playing !== null) clearInterval(this.playing.timer);
    this.playing = null;
  }

  /** Lists the iterations; moving through the list shows each in the editor, leaving it goes back. */
  private choose(): void {
    const target = this.target();
    if (target === null) return;
    const { session, trace, offset } = target;
    const loop = loopAt(trace, offset, session.travel.position);
    if (loop === null) return;
    this.stopPlaying();
    const before = session.travel.position;
    const total = iterationsOf(trace, loop);
    const positions = choices(total, MAX_CHOICES).map((iteration) => ({ loop, iteration }));
    const live = { label: "$(debug-continue) End of the run", position: null };
    const items = [
      live,
      ...positions.map((position) => ({ label: iterationText(trace, { position, total }), position })),
    ];
    const picker = vscode.window.createQuickPick<(typeof items)[number]>();
    picker.title = "Go to Iteration";
    picker.placeholder = "Every line shows the iteration that you move to";
    picker.items = items;
    picker.activeItems = [items.find(({ position }) => position?.iteration === before?.iteration) ?? live];
    let isAccepted = false;
    picker.onDidChangeActive(([item]) => item && session.travel.set(item.position));
    picker.onDidAccept(() => {
      isAccepted = true;
      picker.hide();
    });
    picker.onDidHide(() => {
      if (!isAccepted) session.travel.set(before);
      picker.dispose();
    });
    picker.show();
  }

  private update(): void {
    const target = this.target();
    const position = target?.session.travel.position ?? null;
    this.showItems(target, position);
    if ((position !== null) === this.wasInPast) return;
    this.wasInPast = position !== null;
    void vscode.commands.executeCommand("setContext", "gradlens.inPast", this.wasInPast);
  }

  private showItems(target: Target | null, position: Position | null): void {
    const loop = target && loopAt(target.trace, target.offset, position);
    const total = target === null || loop === null ? 0 : iterationsOf(target.trace, loop);
    if (target === null || loop === null || total < 2) {
      for (const item of Object.values(this.items)) item.hide();
      return;
    }
    const { previous, play, badge, next } = this.items;
    const isPast = position !== null;
    const isPlaying = this.playing !== null;
    const text = iterationText(target.trace, { position: position ?? { loop, iteration: total }, total });
    const about = isPast ? "Choose an iteration. Escape leads back to the end." : "Go back to an iteration";
    previous.show({
      text: "$(chevron-left)",
      tooltip: "Previous Iteration",
      command: "gradlens.previousIteration",
    });
    play.show({
      text: isPlaying ? "$(debug-pause)" : "$(play)",
      tooltip: isPlaying ? "Pause" : "Play Iterations",
      command: "gradlens.playIterations",
    });
    badge.show({
      text: `$(history) ${text}`,
      tooltip: about,
      command: "gradlens.goToIteration",
      label: `${text}. ${about}`,
      backgroundColor: isPast ? inPastColor : undefined,
    });
    next.show({ text: "$(chevron-right)", tooltip: "Next Iteration", command: "gradlens.nextIteration" });
  }
}

const inPastColor = new vscode.ThemeColor("statusBarItem.warningBackground");

function createItem(id: string, name: string, priority: number): StatusItem {
  return new StatusItem(`gradlens.${id}`, `Gradlens: ${name}`, priority);
}
