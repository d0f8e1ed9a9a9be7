import { type LayoutInput, layoutGraph } from "../../src/graph/model/layout";

/** Answers each `{ id, input }` with `{ id, layout }`. */
self.addEventListener("message", ({ data }: MessageEvent<{ id: number; input: LayoutInput }>) => {
  self.postMessage({ id: data.id, layout: layoutGraph(data.input) });
});
