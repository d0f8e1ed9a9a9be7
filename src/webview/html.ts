import * as vscode from "vscode";

/** What a page may load: the files of `dist/` that make it up. */
export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist")] };
}

/** A page whose script and style are `dist/NAME.js` and `dist/NAME.css`. */
export interface PageFiles {
  name: string;
  title: string;
  /** A script in `dist/` that the page runs in a worker: its address is the root's `data-worker`. */
  worker?: string;
}

/** The page's frame. Nothing is loaded from elsewhere, and only the script with the nonce runs. */
export function pageHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { name, title, worker }: PageFiles,
): string {
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", file));
  const nonce = createNonce();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "img-src blob:", // a chart on its way to a PNG
    // A worker cannot be started from another origin's file; it is read, and started from memory.
    ...(worker === undefined ? [] : [`connect-src ${webview.cspSource}`, "worker-src blob:"]),
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri(`${name}.css`)}">
<title>${title}</title>
</head>
<body>
<div id="root"${worker === undefined ? "" : ` data-worker="${uri(worker)}"`}></div>
<script nonce="${nonce}" src="${uri(`${name}.js`)}"></script>
</body>
</html>`;
}

function createNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
