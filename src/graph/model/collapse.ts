import { merge } from "./merge";
import { cut, knownShape, type View, type ViewNode } from "./view";

/** All modules that the graph's steps were computed in, outer ones first: `model`, `model.0`. */
export function modulePaths({ nodes }: View): string[] {
  const paths = new Set<string>();
  for (const { modules } of nodes) {
    modules.forEach((_, i) => {
      paths.add(pathOf(modules.slice(0, i + 1)));
    });
  }
  return [...paths];
}

export function pathOf(modules: readonly string[]): string {
  return modules.join(".");
}

/** How many of a node's modules, from the outermost, lead to the first collapsed one; 0 if none is. */
function collapsedDepth({ modules }: ViewNode, collapsed: ReadonlySet<string>): number {
  return 1 + modules.findIndex((_, i) => collapsed.has(pathOf(modules.slice(0, i + 1))));
}

/** Each call of a collapsed module becomes one box, with the parameters that nothing else uses. */
export function collapseModules(view: View, collapsed: ReadonlySet<string>): View {
  if (collapsed.size === 0) return view;
  const groupOf = (node: ViewNode): string | undefined => {
    const depth = collapsedDepth(node, collapsed);
    return depth === 0 ? undefined : `${pathOf(node.modules.slice(0, depth))}|${node.calls[depth - 1]}`;
  };
  const groups = adoptParameters(view, groupOf);
  const nth = new Map<string, number>();
  return merge(
    view,
    (_, i) => groups[i],
    (members, group) => {
      const path = String(group).replace(/\|\d+$/, "");
      const n = nth.get(path) ?? 0;
      nth.set(path, n + 1);
      return moduleBox(members, path, n);
    },
  );
}

/** A parameter that only one box uses belongs into it. */
function adoptParameters(
  view: View,
  groupOf: (node: ViewNode) => string | undefined,
): (string | undefined)[] {
  const groups = view.nodes.map((node) => (node.role === "leaf" ? undefined : groupOf(node)));
  const users = view.nodes.map(() => new Set<string | undefined>());
  for (const { from, to } of view.edges) users[from].add(groups[to]);
  view.nodes.forEach(({ role }, i) => {
    if (role === "leaf" && users[i].size === 1) groups[i] = [...users[i]][0];
  });
  return groups;
}

function moduleBox(members: ViewNode[], path: string, nth: number): ViewNode {
  // Steps come from the output downwards, so that the first is what the module gave.
  const result = members.find(({ role }) => role !== "leaf") ?? members[0];
  const depth = 1 + result.modules.findIndex((_, i) => pathOf(result.modules.slice(0, i + 1)) === path);
  const steps = members.filter(({ role }) => role === "step").length;
  return {
    ...result,
    key: `module|${path}#${nth}`,
    role: "module",
    title: cut(path),
    lines: [`${steps} ${steps === 1 ? "step" : "steps"} ${knownShape(result.shape)}`],
    members: members.flatMap((member) => member.members),
    count: 1,
    modules: result.modules.slice(0, depth),
    calls: result.calls.slice(0, depth),
  };
}
