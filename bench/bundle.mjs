import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

/** Modules of the extension's sources, bundled as `name` and loaded: `contents` is what exports them. */
export async function bundled(name, contents) {
  const outfile = fileURLToPath(new URL(`../out/bench/${name}.mjs`, import.meta.url));
  await esbuild.build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("..", import.meta.url)), loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["#typescript"],
    alias: { typescript: "#typescript" },
  });
  return import(outfile);
}
