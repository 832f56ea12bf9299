import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The only folder that a panel's page may read. */
export const pageFolder = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, 'dist', 'webview');

/** A panel's or a gallery's page: it runs our script alone, loads nothing from anywhere else, and has no style of its own inside. */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, page: 'main' | 'gallery' = 'main'): string {
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(pageFolder(extension), name)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `img-src ${webview.cspSource} blob: data:`,
    'media-src blob:',
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${address(`${page}.css`)}" />
    <title>Layerscope</title>
  </head>
  <body>
    <script type="module" nonce="${nonce}" src="${address(`${page}.js`)}"></script>
  </body>
</html>`;
}
