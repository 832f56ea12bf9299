import { showTime, TimeLeft } from '../../core/time-left.ts';
import type { GalleryApi, GalleryHostApi, GalleryLayer } from '../../protocol/gallery.ts';
import { Filling } from './filling.svelte.ts';
import { findUnits, orderUnits, type Order } from './order.ts';

export const SIZES = { least: 40, most: 320, first: 112 } as const;

/** How a user likes to see it; kept by the editor. */
export interface GalleryView {
  size: number;
  order: Order;
}

/** How far a file is that is being made. */
interface Saving {
  readonly id: number;
  readonly done: number;
  readonly total: number;
  readonly left: string | undefined;
}

/** All that a gallery's page knows. */
export class Gallery implements GalleryApi {
  layer = $state.raw<GalleryLayer>();
  failure = $state<string>();
  strengths = $state.raw<readonly number[]>();
  view = $state<GalleryView>({ size: SIZES.first, order: 'by number' });
  /** What is looked for among the units. */
  wanted = $state('');
  saving = $state.raw<Saving>();
  announcement = $state('');
  readonly sorted: readonly number[] = $derived(
    orderUnits(this.layer?.count ?? 0, this.view.order, { names: this.layer?.names, strengths: this.strengths }),
  );
  /** Those that are shown. */
  readonly units: readonly number[] = $derived(findUnits(this.sorted, this.wanted, this.layer?.names));
  readonly filling = new Filling({
    host: () => this.host(),
    order: () => this.sorted,
    nextId: () => this.#nextId++,
    announce: (text) => this.announce(text),
  });
  #nextId = 1;

  constructor(private readonly host: () => GalleryHostApi) {}

  async start(): Promise<void> {
    this.failure = undefined;
    const reply = await this.host().ready();
    if (!reply.ok) {
      this.failure = reply.message;
      return;
    }
    this.layer = reply.value;
    if (this.view.order === 'by activation') await this.sort('by activation');
    this.filling.goOn();
  }

  /** What is called what. */
  title(unit: number): string {
    return this.layer?.names?.[unit] ?? `Channel ${unit}`;
  }

  async sort(order: Order): Promise<void> {
    if (order === 'by activation' && !this.strengths) {
      if (!this.layer?.image && !(await this.chooseImage())) return;
      const reply = await this.host().strengths(this.#nextId++);
      if (!reply.ok) return this.announce((this.failure = reply.message));
      this.strengths = reply.value;
    }
    this.failure = undefined;
    this.view.order = order;
    this.announce(`Sorted ${order}`);
  }

  find(text: string): void {
    this.wanted = text;
    if (text.trim() !== '') this.announce(`${this.units.length} found`);
  }

  /** Asks for another image to sort by; whether there is one now. */
  async chooseImage(): Promise<boolean> {
    const image = await this.host().chooseImage();
    if (image === undefined || !this.layer) return false;
    this.layer = { ...this.layer, image };
    this.strengths = undefined;
    if (this.view.order === 'by activation') await this.sort('by activation');
    return true;
  }

  open(unit: number): void {
    void this.host().openUnit(unit);
  }

  async save(): Promise<void> {
    const id = this.#nextId++;
    this.saving = { id, done: 0, total: 0, left: undefined };
    this.#left = new TimeLeft();
    const reply = await this.host().save(id, this.filling.pictures.size, this.filling.left);
    this.saving = undefined;
    this.failure = reply.ok || reply.kind === 'cancelled' ? undefined : reply.message;
    if (!reply.ok) this.announce(this.failure ?? 'Cancelled');
    else if (reply.value !== undefined) this.announce(`Saved ${reply.value}`);
    this.filling.lookAgain(); // what was made for the file is there now
    this.filling.hold(false);
  }

  cancelSaving(): void {
    if (this.saving) void this.host().cancel(this.saving.id);
  }

  announce(text: string): void {
    this.announcement = text;
  }

  #left = new TimeLeft();

  progress: GalleryApi['progress'] = (id, progress) => {
    if (id !== this.saving?.id) return this.filling.progress(id, progress);
    const { done, total } = progress;
    const seconds = this.#left.seconds(progress, Date.now());
    this.filling.hold(true);
    if (Math.floor(done) > this.saving.done) this.filling.lookAgain('in view');
    this.saving = { id, done: Math.floor(done), total, left: seconds === undefined ? undefined : showTime(seconds) };
  };
}
