import { readToPage, type ToHost } from "../../src/panel/messages";
import { Page } from "./page";

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const page = new Page(document.getElementById("root")!, (message: ToHost) => api.postMessage(message));
window.addEventListener("message", ({ data }) => {
  const message = readToPage(data);
  if (message === null) return;
  // What a window restores the panel from.
  if (message.kind === "program") api.setState({ title: message.title });
  page.receive(message);
});
api.postMessage({ kind: "ready" } satisfies ToHost);
