import { edgeWidths } from "./edges";
import type { Role, View } from "./view";

/** torchviz's colours; a module has none there. */
const FILL: Record<Role, string> = {
  leaf: "lightblue",
  step: "lightgrey",
  saved: "orange",
  output: "darkolivegreen1",
  module: "lightyellow",
};

/** The graph in Graphviz's language, coloured as torchviz does. */
export function graphDot({ nodes, edges }: View, title: string): string {
  const widths = edgeWidths(edges);
  return [
    `digraph ${quoted(title)} {`,
    "  node [shape=box style=filled fontname=monospace fontsize=10 align=left]",
    ...nodes.map(({ role, title, lines, count }, i) => {
      const label = [count > 1 ? `${title} ×${count}` : title, ...lines].join("\n");
      return `  n${i} [label=${quoted(label)} fillcolor=${FILL[role]}]`;
    }),
    ...edges.map(({ from, to, label, kind }, i) => {
      const style = kind === "data" ? "" : " style=dashed";
      const back = kind === "repeat" ? " constraint=false" : "";
      return `  n${from} -> n${to} [label=${quoted(label)} penwidth=${widths[i]}${style}${back}]`;
    }),
    "}\n",
  ].join("\n");
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
