import type { ViewEdge } from "./view";

const THIN_PX = 1.2;
const THICK_PX = 6;
/** Gradients this many times smaller than the largest are drawn as thin as none. */
const DECADES = 4;

/** Width of each arrow, by the logarithm of its gradient's size against the largest in the picture. */
export function edgeWidths(edges: readonly ViewEdge[]): number[] {
  const logs = edges.map(({ gradNorm }) =>
    gradNorm !== null && gradNorm > 0 ? Math.log10(gradNorm) : -Infinity,
  );
  const finite = logs.filter(Number.isFinite);
  const top = finite.length === 0 ? 0 : finite.reduce((a, b) => Math.max(a, b));
  return logs.map((log) => {
    if (log === Infinity) return THICK_PX;
    const share = Math.max(0, 1 - (top - log) / DECADES);
    return Math.round((THIN_PX + share * (THICK_PX - THIN_PX)) * 10) / 10;
  });
}

/** A smooth path through the points of an arrow. */
export function edgePath(points: readonly number[]): string {
  const at = (i: number) => `${round(points[i])} ${round(points[i + 1])}`;
  if (points.length < 4) return "";
  if (points.length === 4) return `M${at(0)}L${at(2)}`;
  let path = `M${at(0)}`;
  for (let i = 2; i + 3 < points.length; i += 2) {
    const isLast = i + 5 >= points.length;
    const end = isLast
      ? at(i + 2)
      : `${round((points[i] + points[i + 2]) / 2)} ${round((points[i + 1] + points[i + 3]) / 2)}`;
    path += `Q${at(i)} ${end}`;
  }
  return path;
}

/** The head of an arrow as corners of a triangle, x, y, x, y, x, y. */
export function arrowHead(points: readonly number[], width: number): number[] {
  const n = points.length;
  if (n < 4) return [];
  const [x, y] = [points[n - 2], points[n - 1]];
  const angle = Math.atan2(y - points[n - 3], x - points[n - 4]);
  const length = 6 + width;
  const corner = (turn: number) => [
    round(x - length * Math.cos(angle + turn)),
    round(y - length * Math.sin(angle + turn)),
  ];
  return [round(x), round(y), ...corner(0.4), ...corner(-0.4)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
