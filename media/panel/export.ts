import type { ToHost } from "../../src/panel/messages";
import { toSvg } from "../../src/panel/model/shapes";
import { toCsv, toJson } from "../../src/panel/model/table";
import type { Card, ExportFormat } from "./card";
import type { Theme } from "./theme";

/** Pictures have this many pixels for each of their own, for print and sharp screens. */
const PNG_RATIO = 2;

/** Hands a card's content over to be saved, or puts its picture on the clipboard. */
export async function exportCard(
  card: Card,
  format: ExportFormat,
  title: string,
  theme: Theme,
  post: (message: ToHost) => void,
): Promise<void> {
  const { content } = card;
  if (content === null) return;
  const fileName = `${title.replace(/\.grad\.ts$/, "")}-${card.id}.${format}`;
  const save = (text: string | Uint8Array) => post({ kind: "save", fileName, content: text });
  switch (format) {
    case "csv":
      save(toCsv(content.fullTable()));
      return;
    case "json":
      save(toJson(content.fullTable()));
      return;
    case "svg":
      save(toSvg(content.picture(), theme.background));
      return;
    case "png": {
      const png = await toPng(toSvg(content.picture(), theme.background));
      save(new Uint8Array(await png.arrayBuffer()));
      return;
    }
    case "copy": {
      const png = toPng(toSvg(content.picture(), theme.background));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
      return;
    }
  }
}

/** A picture that stands alone as a PNG. */
export async function toPng(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * PNG_RATIO;
    canvas.height = image.height * PNG_RATIO;
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))),
        "image/png",
      ),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
