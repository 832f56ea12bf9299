/* eslint-disable svelte/prefer-svelte-reactivity -- these maps and sets are replaced as a whole, or never shown */
import type { ImageChoice, PanelHostApi } from '../../protocol/panel.ts';
import type { ImageSource, ImageSummary, LayerPreview } from '../../protocol/worker.ts';
import { Latest } from '../logic/latest.ts';
import { namedShortly } from '../logic/message.ts';
import type { Failure } from './runs.svelte.ts';

/** An image that the user has chosen: what the host is told, and what names it in the page. */
export interface ChosenImage {
  readonly name: string;
  readonly source: ImageSource;
  /** Equal for equal images. */
  readonly key: string;
}

export const fromChoice = (choice: ImageChoice): ChosenImage => ({
  name: choice.name,
  source: { path: choice.path },
  key: choice.path,
});

let dropped = 0;

/** Decodes any picture that the browser can read; rejects where it can't. */
export async function fromBlob(blob: Blob, name: string): Promise<ChosenImage> {
  const bitmap = await createImageBitmap(blob, { premultiplyAlpha: 'none' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const { width, height, data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  bitmap.close();
  return { name, source: { name, width, height, rgba: new Uint8Array(data.buffer) }, key: `dropped:${++dropped}` };
}

/** The current image, what the network makes of it, and the graph's little pictures. */
export class ImageState {
  chosen = $state.raw<ChosenImage>();
  choices = $state.raw<readonly ImageChoice[]>([]);
  summary = $state.raw<ImageSummary>();
  previews = $state.raw<ReadonlyMap<string, LayerPreview>>(new Map());
  failure = $state.raw<Failure>();
  busy = $state(false);
  /** Nothing can be made of the chosen image: what it was to be asked for is not. */
  readonly unreadable = $derived(this.chosen !== undefined && !this.summary && this.failure?.kind === 'file');
  /** What the network can be asked about. */
  readonly readable = $derived(this.unreadable ? undefined : this.chosen);
  readonly #latest = new Latest();

  constructor(
    private readonly host: () => PanelHostApi,
    private readonly announce: (text: string) => void,
    private readonly nextId: () => number,
  ) {}

  /** Shows the image in the network: its decision first, then every layer's picture. */
  async use(image: ChosenImage | undefined): Promise<void> {
    this.chosen = image;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const image = this.chosen;
    const mine = this.#latest.begin('image').id;
    this.failure = undefined;
    this.busy = true;
    if (image) {
      const reply = await this.host().classify(this.nextId(), image.source);
      if (!this.#latest.isCurrent('image', mine)) return;
      if (reply.ok) {
        this.summary = reply.value;
        const best = reply.value.top[0];
        if (best) this.announce(`${image.name}: ${best.label}`);
      } else {
        this.summary = undefined;
        if (reply.kind !== 'cancelled') this.failure = namedShortly(reply, [image.source]);
      }
    } else this.summary = undefined;
    const reply = await this.host().previews(this.nextId(), this.unreadable ? undefined : image?.source);
    if (!this.#latest.isCurrent('image', mine)) return;
    this.busy = false;
    if (reply.ok) this.previews = new Map(reply.value.map((preview) => [preview.layer, preview]));
    else if (reply.kind !== 'cancelled') this.failure ??= reply;
  }
}
