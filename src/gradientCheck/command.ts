import * as vscode from "vscode";
import { iterationText } from "../annotations/iteration";
import { type FunctionPlace, type PassPlace, placesIn } from "../codeLens/places";
import type { Program, Programs } from "../extension/programs";
import type { ShownTrace } from "../session/session";
import type { Trace } from "../trace/model";
import type { Position } from "../trace/queries";
import { type CheckText, describeCheck } from "./describe";
import type { CheckResult, CheckTarget } from "./model";
import { backwardSiteAt } from "./site";

/** What the last check of a place found. */
interface Found {
  trace: Trace;
  /** Of the place, in the trace's source. */
  offset: number;
  text: CheckText;
}

/** Compares gradients with finite differences when asked to, and says at their lines what came of it. */
export class GradientCheckCommand implements vscode.Disposable {
  private readonly programs: Programs;
  private readonly found = new WeakMap<Program, Found[]>();
  private readonly diagnostics = vscode.languages.createDiagnosticCollection("gradlens-gradients");
  private readonly changed = new vscode.EventEmitter<Program>();
  private readonly subscriptions: vscode.Disposable[];
  /** A check found something, or what it found is of an older run. */
  readonly onDidChange = this.changed.event;

  constructor(programs: Programs) {
    this.programs = programs;
    this.subscriptions = [
      this.diagnostics,
      this.changed,
      vscode.commands.registerCommand("gradlens.checkGradient", (uri?: string, offset?: number) =>
        this.check(uri, offset),
      ),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const program = programs.get(document);
        if (program !== undefined && contentChanges.length > 0) this.forget(program);
      }),
      programs.onDidChange((program) => {
        const known = this.found.get(program);
        if (known !== undefined && known[0]?.trace !== program.session.state.live?.trace)
          this.forget(program);
      }),
      programs.onDidClose(({ document }) => this.diagnostics.delete(document.uri)),
    ];
  }

  /** What is said of the place at an offset of the trace's source, in few words. */
  titleAt(program: Program, offset: number): string | undefined {
    return this.found.get(program)?.find((one) => one.offset === offset)?.text.title;
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private forget(program: Program): void {
    if (!this.found.delete(program)) return;
    this.diagnostics.delete(program.document.uri);
    this.changed.fire(program);
  }

  /** Without a place, the next one from the cursor on, or the first there is. */
  private async check(uri?: string, offset?: number): Promise<void> {
    const program = this.programOf(uri);
    const { live, stale, moment } = program?.session.state ?? {};
    if (!program || !live || stale) {
      void vscode.window.showInformationMessage(
        "Run the program first: its gradients are checked as it ran.",
      );
      return;
    }
    const place = placeAt(live, offset ?? cursorIn(program.document));
    if (place === null) {
      void vscode.window.showInformationMessage(
        "The program has neither a backward() nor a custom function to check.",
      );
      return;
    }
    const at = moment?.past.position ?? null;
    const asked = questionAbout(place, live, at);
    if (asked === null) return;
    const result = await this.ask(program, live, asked);
    if (result === null || program.session.state.stale) return;
    this.tell(program, live.trace, place, describeCheck(result, asked));
  }

  private programOf(uri?: string): Program | undefined {
    const document = this.programs.activeDocument;
    for (const program of this.programs.all()) {
      if (uri === undefined ? program.document === document : program.document.uri.toString() === uri)
        return program;
    }
    return undefined;
  }

  /** Null if the user had enough of it, or the program ran again meanwhile. */
  private ask({ session }: Program, live: ShownTrace, { target, what }: Asked): Thenable<CheckResult | null> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      cancellable: true,
      title: `Checking ${what}`,
    };
    return vscode.window.withProgress(options, async (progress, token) => {
      let done = 0;
      for (let next: CheckTarget | null = target; ; next = null) {
        const answer = await session.query({ kind: "check", target: next });
        if (token.isCancellationRequested || session.state.live?.trace !== live.trace) return null;
        if (answer === null) return { kind: "impossible", reason: "failed", message: "" };
        if (answer.kind !== "underWay") return answer;
        const share = answer.of === 0 ? 0 : (100 * answer.done) / answer.of;
        progress.report({ increment: share - done, message: `${answer.done} of ${answer.of} elements` });
        done = share;
      }
    });
  }

  private tell(program: Program, trace: Trace, { offset }: Place, text: CheckText): void {
    const { document } = program;
    const others = (this.found.get(program) ?? []).filter((one) => one.offset !== offset);
    this.found.set(program, [...others, { trace, offset, text }]);
    this.diagnostics.set(document.uri, this.diagnosticsOf(program));
    this.changed.fire(program);
    if (text.verdict === "differs" || text.verdict === "impossible")
      void vscode.window.showWarningMessage(plain(text.message));
    else void vscode.window.showInformationMessage(plain(text.message));
  }

  /** Lasting words at the place of what does not simply agree. */
  private diagnosticsOf(program: Program): vscode.Diagnostic[] {
    const { document } = program;
    const known = this.found.get(program) ?? [];
    return known.flatMap(({ offset, text: { verdict, message } }) => {
      if (verdict === "agrees" || verdict === "impossible") return [];
      const range = document.getWordRangeAtPosition(document.positionAt(offset));
      const severity =
        verdict === "differs" ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
      const diagnostic = new vscode.Diagnostic(
        range ?? document.lineAt(document.positionAt(offset)).range,
        message,
        severity,
      );
      diagnostic.source = "gradlens";
      return [diagnostic];
    });
  }
}

type Place = PassPlace | FunctionPlace;

interface Asked {
  target: CheckTarget;
  what: string;
  when: string;
  names: string[];
  functions: string[];
}

/** Null if the place was not compiled, as in a comment. */
function questionAbout(place: Place, { trace }: ShownTrace, at: Position | null): Asked | null {
  if ("parameters" in place) {
    const { name, parameters } = place;
    return {
      target: { kind: "function", name },
      what: `${name}.backward`,
      when: "",
      names: parameters,
      functions: [],
    };
  }
  const found = backwardSiteAt(trace, place.offset);
  if (found === null) return null;
  const { site, loop, total } = found;
  const target: CheckTarget = { kind: "backward", site, at };
  const position = at ?? (loop === null ? null : { loop, iteration: 1 });
  const when = position === null ? "" : iterationText(trace, { position, total });
  const functions = placesIn(trace.source).functions.map(({ name }) => name);
  return { target, what: `${place.root ?? "…"}.backward()`, when, names: [], functions };
}

function placeAt({ trace, lineNow }: ShownTrace, at: number | vscode.Position | null): Place | null {
  const { passes, functions } = placesIn(trace.source);
  const places: Place[] = [...passes, ...functions];
  if (typeof at === "number") return places.find(({ offset }) => offset === at) ?? null;
  // That of the cursor's line, or the next one below.
  const below = places.filter(({ line }) => at !== null && (lineNow(line) ?? -1) >= at.line);
  const [nearest] = below.sort((a, b) => a.line - b.line);
  return nearest ?? places[0] ?? null;
}

function cursorIn(document: vscode.TextDocument): vscode.Position | null {
  const editor = vscode.window.activeTextEditor;
  return editor?.document === document ? editor.selection.active : null;
}

/** Notifications show no code. */
function plain(message: string): string {
  return message.replaceAll("`", "");
}
