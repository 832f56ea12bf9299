import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelSummary, Prediction, Reply } from '../../protocol/worker.ts';
import { modelOptions } from '../code/model-setting.ts';
import type { Panels } from '../panels/panels.ts';
import type { Services } from '../services.ts';
import { chooseImage, chooseModel } from './choose.ts';

interface ClassItem extends vscode.QuickPickItem {
  readonly target?: number;
}

/** Model, image, class, one after the other; then the panel with the map over the image. */
export async function saliencyOnImage(services: Services, panels: Panels): Promise<void> {
  const title = vscode.l10n.t('Saliency on Image');
  const model = await chooseModel(title);
  if (model === undefined) return;
  const { worker } = services;
  const opened = await busy(vscode.l10n.t('Opening {0}', path.basename(model)), () =>
    worker.open(model, modelOptions(model)),
  );
  if (!opened) return;
  if (opened.classes === undefined) {
    const text = vscode.l10n.t('{0} has no classes: saliency of a class needs a classifier.', path.basename(model));
    void vscode.window.showErrorMessage(text);
    return;
  }
  const image = await chooseImage(title, model, opened.description.sampleImages);
  if (image === undefined) return;
  const seen = await busy(vscode.l10n.t('Classifying {0}', path.basename(image)), (signal) =>
    worker.classify(model, { path: image }, modelOptions(model), { signal }),
  );
  if (!seen) return;
  const chosen = await vscode.window.showQuickPick(classItems(seen.top, opened), {
    title,
    placeHolder: vscode.l10n.t('Which class is to be explained?'),
    matchOnDescription: true,
  });
  if (chosen?.target === undefined) return;
  await panels.show(model, { tab: 'saliency', image, target: chosen.target });
}

/** What the network sees first, with how sure it is; then all classes, by number. */
function classItems(top: readonly Prediction[], { classes = 0, description }: ModelSummary): ClassItem[] {
  const heading = (label: string): ClassItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const percent = new Intl.NumberFormat(vscode.env.language, { style: 'percent', maximumFractionDigits: 1 });
  return [
    heading(vscode.l10n.t('predicted')),
    ...top.slice(0, 5).map(({ index, label, probability }) => ({
      label,
      description: probability < 0.001 ? `< ${percent.format(0.001)}` : percent.format(probability),
      target: index,
    })),
    heading(vscode.l10n.t('all classes')),
    ...Array.from({ length: classes }, (_, index) => ({
      label: description.labels?.[index] ?? vscode.l10n.t('class {0}', index),
      description: String(index),
      target: index,
    })),
  ];
}

/** The reply's value, with progress and Cancel meanwhile; undefined after a message, or when the user has cancelled. */
async function busy<T>(title: string, ask: (signal: AbortSignal) => Promise<Reply<T>>): Promise<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const reply = await vscode.window.withProgress(options, async (_, token) => {
    const controller = new AbortController();
    const cancelled = new Promise<undefined>((resolve) =>
      token.onCancellationRequested(() => {
        controller.abort();
        resolve(undefined);
      }),
    );
    return Promise.race([ask(controller.signal), cancelled]);
  });
  if (!reply) return undefined;
  if (reply.ok) return reply.value;
  if (reply.kind !== 'cancelled' && reply.kind !== 'crashed') void vscode.window.showErrorMessage(reply.message);
  return undefined;
}
