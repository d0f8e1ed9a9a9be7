import type { ToHost } from "../../src/panel/messages";
import { toSvg } from "../../src/panel/model/shapes";
import { toCsv, toJson } from "../../src/panel/model/table";
import { toPng } from "../png";
import type { Card, ExportFormat } from "./card";
import type { Theme } from "./theme";

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
    case "copy":
      card.announce(await copy(toPng(toSvg(content.picture(), theme.background))));
      return;
  }
}

async function copy(png: Promise<Blob>): Promise<string> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
    return "Copied as an image.";
  } catch (error) {
    return `The image was not copied: ${error instanceof Error ? error.message : error}`;
  }
}
