import * as vscode from 'vscode';
import { COMMANDS, type LayerArguments } from '../commands.ts';
import type { Panels } from '../panels/panels.ts';
import { modelAt } from '../saved-models.ts';
import { openSample, sampleModel } from '../sample.ts';
import type { Services } from '../services.ts';
import { clearCache } from './cache.ts';
import { compareModels } from './compare-models.ts';
import { chooseModel } from './choose.ts';
import { explainImage, saliencyOnImage } from './explain.ts';

/** Registers what is not about code: the palette's and the menus' commands, and what lenses call. */
export function registerActions(services: Services, panels: Panels): vscode.Disposable {
  const sample = () => sampleModel(services);
  const inspectModel = async (uri?: vscode.Uri) => {
    if (uri && uri.scheme !== 'file') {
      const text = vscode.l10n.t('Layerscope opens models that are files: {0} is none.', uri.toString());
      return vscode.window.showErrorMessage(text);
    }
    const model = uri ? await modelAt(uri.fsPath) : await chooseModel(vscode.l10n.t('Inspect Model'), { sample });
    return model === undefined ? undefined : panels.show(model, {});
  };
  const visualizeLayer = ({ model, layer, tab }: LayerArguments) =>
    panels.show(model, { layer, ...(tab !== undefined && { tab }) }, vscode.ViewColumn.Beside);
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(COMMANDS.inspectModel, inspectModel),
    registerCommand(COMMANDS.openSample, () => openSample(services, panels)),
    registerCommand(COMMANDS.compareModels, (uri?: vscode.Uri, chosen?: vscode.Uri[]) =>
      compareModels(panels, uri, chosen),
    ),
    registerCommand(COMMANDS.visualizeLayer, visualizeLayer),
    registerCommand(COMMANDS.explainImage, () => explainImage(services, panels)),
    registerCommand(COMMANDS.saliencyOnImage, () => saliencyOnImage(services, panels)),
    registerCommand(COMMANDS.clearCache, () => clearCache(services, panels)),
    registerCommand(COMMANDS.showLog, () => services.log.show()),
    registerCommand(COMMANDS.restartWorker, () => services.restartWorker()),
    services.onDidCrash((message) => {
      // A panel in view says it, and offers the same.
      if (!panels.all.some(({ stands }) => stands)) void offerRestart(services, message);
    }),
  );
}

/** A crash is a message with a way out. */
async function offerRestart(services: Services, message: string): Promise<void> {
  const restart = vscode.l10n.t('Restart');
  const log = vscode.l10n.t('Show Log');
  const answer = await vscode.window.showErrorMessage(message, restart, log);
  if (answer === restart) await services.restartWorker();
  if (answer === log) services.log.show();
}
