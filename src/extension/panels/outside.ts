import path from 'node:path';
import * as vscode from 'vscode';
import type { CodePlace } from '../../protocol/panel.ts';
import type { Reply } from '../../protocol/worker.ts';

/** Asks where to, and writes. */
export async function savePicture(suggested: string, file: Uint8Array): Promise<void> {
  const kind = path.extname(suggested).slice(1);
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save picture'),
    defaultUri: vscode.Uri.file(suggested),
    filters: { [kind.toUpperCase()]: [kind] },
  });
  if (!target) return;
  try {
    await vscode.workspace.fs.writeFile(target, file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const name = path.basename(target.fsPath);
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} was not saved: {1}', name, reason));
  }
}

/** Where an HTML file is to lie; undefined when the user leaves the dialog. */
export const chooseHtmlFile = async (
  suggested: string,
  words: { readonly title: string; readonly saveLabel: string },
): Promise<string | undefined> =>
  (
    await vscode.window.showSaveDialog({
      ...words,
      defaultUri: vscode.Uri.file(suggested),
      filters: { HTML: ['html'] },
    })
  )?.fsPath;

/** Writes an HTML file, says so, with what is in it, and offers to open it; the reply has the file's path. */
export async function writeHtml(file: string, html: Uint8Array, content?: string): Promise<Reply<string>> {
  const name = path.basename(file);
  const uri = vscode.Uri.file(file);
  try {
    await vscode.workspace.fs.writeFile(uri, html);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, kind: 'file', message: vscode.l10n.t('{0} was not saved: {1}', name, reason) };
  }
  const open = vscode.l10n.t('Open');
  const saved = vscode.l10n.t('{0} is saved.', content === undefined ? name : `${name} (${content})`);
  void vscode.window.showInformationMessage(saved, open).then((answer) => {
    if (answer === open) void vscode.env.openExternal(uri);
  });
  return { ok: true, value: file };
}

/** Shows the line where the file is open already, else beside the panel. */
export async function openPlace({ file, line }: CodePlace): Promise<void> {
  const uri = vscode.Uri.file(file);
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const at = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(uri, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.Beside,
    selection: new vscode.Range(at, at),
    preview: false,
  });
}
