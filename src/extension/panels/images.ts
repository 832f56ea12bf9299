import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ImageChoice } from '../../protocol/panel.ts';
import { imageFiles, nameAndPlace } from '../files.ts';

const READABLE = /\.(png|jpe?g)$/i;
const byName = new Intl.Collator(undefined, { numeric: true }).compare;

/** What a panel offers: the model's own sample images first, then those beside it, then the workspace's others. */
export async function imageChoices(model: string, sampleFolder: string | undefined): Promise<ImageChoice[]> {
  const samples = sampleFolder === undefined ? [] : await samplesIn(sampleFolder);
  const known = new Set(samples.map((choice) => choice.path));
  const others = (await imageFiles()).filter((file) => !known.has(file));
  const isBeside = (file: string) => path.dirname(file) === path.dirname(model);
  const ordered = [...others.filter(isBeside), ...others.filter((file) => !isBeside(file))];
  return [...samples, ...ordered.map((file) => ({ path: file, ...nameAndPlace(file) }))];
}

/** A folder that is not there has no images: the description's word is not worth an error here. */
async function samplesIn(folder: string): Promise<ImageChoice[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => READABLE.test(name))
    .sort(byName)
    .map((name) => ({ path: path.join(folder, name), name, detail: vscode.l10n.t('Sample image') }));
}

/** VS Code's own file picker; undefined when the user leaves it. */
export async function pickImage(near: string): Promise<ImageChoice | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Choose an image'),
      openLabel: vscode.l10n.t('Use Image'),
      defaultUri: vscode.Uri.file(path.dirname(near)),
      filters: { [vscode.l10n.t('Images')]: ['png', 'jpg', 'jpeg'] },
    })) ?? [];
  return chosen && { path: chosen.fsPath, ...nameAndPlace(chosen.fsPath) };
}
