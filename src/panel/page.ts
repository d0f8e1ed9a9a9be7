import type * as vscode from "vscode";
import { pageHtml, webviewOptions } from "../webview/html";
import { readToHost, type ToHost, type ToPage } from "./messages";

/** A page on the screen: an editor tab's, or the side bar's. */
export class PanelPage implements vscode.Disposable {
  /** The page has loaded and takes messages. */
  isReady = false;
  private readonly webview: vscode.Webview;
  private readonly subscription: vscode.Disposable;

  constructor(webview: vscode.Webview, extensionUri: vscode.Uri, receive: (message: ToHost) => void) {
    this.webview = webview;
    this.subscription = webview.onDidReceiveMessage((value: unknown) => {
      const message = readToHost(value);
      if (message === null) return;
      if (message.kind === "ready") this.isReady = true;
      receive(message);
    });
    webview.options = webviewOptions(extensionUri);
    webview.html = pageHtml(webview, extensionUri, { name: "panel", title: "Gradlens Training" });
  }

  /** Resolves when the page has it, or is not there to take it. */
  async post(message: ToPage): Promise<void> {
    if (this.isReady) await this.webview.postMessage(message);
  }

  /** The page is hidden: VS Code has thrown it away, and loads it anew when it is shown. */
  hidden(): void {
    this.isReady = false;
  }

  dispose(): void {
    this.isReady = false;
    this.subscription.dispose();
  }
}
