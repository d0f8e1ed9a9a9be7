import { readToPage, type ToHost } from "../../src/graph/messages";
import { Page } from "./page";

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const api = acquireVsCodeApi();
const page = new Page(document.getElementById("root")!, (message: ToHost) => api.postMessage(message));
window.addEventListener("message", ({ data }) => {
  const message = readToPage(data);
  if (message !== null) page.receive(message);
});
api.postMessage({ kind: "ready" } satisfies ToHost);
