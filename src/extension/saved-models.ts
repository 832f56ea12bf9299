import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { SAVED_MODEL } from './model-files.ts';

/** Paths of folders that are SavedModels, as `explorer/context` asks for them. */
const CONTEXT = 'layerscope.savedModels';
const PATTERN = `**/${SAVED_MODEL}`;
const MOST = 500;
/** A folder that is being copied is looked into once its files had time to come (ms). */
const SETTLED = 1000;

/** Keeps up to date on which folders of the explorer *Inspect Model* is offered. */
export function watchSavedModels(): vscode.Disposable {
  const tell = async () => {
    const files = await vscode.workspace.findFiles(PATTERN, '**/{node_modules,.git}/**', MOST);
    const folders = files.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => path.dirname(fsPath));
    await vscode.commands.executeCommand('setContext', CONTEXT, folders);
  };
  const watcher = vscode.workspace.createFileSystemWatcher(PATTERN, false, true, false);
  // Of a folder that is moved or copied here VS Code tells, of what is in it often not.
  const created = vscode.workspace.createFileSystemWatcher('**/*', false, true, true);
  let later: ReturnType<typeof setTimeout> | undefined;
  const look = async ({ fsPath }: vscode.Uri) => {
    if (!(await isFolder(fsPath))) return;
    clearTimeout(later);
    later = setTimeout(tell, SETTLED);
  };
  void tell();
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(tell),
    watcher.onDidDelete(tell),
    created,
    created.onDidCreate(look),
    vscode.workspace.onDidChangeWorkspaceFolders(tell),
    { dispose: () => clearTimeout(later) },
  );
}

/** The model that a path of the explorer means: a folder is its SavedModel. */
export const modelAt = async (file: string): Promise<string> =>
  (await isFolder(file)) ? path.join(file, SAVED_MODEL) : file;

const isFolder = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
