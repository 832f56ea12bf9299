import { cp } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Panels } from './panels/panels.ts';
import type { Services } from './services.ts';

const MODEL = 'digits.onnx';

/**
 * The network that comes with the extension, as a file of the user's: what is said of its input is written beside it, and the
 * extension's own folder is not to be changed. What is there already stays.
 */
export async function sampleModel({ extensionUri, sampleFolder }: Services): Promise<string> {
  const from = vscode.Uri.joinPath(extensionUri, 'media', 'samples').fsPath;
  await cp(from, sampleFolder, { recursive: true, force: false });
  return path.join(sampleFolder, MODEL);
}

/** Shows the sample, and offers the rest of it: code with lenses, and images. */
export async function openSample(services: Services, panels: Panels): Promise<void> {
  await panels.show(await sampleModel(services), {});
  const open = vscode.l10n.t('Open Its Folder');
  const text = vscode.l10n.t('This network reads handwritten digits. In its folder is the code that defines it, too.');
  if ((await vscode.window.showInformationMessage(text, open)) !== open) return;
  const folder = vscode.Uri.file(services.sampleFolder);
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}
