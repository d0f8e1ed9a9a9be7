import type { GraphNode } from "../../trace/queries";
import { cut, knownShape, type View } from "./view";

/** Adds a box for each tensor that a step saved for its derivative. */
export function withSaved(view: View, nodes: readonly GraphNode[]): View {
  const added: View = { nodes: [...view.nodes], edges: [...view.edges] };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  view.nodes.forEach(({ key, role, members, site, modules, calls }, to) => {
    if (role !== "step") return;
    for (const { name, variable, shape } of byId.get(members[0])?.saved ?? []) {
      added.edges.push({ from: added.nodes.length, to, label: "", gradNorm: null, kind: "saved" });
      added.nodes.push({
        key: `${key}|saved|${name}`,
        role: "saved",
        title: cut(variable === null || variable === name ? name : `${name} = ${variable}`),
        lines: [knownShape(shape)],
        members: [members[0]],
        count: 1,
        site,
        modules,
        calls,
        shape,
        text: null,
        gradNorm: null,
      });
    }
  });
  return added;
}
