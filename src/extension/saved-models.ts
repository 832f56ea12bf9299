import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { SAVED_MODEL } from './model-files.ts';

/** Paths of folders that are SavedModels, as `explorer/context` asks for them. */
const CONTEXT = 'layerscope.savedModels';
const PATTERN = `**/${SAVED_MODEL}`;
const MOST = 500;

/** Keeps up to date on which folders of the explorer *Inspect Model* is offered. */
export function watchSavedModels(): vscode.Disposable {
  const tell = async () => {
    const files = await vscode.workspace.findFiles(PATTERN, '**/{node_modules,.git}/**', MOST);
    const folders = files.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => path.dirname(fsPath));
    await vscode.commands.executeCommand('setContext', CONTEXT, folders);
  };
  const watcher = vscode.workspace.createFileSystemWatcher(PATTERN, false, true, false);
  void tell();
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(tell),
    watcher.onDidDelete(tell),
    vscode.workspace.onDidChangeWorkspaceFolders(tell),
  );
}

/** The model that a path of the explorer means: a folder is its SavedModel. */
export const modelAt = (file: string): Promise<string> =>
  stat(file).then(
    (found) => (found.isDirectory() ? path.join(file, SAVED_MODEL) : file),
    () => file,
  );
