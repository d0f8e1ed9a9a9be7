import { URI } from "vscode-uri";

/**
 * The file name of a uri: an absolute path with forward slashes. What is not a file on this machine lies below
 * "/^scheme/authority".
 */
export function fileNameOf(uri: string): string {
  const { scheme, authority, path, fsPath } = URI.parse(uri);
  if (scheme === "file") return fsPath.replaceAll("\\", "/");
  return `${VIRTUAL}${scheme}/${authority || NO_AUTHORITY}${path.startsWith("/") ? "" : "/"}${path}`;
}

/** The file name of an open program, which need not be called one: TypeScript knows a language by the ending. */
export function programNameOf(uri: string): string {
  const name = fileNameOf(uri);
  return name.endsWith(".ts") ? name : `${name}.grad.ts`;
}

/** The uri of a file by its name. */
export function uriOf(fileName: string): string {
  if (!isVirtual(fileName)) return URI.file(fileName).toString();
  const [scheme = "", authority = "", ...path] = fileName.slice(VIRTUAL.length).split("/");
  return URI.from({
    scheme,
    authority: authority === NO_AUTHORITY ? "" : authority,
    path: `/${path.join("/")}`,
  }).toString();
}

/** Whether a file's text has to be asked of the editor. */
export function isVirtual(fileName: string): boolean {
  return fileName.startsWith(VIRTUAL);
}

const VIRTUAL = "/^";
const NO_AUTHORITY = "~";
