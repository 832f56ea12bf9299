/* eslint-disable svelte/prefer-svelte-reactivity -- the set is never shown, the map is replaced as a whole */
import { showTime, TimeLeft } from '../../core/gallery/time-left.ts';
import type { GalleryApi, GalleryHostApi, GalleryLayer } from '../../protocol/gallery.ts';
import { orderUnits, toLook, toMake, type Filled, type Order } from './fill.ts';

export const SIZES = { least: 40, most: 320, first: 112 } as const;

/** How a user likes to see it; kept by the editor. */
export interface GalleryView {
  size: number;
  order: Order;
}

/** All that a gallery's page knows: its pictures, as they come, those in view first. */
export class Gallery implements GalleryApi {
  layer = $state.raw<GalleryLayer>();
  failure = $state<string>();
  /** Addresses of pictures, by unit. */
  pictures = $state.raw<ReadonlyMap<number, string>>(new Map());
  strengths = $state.raw<readonly number[]>();
  view = $state<GalleryView>({ size: SIZES.first, order: 'by number' });
  status = $state<'filling' | 'paused' | 'cancelled' | 'whole'>('filling');
  /** Pictures that are being saved: how far. */
  saving = $state.raw<{ readonly done: number; readonly total: number }>();
  announcement = $state('');
  left = $state<string>();
  readonly units = $derived(
    orderUnits(this.layer?.count ?? 0, this.view.order, {
      ...(this.layer?.names && { names: this.layer.names }),
      ...(this.strengths && { strengths: this.strengths }),
    }),
  );
  /** With parts of the pictures that are being made. */
  done = $state(0);
  #seen: readonly number[] = [];
  readonly #looked = new Set<number>();
  #looking = false;
  #making: number | undefined;
  #saving: number | undefined;
  #nextId = 1;
  readonly #left = new TimeLeft();

  constructor(private readonly host: () => GalleryHostApi) {}

  async start(): Promise<void> {
    const reply = await this.host().ready();
    if (!reply.ok) {
      this.failure = reply.message;
      return;
    }
    this.layer = reply.value;
    if (this.view.order === 'by activation') await this.sort('by activation');
    this.#fill();
  }

  /** What is called what. */
  title(unit: number): string {
    return this.layer?.names?.[unit] ?? `Channel ${unit}`;
  }

  /** The units in view, by which it goes on. */
  see(units: readonly number[]): void {
    this.#seen = units;
    this.#fill();
  }

  pause(paused: boolean): void {
    this.status = paused ? 'paused' : 'filling';
    this.#left.pause(paused, Date.now());
    if (this.#making !== undefined) void this.host().pause(this.#making, paused);
    this.announce(paused ? 'Paused' : 'Goes on');
    this.#fill();
  }

  cancel(): void {
    this.status = 'cancelled';
    if (this.#making !== undefined) void this.host().cancel(this.#making);
    this.announce('Cancelled; what was there stays');
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
    this.#saving = this.#nextId++;
    this.saving = { done: 0, total: this.layer?.count ?? 0 };
    const reply = await this.host().save(this.#saving);
    this.saving = this.#saving = undefined;
    if (!reply.ok)
      this.announce((this.failure = reply.kind === 'cancelled' ? undefined : reply.message) ?? 'Cancelled');
    else if (reply.value !== undefined) this.announce(`Saved ${reply.value}`);
    this.#looked.clear(); // what was made for the file is there now
    this.#fill();
  }

  cancelSaving(): void {
    if (this.#saving !== undefined) void this.host().cancel(this.#saving);
  }

  announce(text: string | undefined): void {
    this.announcement = text ?? '';
  }

  progress: GalleryApi['progress'] = (id, { done, total }) => {
    if (id === this.#saving) this.saving = { done: Math.floor(done), total };
    if (id !== this.#making || total === 0) return;
    this.#tell(this.pictures.size + (this.#batch * done) / total);
  };

  #batch = 0;

  #tell(done: number): void {
    this.done = done;
    const seconds = this.#left.seconds({ done, total: this.layer?.count ?? 0 }, Date.now());
    this.left = seconds === undefined ? undefined : showTime(seconds);
  }

  readonly #filled: Filled = ((gallery: Gallery): Filled => ({
    get count() {
      return gallery.layer?.count ?? 0;
    },
    looked: (unit) => gallery.#looked.has(unit) || gallery.pictures.has(unit),
    has: (unit) => gallery.pictures.has(unit),
  }))(this);

  #fill(): void {
    if (!this.layer) return;
    void this.#look();
    void this.#make();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    for (let units = toLook(this.#filled, this.#seen); units.length > 0; units = toLook(this.#filled, this.#seen)) {
      const reply = await this.host().tiles(this.#nextId++, units, false);
      if (!reply.ok) {
        this.#fail(reply.message);
        break;
      }
      for (const unit of units) this.#looked.add(unit);
      this.#take(units, reply.value);
      void this.#make();
    }
    this.#looking = false;
  }

  async #make(): Promise<void> {
    if (this.#making !== undefined || this.#saving !== undefined) return;
    for (;;) {
      if (this.status === 'paused' || this.status === 'cancelled' || this.#saving !== undefined) break;
      const units = toMake(this.#filled, this.#seen);
      if (units.length === 0) break;
      this.#making = this.#nextId++;
      this.#batch = units.length;
      const reply = await this.host().tiles(this.#making, units, true);
      if (reply.ok) this.#take(units, reply.value);
      else if (reply.kind !== 'cancelled') {
        this.#fail(reply.message);
        break;
      }
    }
    this.#making = undefined;
    if (this.pictures.size === this.layer?.count) this.status = 'whole';
  }

  #take(units: readonly number[], pngs: readonly (Uint8Array | undefined)[]): void {
    const pictures = new Map(this.pictures);
    units.forEach((unit, i) => {
      const png = pngs[i];
      if (!png || pictures.has(unit)) return;
      pictures.set(unit, URL.createObjectURL(new Blob([new Uint8Array(png)], { type: 'image/png' })));
    });
    this.pictures = pictures;
    this.#tell(pictures.size);
  }

  #fail(message: string): void {
    this.status = 'cancelled';
    this.failure = message;
    this.announce(message);
  }

  /** Goes on where it was cancelled, or failed. */
  again(): void {
    this.failure = undefined;
    this.status = 'filling';
    this.#fill();
  }
}
