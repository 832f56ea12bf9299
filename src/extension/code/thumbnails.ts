import * as vscode from 'vscode';
import { firstUnits } from '../../core/gallery/layers.ts';
import type { LayerSummary, Reply, Thumbnail, ThumbnailRequest } from '../../protocol/worker.ts';
import type { ThumbnailArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { modelOptions } from './model-setting.ts';

function requestOf({ thumbnailFolder }: Services, model: string, layer: LayerSummary): ThumbnailRequest {
  const options = modelOptions(model);
  return {
    model,
    options,
    layer: layer.name,
    units: firstUnits(layer),
    cacheFolder: thumbnailFolder,
    cachedOnly: true,
  };
}

/** From the cache only: nothing is computed. */
export const cachedThumbnails = (
  services: Services,
  model: string,
  layer: LayerSummary,
): Promise<Reply<readonly Thumbnail[] | undefined>> => services.worker.thumbnails(requestOf(services, model, layer));

/** Computes a layer's thumbnails, with progress and Cancel, then opens the hover again that asked for them. */
export async function computeThumbnails(
  services: Services,
  layer: LayerSummary,
  { model, uri, line, character }: ThumbnailArguments,
): Promise<void> {
  const options: vscode.ProgressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('What {0} prefers', layer.name),
    cancellable: true,
  };
  const reply = await vscode.window.withProgress(options, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let before = 0;
    const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) => {
      const now = (100 * done) / Math.max(1, total);
      progress.report({ increment: now - before, message: `${Math.round(now)} %` });
      before = now;
    };
    const request = { ...requestOf(services, model, layer), cachedOnly: false };
    return services.worker.thumbnails(request, { signal: abort.signal, onProgress });
  });
  if (reply.ok) return showHover(vscode.Uri.parse(uri), new vscode.Position(line, character));
  if (reply.kind !== 'cancelled' && reply.kind !== 'crashed') void vscode.window.showErrorMessage(reply.message);
}

async function showHover(uri: vscode.Uri, position: vscode.Position): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  if (!shown) return; // the user has gone elsewhere
  await vscode.window.showTextDocument(shown.document, {
    viewColumn: shown.viewColumn,
    selection: new vscode.Range(position, position),
  });
  await vscode.commands.executeCommand('editor.action.showHover');
}
