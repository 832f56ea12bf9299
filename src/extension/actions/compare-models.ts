import path from 'node:path';
import * as vscode from 'vscode';
import type { Panels } from '../panels/panels.ts';
import { modelAt } from '../saved-models.ts';
import { chooseModel } from './choose.ts';

/**
 * Shows a model beside another one: of two files chosen in the explorer the one after the other; of one, or of none, what is
 * missing is asked for.
 */
export async function compareModels(
  panels: Panels,
  uri: vscode.Uri | undefined,
  chosen: readonly vscode.Uri[] | undefined,
): Promise<void> {
  const files = (chosen?.length ? chosen : uri ? [uri] : []).filter(({ scheme }) => scheme === 'file');
  if (files.length > 2) {
    void vscode.window.showErrorMessage(vscode.l10n.t('Two models are compared, not {0}: choose two.', files.length));
    return;
  }
  const [first, second] = await Promise.all(files.map(({ fsPath }) => modelAt(fsPath)));
  const model =
    first ?? (await chooseModel(vscode.l10n.t('Compare with Model: the first one'), { open: panels.models }));
  if (model === undefined) return;
  const other = second ?? (await chooseModel(vscode.l10n.t('Compare {0} with', path.basename(model)), { but: model }));
  if (other !== undefined) await panels.show(model, { with: other });
}
