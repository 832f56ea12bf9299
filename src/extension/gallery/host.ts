import path from 'node:path';
import * as vscode from 'vscode';
import { hasStimuli } from '../../core/gallery/layers.ts';
import { unitNames } from '../../core/gallery/unit-names.ts';
import type { GalleryHostApi, GalleryState } from '../../protocol/gallery.ts';
import type { ImageSource, ModelSummary, Progress, Reply } from '../../protocol/worker.ts';
import { chooseImage } from '../actions/choose.ts';
import { modelOptions } from '../code/model-setting.ts';
import type { Calls } from '../panels/calls.ts';
import { imageChoices } from '../panels/images.ts';
import type { Panels } from '../panels/panels.ts';
import type { Services } from '../services.ts';
import { saveGallery } from './save.ts';

interface Gallery {
  readonly model: string;
  readonly layer: string;
  /** What it is sorted by: the panel's image; undefined: the model's first sample. */
  image: ImageSource | undefined;
  readonly services: Services;
  readonly panels: Panels;
  readonly calls: Calls;
  progress(id: number, progress: Progress): void;
}

const STIMULI = 'activation-maximisation';

/** What a gallery's page asks of the extension: messages and bytes pass through. */
export function galleryHost(gallery: Gallery): GalleryHostApi {
  const { model, layer, services, panels, calls } = gallery;
  const { worker, thumbnailFolder: cacheFolder } = services;
  let summary: ModelSummary | undefined;
  let count = 0;
  const request = () => ({ model, options: modelOptions(model), layer, cacheFolder });

  return {
    async ready() {
      calls.cancelAll();
      const opened = await worker.open(model, modelOptions(model));
      if (!opened.ok) return opened;
      summary = opened.value;
      const found = summary.layers.find(({ name }) => name === layer);
      if (!found || !hasStimuli(found)) {
        const message = vscode.l10n.t('Layer “{0}” has no channels that could be asked what they prefer.', layer);
        return { ok: false, kind: 'usage', message };
      }
      const names = unitNames(summary, layer);
      gallery.image ??= await firstImage(model, summary);
      count = found.shape![0]!;
      return {
        ok: true,
        value: {
          state: stateOf(gallery),
          facts: [found.kind, found.shape!.join(' × ')],
          count,
          ...(names && { names }),
          ...(gallery.image && { image: nameOf(gallery.image) }),
        },
      };
    },
    tiles: (id, units, compute) =>
      calls.with(id, (signal, pauses) =>
        worker.tiles(
          { ...request(), units, compute },
          { signal, pauses, onProgress: (progress) => gallery.progress(id, progress) },
        ),
      ),
    strengths: (id) =>
      calls.with(id, async (signal): Promise<Reply<readonly number[]>> => {
        const { image } = gallery;
        if (image) return worker.strengths(model, layer, image, modelOptions(model), { signal });
        return { ok: false, kind: 'usage', message: vscode.l10n.t('There is no image to sort by: choose one.') };
      }),
    async chooseImage() {
      const title = vscode.l10n.t('Sort by Activation');
      const chosen = await chooseImage(title, model, summary?.description.sampleImages);
      if (chosen === undefined) return undefined;
      gallery.image = { path: chosen };
      return nameOf(gallery.image);
    },
    cancel: async (id) => calls.cancel(id),
    pause: async (id, paused) => calls.pause(id, paused),
    openUnit: (unit) => panels.show(model, { layer, tab: STIMULI, unit: String(unit) }, vscode.ViewColumn.Beside),
    save: (id, there, left) =>
      calls.with(id, (signal, pauses) => {
        const onProgress = (progress: Progress) => gallery.progress(id, progress);
        const make = (missing: 'make' | 'leave out') =>
          worker.gallery({ ...request(), missing }, missing === 'make' ? { signal, pauses, onProgress } : {});
        return saveGallery({ model, layer, count, there, left, make });
      }),
  };
}

const stateOf = ({ model, layer, image }: Gallery): GalleryState => ({
  model,
  layer,
  ...(image && 'path' in image && { image: image.path }),
});

const nameOf = (image: ImageSource): string => ('path' in image ? path.basename(image.path) : image.name);

async function firstImage(model: string, { description, inputs }: ModelSummary): Promise<ImageSource | undefined> {
  if (inputs.length !== 1) return undefined;
  const [first] = await imageChoices(model, description.sampleImages);
  return first && { path: first.path };
}
