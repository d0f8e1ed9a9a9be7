import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  version: string;
  contributes: { configuration: { properties: Record<string, { default: unknown } | undefined> } };
}

/** The package.json above the bundles in `folder`. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "../package.json"), "utf8")) as Manifest;
}
