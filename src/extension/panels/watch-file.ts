import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

/** A file is written in pieces, and a model in several files: it has changed once nothing has come for so long (ms). */
const SETTLED = 700;

/** Tells when some of these files, of the workspace or not, have become others. */
export function watchFiles(files: readonly string[], changed: () => void): vscode.Disposable {
  let stamps = stampsOf(files);
  let later: ReturnType<typeof setTimeout> | undefined;
  const compare = async () => {
    const before = await stamps;
    stamps = stampsOf(files);
    if ((await stamps) !== before) changed();
  };
  const wait = () => {
    clearTimeout(later);
    later = setTimeout(compare, SETTLED);
  };
  const watchers = files.flatMap((file) => {
    const watcher = vscode.workspace.createFileSystemWatcher(patternOf(file), false, false, true);
    return [watcher, watcher.onDidCreate(wait), watcher.onDidChange(wait)];
  });
  return vscode.Disposable.from(...watchers, { dispose: () => clearTimeout(later) });
}

function patternOf(file: string): vscode.RelativePattern {
  const name = path.basename(file).replace(/[[\]{}*?]/g, '[$&]');
  return new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), name);
}

const stampsOf = async (files: readonly string[]): Promise<string> => {
  const stamps = files.map((file) =>
    stat(file).then(
      ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
      () => '',
    ),
  );
  return (await Promise.all(stamps)).join();
};
