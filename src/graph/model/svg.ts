import { escapeXml } from "../../panel/model/shapes";
import { arrowHead, edgePath, edgeWidths } from "./edges";
import { FONT_PX, type Layout, LINE_PX } from "./layout";
import type { Role, View } from "./view";

/** Colours of a picture, in any form that CSS knows. */
export interface Palette {
  background: string;
  text: string;
  muted: string;
  edge: string;
  fill: Record<Role, string>;
  stroke: Record<Role, string>;
}

/** The graph as a picture that stands alone. */
export function graphSvg({ nodes, edges }: View, layout: Layout, palette: Palette): string {
  const widths = edgeWidths(edges);
  const size = `width="${layout.width}" height="${layout.height}" viewBox="0 0 ${layout.width} ${layout.height}"`;
  const color = (value: string) => escapeXml(value);
  const arrows = edges.flatMap(({ label, kind }, i) => {
    const { points, x, y } = layout.edges[i];
    const dash = kind === "data" ? "" : ' stroke-dasharray="4 3"';
    const stroke = `stroke="${color(palette.edge)}" stroke-width="${widths[i]}"${dash}`;
    return [
      `<path d="${edgePath(points)}" fill="none" ${stroke}/>`,
      `<polygon points="${arrowHead(points, widths[i]).join(" ")}" fill="${color(palette.edge)}"/>`,
      ...(label === ""
        ? []
        : [
            `<text x="${x}" y="${y + 3}" font-size="10" fill="${color(palette.muted)}" stroke="${color(palette.background)}" stroke-width="10" stroke-linejoin="round" paint-order="stroke">${escapeXml(label)}</text>`,
          ]),
    ];
  });
  const boxes = nodes.flatMap(({ role, title, lines, count }, i) => {
    const { x, y, width, height } = layout.nodes[i];
    const top = y - height / 2;
    const texts = [count > 1 ? `${title} ×${count}` : title, ...lines];
    return [
      `<rect x="${x - width / 2}" y="${top}" width="${width}" height="${height}" rx="${role === "leaf" || role === "output" ? 3 : 8}" fill="${color(palette.fill[role])}" stroke="${color(palette.stroke[role])}"/>`,
      ...texts.map(
        (text, line) =>
          `<text x="${x}" y="${top + (line + 1) * LINE_PX + 1}" fill="${color(palette.text)}"${line === 0 ? ' font-weight="600"' : ""}>${escapeXml(text)}</text>`,
      ),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="monospace" font-size="${FONT_PX}" text-anchor="middle">`,
    `<rect width="${layout.width}" height="${layout.height}" fill="${color(palette.background)}"/>`,
    ...arrows,
    ...boxes,
    "</svg>\n",
  ].join("\n");
}
