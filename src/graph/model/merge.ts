import { largest, type View, type ViewEdge, type ViewNode } from "./view";

/** Draws nodes of the same group as one, at the place of the first of them. Groups are any values. */
export function merge(
  { nodes, edges }: View,
  groupOf: (node: ViewNode, index: number) => unknown,
  combine: (members: ViewNode[], group: unknown) => ViewNode,
): View {
  const groups = new Map<unknown, number[]>();
  nodes.forEach((node, i) => {
    const group = groupOf(node, i) ?? node;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [i]);
    else members.push(i);
  });
  const place = new Array<number>(nodes.length);
  const merged = [...groups].map(([group, members], at) => {
    for (const i of members) place[i] = at;
    return members.length === 1 && group === nodes[members[0]]
      ? nodes[members[0]]
      : combine(
          members.map((i) => nodes[i]),
          group,
        );
  });
  return { nodes: merged, edges: mergeEdges(edges, place) };
}

/** Arrows between the same boxes become one; those inside a box go. */
function mergeEdges(edges: readonly ViewEdge[], place: readonly number[]): ViewEdge[] {
  const byEnds = new Map<string, ViewEdge>();
  for (const edge of edges) {
    const from = place[edge.from];
    const to = place[edge.to];
    if (from === to) continue;
    const ends = `${from} ${to} ${edge.kind}`;
    const same = byEnds.get(ends);
    if (same === undefined) byEnds.set(ends, { ...edge, from, to });
    else same.gradNorm = largest([same.gradNorm, edge.gradNorm]);
  }
  return [...byEnds.values()];
}
