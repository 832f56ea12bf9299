import path from 'node:path';
import * as vscode from 'vscode';
import { hasStimuli } from '../../core/gallery/layers.ts';
import { chooseModel } from '../actions/choose.ts';
import { modelOptions } from '../code/model-setting.ts';
import { sampleModel } from '../sample.ts';
import type { Services } from '../services.ts';
import type { GalleryArguments } from './galleries.ts';

/** Asks for a model, where none is given, and for one of its layers; undefined when the user leaves it, or after a message. */
export async function chooseLayer(services: Services, given?: string): Promise<GalleryArguments | undefined> {
  const title = vscode.l10n.t('Open Gallery of a Layer');
  const model = given ?? (await chooseModel(title, { sample: () => sampleModel(services) }));
  if (model === undefined) return undefined;
  const opening = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t('Opening {0}', path.basename(model)),
  };
  const opened = await vscode.window.withProgress(opening, () => services.worker.open(model, modelOptions(model)));
  if (!opened.ok) {
    if (opened.kind !== 'crashed') void vscode.window.showErrorMessage(opened.message);
    return undefined;
  }
  const items = opened.value.layers
    .filter(hasStimuli)
    .map(({ name, kind, shape }) => ({ label: name, description: `${kind} · ${shape!.join(' × ')}` }));
  const options = { title, placeHolder: vscode.l10n.t('Which layer?'), matchOnDescription: true, ignoreFocusOut: true };
  const layer = await vscode.window.showQuickPick(items, options);
  return layer && { model, layer: layer.label };
}
