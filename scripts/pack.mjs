// @ts-check
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Packs the extension in `folder` as it is, without building it, into `file`.
 *
 * @param {string} folder
 * @param {string} file a vsix file
 * @returns {Promise<string>} `file`
 */
export async function packExtension(folder, file) {
  const { createVSIX } = await import("@vscode/vsce");
  await mkdir(dirname(file), { recursive: true });
  await createVSIX({
    cwd: folder,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    skipLicense: true,
  });
  return file;
}

/**
 * What `packExtension` would pack, besides the manifest it writes.
 *
 * @param {string} folder
 * @returns {Promise<string[]>} paths below `folder`
 */
export async function packedFiles(folder) {
  const { listFiles, PackageManager } = await import("@vscode/vsce");
  return listFiles({ cwd: folder, packageManager: PackageManager.None });
}
