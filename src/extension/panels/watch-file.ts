import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

/** A file is written in pieces: it has changed once nothing has come for so long (ms). */
const SETTLED = 700;

/** Tells when a file, of the workspace or not, has become another one. */
export function watchFile(file: string, changed: () => void): vscode.Disposable {
  const name = path.basename(file).replace(/[[\]{}*?]/g, '[$&]');
  const pattern = new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), name);
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
  let stamp = stampOf(file);
  let later: ReturnType<typeof setTimeout> | undefined;
  const compare = async () => {
    const before = await stamp;
    stamp = stampOf(file);
    if ((await stamp) !== before) changed();
  };
  const wait = () => {
    clearTimeout(later);
    later = setTimeout(compare, SETTLED);
  };
  return vscode.Disposable.from(watcher, watcher.onDidCreate(wait), watcher.onDidChange(wait), {
    dispose: () => clearTimeout(later),
  });
}

const stampOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
    () => '',
  );
