import { merge } from "./merge";
import { largest, type View, type ViewNode } from "./view";

/** Fewer than this many steps alike are drawn one by one. */
const MIN_REPEATS = 3;

/**
 * Steps that a loop repeated become one box with their number. Alike are steps of the same expression of the
 * source; steps inside a call, of the same kind and surroundings. `unfolded` are keys of boxes to leave apart.
 */
export function foldRepeats(view: View, unfolded: ReadonlySet<string>): View {
  const likeness = likenessOf(view);
  const counts = new Map<string, number>();
  for (const like of likeness) if (like !== null) counts.set(like, (counts.get(like) ?? 0) + 1);
  const repeats = (i: number) => {
    const like = likeness[i];
    return like !== null && counts.get(like)! >= MIN_REPEATS && !unfolded.has(like) ? like : undefined;
  };
  const folded = merge(view, (_, i) => repeats(i), repeatedBox);
  return { nodes: folded.nodes, edges: markRepeats(folded) };
}

/** Boxes that stand for as many steps and hang together: the loop that `key`'s box belongs to. */
export function loopOf({ nodes, edges }: View, key: string): string[] {
  const start = nodes.findIndex((node) => node.key === key);
  const count = nodes[start]?.count ?? 1;
  if (count === 1) return [];
  const found = new Set([start]);
  for (const at of found) {
    for (const { from, to } of edges) {
      const other = from === at ? to : to === at ? from : at;
      // The first and last rounds of a loop often differ from the others by a step.
      if (nodes[other].count > 1 && Math.abs(nodes[other].count - count) <= 2) found.add(other);
    }
  }
  return [...found].map((i) => nodes[i].key);
}

/** What makes steps alike; null for what is never folded. */
function likenessOf({ nodes, edges }: View): (string | null)[] {
  const inputs = nodes.map((): string[] => []);
  const consumer = new Array<number>(nodes.length).fill(-1);
  for (const { from, to } of edges) {
    inputs[to].push(nodes[from].role === "leaf" ? nodes[from].key : nodes[from].title);
    if (consumer[from] < 0) consumer[from] = to;
  }
  // Nodes come from the output downwards, each after one of its consumers.
  const sites = nodes.map(({ site }) => site);
  nodes.forEach((_, i) => {
    if (sites[i] === null && consumer[i] >= 0) sites[i] = sites[consumer[i]];
  });
  return nodes.map(({ role, title, modules, shape, site }, i) => {
    if (role === "leaf" || role === "output") return null;
    const around = site === null ? inputs[i].sort().join(",") : "";
    return ["repeat", sites[i] ?? "", role, title, modules.join("."), shape?.join("x") ?? "", around].join(
      "|",
    );
  });
}

function repeatedBox(members: ViewNode[], like: unknown): ViewNode {
  const [first] = members;
  return {
    ...first,
    key: String(like),
    members: members.flatMap((member) => member.members),
    count: members.length,
    gradNorm: largest(members.map(({ gradNorm }) => gradNorm)),
  };
}

/** Of two boxes that feed each other one arrow goes back to the next round. */
function markRepeats({ nodes, edges }: View): View["edges"] {
  const outgoing = nodes.map((): number[] => []);
  edges.forEach(({ from }, i) => {
    outgoing[from].push(i);
  });
  const state = new Uint8Array(nodes.length); // 1 while on the path from the start, 2 when done
  const goesBack = new Set<number>();
  for (let start = nodes.length - 1; start >= 0; start--) {
    if (state[start] !== 0) continue;
    const path = [{ at: start, next: 0 }];
    state[start] = 1;
    while (path.length > 0) {
      const top = path[path.length - 1];
      const edge = outgoing[top.at][top.next++];
      if (edge === undefined) {
        state[top.at] = 2;
        path.pop();
      } else if (state[edges[edge].to] === 1) goesBack.add(edge);
      else if (state[edges[edge].to] === 0) {
        state[edges[edge].to] = 1;
        path.push({ at: edges[edge].to, next: 0 });
      }
    }
  }
  return edges.map((edge, i) => (goesBack.has(i) ? { ...edge, kind: "repeat" } : edge));
}
