import * as vscode from "vscode";
import { outputText } from "./outputText";
import type { Program, Programs } from "./programs";

/** An output channel with what the program in the active editor printed. */
export class ProgramOutput implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel("Gradlens");
  private readonly subscriptions: vscode.Disposable[];
  private written = "";

  constructor(programs: Programs) {
    const showActive = () => {
      const document = programs.activeDocument;
      const program = document && programs.get(document);
      if (program) this.write(program);
    };
    this.subscriptions = [
      this.channel,
      programs.onDidSettle((program) => program.document === programs.activeDocument && this.write(program)),
      vscode.window.onDidChangeActiveTextEditor(showActive),
    ];
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** While a run is under way only what is new is added, so that a reader's place is kept. */
  private write({ session }: Program): void {
    const text = outputText(session.state);
    if (text === null || text === this.written) return;
    if (this.written !== "" && text.startsWith(this.written)) {
      this.channel.append(text.slice(this.written.length));
    } else this.channel.replace(text);
    this.written = text;
  }
}
