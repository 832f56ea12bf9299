import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelSummary, Prediction, Reply } from '../../protocol/worker.ts';
import { modelOptions } from '../code/model-setting.ts';
import type { Panels } from '../panels/panels.ts';
import { sampleModel } from '../sample.ts';
import type { Services } from '../services.ts';
import { chooseImage, chooseModel, STAYS_OPEN } from './choose.ts';

interface ClassItem extends vscode.QuickPickItem {
  readonly target?: number;
}

interface MethodItem extends vscode.QuickPickItem {
  readonly tab?: string;
}

/** The tab of the panel that shows what several methods say. */
const COMPARE = 'compare';

export const saliencyOnImage = (services: Services, panels: Panels): Promise<void> =>
  explain(services, panels, vscode.l10n.t('Saliency on Image'), async () => 'saliency');

/** As for saliency, by a method that is chosen first, or by several side by side. */
export function explainImage(services: Services, panels: Panels): Promise<void> {
  const title = vscode.l10n.t('Explain Image');
  return explain(services, panels, title, async () => {
    const methods = await busy(title, () => services.worker.methods());
    if (!methods) return undefined;
    const all: MethodItem = { label: vscode.l10n.t('Several, side by side'), tab: COMPARE };
    const items = methods.flatMap(({ id, title: label, description, attribution }): MethodItem[] =>
      attribution ? [{ label, detail: description, tab: id }] : [],
    );
    const placeHolder = vscode.l10n.t('Which pixels matter, by which method?');
    const options = { title, placeHolder, matchOnDetail: true, ...STAYS_OPEN };
    return (await vscode.window.showQuickPick([all, ...items], options))?.tab;
  });
}

/** Model, method, image, class, one after the other; then the panel with the map over the image. */
async function explain(
  services: Services,
  panels: Panels,
  title: string,
  chooseTab: () => Promise<string | undefined>,
): Promise<void> {
  const model = await chooseModel(title, { open: panels.models, sample: () => sampleModel(services) });
  if (model === undefined) return;
  const { worker } = services;
  const opened = await busy(vscode.l10n.t('Opening {0}', path.basename(model)), () =>
    worker.open(model, modelOptions(model)),
  );
  if (!opened) return;
  if (opened.classes === undefined) {
    const text = vscode.l10n.t('{0} has no classes: a class is explained of a classifier alone.', path.basename(model));
    void vscode.window.showErrorMessage(text);
    return;
  }
  const tab = await chooseTab();
  if (tab === undefined) return;
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
    ...STAYS_OPEN,
  });
  if (chosen?.target === undefined) return;
  await panels.show(model, { tab, image, target: chosen.target });
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
