/** What pictures are made of, for a canvas or as SVG alike. Places and sizes in pixels. */
export type Shape =
  | { kind: "rect"; x: number; y: number; width: number; height: number; fill: string }
  /** `points` are x, y, x, y …; null breaks the line. */
  | { kind: "line"; points: (number | null)[]; color: string; width: number; alpha: number; dash: number[] }
  | { kind: "dot"; x: number; y: number; radius: number; fill: string; stroke: string }
  | { kind: "area"; points: number[]; fill: string; stroke: string }
  | { kind: "text"; x: number; y: number; text: string; anchor: "start" | "middle" | "end"; fill: string };

export interface Picture {
  width: number;
  height: number;
  shapes: Shape[];
}

const FONT_PX = 11;

/** A picture as a file that stands alone. */
export function toSvg({ width, height, shapes }: Picture, background: string): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const lines = shapes.map(shapeToSvg);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="${FONT_PX}">`,
    `<rect width="${width}" height="${height}" fill="${escapeXml(background)}"/>`,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

function shapeToSvg(shape: Shape): string {
  switch (shape.kind) {
    case "rect": {
      const { x, y, width, height, fill } = shape;
      return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${escapeXml(fill)}"/>`;
    }
    case "line": {
      const { points, color, width, alpha, dash } = shape;
      const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
      return `<path d="${pathOf(points)}" fill="none" stroke="${escapeXml(color)}" stroke-width="${width}" stroke-opacity="${alpha}"${dashes}/>`;
    }
    case "dot": {
      const { x, y, radius, fill, stroke } = shape;
      return `<circle cx="${short(x)}" cy="${short(y)}" r="${radius}" fill="${escapeXml(fill)}" stroke="${escapeXml(stroke)}"/>`;
    }
    case "area":
      return `<path d="${pathOf(shape.points)}Z" fill="${escapeXml(shape.fill)}" stroke="${escapeXml(shape.stroke)}"/>`;
    case "text": {
      const { x, y, text, anchor, fill } = shape;
      return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" fill="${escapeXml(fill)}">${escapeXml(text)}</text>`;
    }
  }
}

function pathOf(points: readonly (number | null)[]): string {
  let path = "";
  walk(points, (x, y, isStart) => {
    path += `${isStart ? "M" : "L"}${short(x)} ${short(y)}`;
  });
  return path;
}

/** Calls `visit` for each point; `isStart` where no line leads to it. */
export function walk(
  points: readonly (number | null)[],
  visit: (x: number, y: number, isStart: boolean) => void,
): void {
  let isDown = false;
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i];
    const y = points[i + 1];
    if (x !== null && y !== null) visit(x, y, !isDown);
    isDown = x !== null && y !== null;
  }
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
}
