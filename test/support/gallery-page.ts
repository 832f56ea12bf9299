import path from 'node:path';
import type { Browser } from 'playwright-core';
import { hasStimuli } from '../../src/core/gallery/layers.ts';
import { unitNames } from '../../src/core/gallery/unit-names.ts';
import { Calls } from '../../src/extension/panels/calls.ts';
import { WorkerClient } from '../../src/extension/worker-client.ts';
import type { GalleryApi, GalleryHostApi } from '../../src/protocol/gallery.ts';
import type { ImageSource } from '../../src/protocol/worker.ts';
import { openPage, type PageOptions, type WebviewPage } from './webview-page.ts';

interface GalleryOptions extends PageOptions {
  readonly worker: WorkerClient;
  readonly model: string;
  readonly layer: string;
  /** Where thumbnails are kept. */
  readonly cacheFolder: string;
  readonly image?: string;
  /** What else it asked for. */
  readonly said?: string[];
}

/** The built worker, as the extension starts it. */
export const startWorker = (): WorkerClient =>
  new WorkerClient({
    file: path.join(import.meta.dirname, '../../dist/worker.cjs'),
    log: () => {},
    onCrash: (message) => process.stderr.write(`${message}\n`),
  });

/** The built gallery of a layer in a page of its own, with the real worker and without an editor. */
export function openGalleryPage(browser: Browser, options: GalleryOptions): Promise<WebviewPage<GalleryApi>> {
  return openPage<GalleryApi, GalleryHostApi>(browser, 'gallery', (page) => galleryHost(options, page), options);
}

function galleryHost(
  { worker, model, layer, cacheFolder, image, said = [] }: GalleryOptions,
  page: () => GalleryApi,
): GalleryHostApi {
  const calls = new Calls();
  const asked = { model, layer, cacheFolder };
  const source: ImageSource | undefined = image === undefined ? undefined : { path: image };
  const running = <T>(id: number, work: (call: Parameters<WorkerClient['tiles']>[1]) => Promise<T>): Promise<T> =>
    calls.with(id, (signal, pauses) =>
      work({ signal, pauses, onProgress: (progress) => page().progress(id, progress) }),
    );
  return {
    async ready() {
      const opened = await worker.open(model);
      if (!opened.ok) return opened;
      const { kind, shape } = opened.value.layers.filter(hasStimuli).find(({ name }) => name === layer)!;
      const names = unitNames(opened.value, layer);
      const facts = [kind, shape!.join(' × ')];
      const value = { state: { model, layer }, facts, count: shape![0]!, ...(names && { names }) };
      return { ok: true, value: { ...value, ...(image !== undefined && { image: path.basename(image) }) } };
    },
    tiles: (id, units, compute) => running(id, (call) => worker.tiles({ ...asked, units, compute }, call)),
    strengths: (id) => running(id, (call) => worker.strengths(model, layer, source!, undefined, call)),
    chooseImage: async () => undefined,
    cancel: async (id) => calls.cancel(id),
    pause: async (id, paused) => calls.pause(id, paused),
    openUnit: async (unit) => void said.push(`open ${unit}`),
    async save(id) {
      const made = await running(id, (call) => worker.gallery(asked, call));
      if (!made.ok) return made;
      said.push(made.value.html);
      return { ok: true, value: `${made.value.pictures} pictures` };
    },
  };
}
