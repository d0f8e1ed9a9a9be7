import { writeJson } from "./json";
import type { Seen } from "./model";

/** A part as it leaves the program's realm, to be read with `readJson`. `seen` is what `writeSeen` wrote, joined by commas. */
export function writePart(seen: string, output: string, at: number): string {
  return `{"seen":[${seen}],"output":${writeJson(output)},"at":${at}}`;
}

export function writeSeen(site: number, seen: Seen): string {
  return `[${site},${writeJson(seen)}]`;
}
