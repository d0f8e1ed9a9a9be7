import * as vscode from "vscode";

/** Asks where to, and writes; `folder` is where the dialog begins, null for VS Code's own choice. */
export async function saveAs(
  folder: vscode.Uri | null,
  title: string,
  fileName: string,
  content: string | Uint8Array,
): Promise<void> {
  const uri = await vscode.window.showSaveDialog({
    title,
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, fileName) } : {}),
  });
  if (uri === undefined) return;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await vscode.workspace.fs.writeFile(uri, bytes);
}
