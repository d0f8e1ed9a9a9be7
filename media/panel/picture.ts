import { type Picture, type Shape, walk } from "../../src/panel/model/shapes";
import { element } from "../dom";

/** Shows a picture, sharp on every screen. */
export class PictureView {
  readonly element = element("canvas", { class: "picture", role: "img" });

  show({ width, height, shapes }: Picture, label: string, font: string): void {
    const ratio = devicePixelRatio;
    this.element.width = Math.round(width * ratio);
    this.element.height = Math.round(height * ratio);
    this.element.style.width = `${width}px`;
    this.element.style.height = `${height}px`;
    this.element.setAttribute("aria-label", label);
    const context = this.element.getContext("2d")!;
    context.scale(ratio, ratio);
    context.font = font;
    for (const shape of shapes) drawShape(context, shape);
  }
}

function drawShape(context: CanvasRenderingContext2D, shape: Shape): void {
  switch (shape.kind) {
    case "rect":
      context.fillStyle = shape.fill;
      context.fillRect(shape.x, shape.y, shape.width, shape.height);
      return;
    case "dot":
      context.fillStyle = shape.fill;
      context.strokeStyle = shape.stroke;
      context.beginPath();
      context.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
      return;
    case "area":
      context.fillStyle = shape.fill;
      context.strokeStyle = shape.stroke;
      trace(context, shape.points);
      context.closePath();
      context.fill();
      context.stroke();
      return;
    case "line":
      context.strokeStyle = shape.color;
      context.globalAlpha = shape.alpha;
      context.lineWidth = shape.width;
      context.setLineDash(shape.dash);
      trace(context, shape.points);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
      return;
    case "text":
      context.fillStyle = shape.fill;
      context.textAlign = shape.anchor === "middle" ? "center" : shape.anchor;
      context.fillText(shape.text, shape.x, shape.y);
      return;
  }
}

function trace(context: CanvasRenderingContext2D, points: readonly (number | null)[]): void {
  context.beginPath();
  walk(points, (x, y, isStart) => {
    if (isStart) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
}

/** A colour between two, each in any form that CSS knows. */
export function createMixer(): (from: string, to: string, share: number) => string {
  const context = element("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })!;
  const known = new Map<string, Uint8ClampedArray>();
  const read = (color: string) => {
    const before = known.get(color);
    if (before !== undefined) return before;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const { data } = context.getImageData(0, 0, 1, 1);
    known.set(color, data);
    return data;
  };
  return (from, to, share) => {
    const [a, b] = [read(from), read(to)];
    const parts = [0, 1, 2].map((i) => Math.round(a[i] + (b[i] - a[i]) * share));
    return `rgb(${parts.join(", ")})`;
  };
}
