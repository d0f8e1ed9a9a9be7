import * as vscode from "vscode";
import type { Config } from "../extension/config";
import type { Program, Programs } from "../extension/programs";
import type { GradientCheckCommand } from "../gradientCheck/command";
import type { Status } from "../session/session";
import { type Lens, lensesOf } from "./lenses";
import { type Places, placesIn } from "./places";

/** A run that is over sooner is not told of while it runs: it would come and go with each key. */
const QUICK_MS = 500;
/** Lenses of a running program change no more often. */
const INTERVAL_MS = 250;

interface Shown {
  lenses: Lens[];
  /** Of a run that is not quick, and when it began. */
  settled: Status;
  runningSince: number | null;
  places: { source: string; places: Places } | null;
  timer: NodeJS.Timeout | null;
}

/** Lenses above the training loop, `backward()` and custom functions of the programs on the screen. */
export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly programs: Programs;
  private readonly config: Config;
  private readonly check: GradientCheckCommand;
  private readonly shown = new WeakMap<Program, Shown>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(programs: Programs, config: Config, check: GradientCheckCommand) {
    this.programs = programs;
    this.config = config;
    this.check = check;
    this.subscriptions = [
      this.changed,
      programs.onDidChange((program) => this.soon(program)),
      programs.onDidClose((program) => this.forget(program)),
      check.onDidChange((program) => this.update(program)),
      config.onDidChange(() => this.changed.fire()),
      vscode.languages.registerCodeLensProvider("grad-ts", this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const program = this.programs.get(document);
    if (program === undefined || !this.config.for(document).codeLens) return [];
    const shown = this.shownOf(program);
    shown.lenses = this.lensesNow(program, shown);
    return shown.lenses.map(({ line, title, command, arguments: args }) => {
      const range = new vscode.Range(line, 0, line, 0);
      return new vscode.CodeLens(range, { title, command, arguments: args });
    });
  }

  dispose(): void {
    for (const program of this.programs.all()) this.forget(program);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private shownOf(program: Program): Shown {
    const known = this.shown.get(program);
    if (known !== undefined) return known;
    const fresh: Shown = {
      lenses: [],
      settled: { kind: "idle" },
      runningSince: null,
      places: null,
      timer: null,
    };
    this.shown.set(program, fresh);
    return fresh;
  }

  private soon(program: Program): void {
    const shown = this.shownOf(program);
    shown.timer ??= setTimeout(() => {
      shown.timer = null;
      this.update(program);
    }, INTERVAL_MS);
  }

  private update(program: Program): void {
    const shown = this.shownOf(program);
    const before = JSON.stringify(shown.lenses);
    if (JSON.stringify(this.lensesNow(program, shown)) !== before) this.changed.fire();
    if (shown.runningSince !== null) this.soon(program);
  }

  private forget(program: Program): void {
    const { timer } = this.shownOf(program);
    if (timer !== null) clearTimeout(timer);
    this.shown.delete(program);
  }

  private lensesNow(program: Program, shown: Shown): Lens[] {
    const { document, session } = program;
    const { live, status, seed } = session.state;
    const source = live?.trace.source ?? document.getText();
    if (shown.places?.source !== source) shown.places = { source, places: placesIn(source) };
    this.settle(shown, status);
    return lensesOf({
      uri: document.uri.toString(),
      places: shown.places.places,
      lineNow: (line) => (live === null ? line : live.lineNow(line)),
      status: shown.settled,
      trace: live?.trace ?? null,
      seed,
      checked: (offset) => this.check.titleAt(program, offset),
    });
  }

  private settle(shown: Shown, status: Status): void {
    if (status.kind !== "running") {
      shown.runningSince = null;
      shown.settled = status;
      return;
    }
    shown.runningSince ??= Date.now();
    if (Date.now() - shown.runningSince >= QUICK_MS) shown.settled = status;
  }
}
