/* eslint-disable svelte/prefer-svelte-reactivity -- the set is never shown, the maps are replaced as a whole */
import { showTime, TimeLeft } from '../../core/time-left.ts';
import type { GalleryHostApi } from '../../protocol/gallery.ts';
import type { Progress } from '../../protocol/worker.ts';
import { toLook, toMake, type Filled } from './fill.ts';

/** A picture that is being made, as it is. */
export interface Forming {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

interface Asks {
  readonly host: () => GalleryHostApi;
  /** All units, in the order in which they are to come. */
  readonly order: () => readonly number[];
  readonly nextId: () => number;
  readonly announce: (text: string) => void;
}

/** The pictures of a gallery: those in view come first, from the cache, else made. */
export class Filling {
  /** Addresses of pictures, by unit. */
  pictures = $state.raw<ReadonlyMap<number, string>>(new Map());
  forming = $state.raw<ReadonlyMap<number, Forming>>(new Map());
  status = $state<'filling' | 'paused' | 'failed' | 'whole'>('filling');
  failure = $state<string>();
  /** With parts of the pictures that are being made. */
  done = $state(0);
  left = $state<string>();
  #seen: readonly number[] = [];
  readonly #looked = new Set<number>();
  #looking = false;
  #batch: { readonly id: number; readonly units: readonly number[] } | undefined;
  #isHeld = false;
  #made = 0;
  readonly #left = new TimeLeft();

  constructor(private readonly asks: Asks) {}

  /** The units in view, by which it goes on. */
  see(units: readonly number[]): void {
    this.#seen = units;
    this.goOn();
  }

  pause(paused: boolean): void {
    this.status = paused ? 'paused' : 'filling';
    this.#left.pause(paused, Date.now());
    if (this.#batch) void this.asks.host().pause(this.#batch.id, paused);
    if (paused) this.forming = new Map();
    this.asks.announce(paused ? 'Paused' : 'Goes on');
    this.goOn();
  }

  /** Goes on where it failed. */
  again(): void {
    this.failure = undefined;
    this.status = 'filling';
    this.goOn();
  }

  /** Others make pictures, into the cache: nothing is made here meanwhile. */
  hold(held: boolean): void {
    this.#isHeld = held;
    if (this.status !== 'paused') this.#left.pause(held, Date.now());
    this.goOn();
  }

  /** What others have made may be in the cache now. */
  lookAgain(which: 'all' | 'in view' = 'all'): void {
    for (const unit of which === 'all' ? this.asks.order() : this.#seen) this.#looked.delete(unit);
    this.goOn();
  }

  goOn(): void {
    if (this.asks.order().length === 0 || this.status === 'failed') return;
    void this.#look();
    void this.#make();
  }

  progress(id: number, { done, total, partial }: Progress): void {
    if (id !== this.#batch?.id || total === 0 || this.status === 'paused') return;
    this.#tell((this.#batch.units.length * done) / total);
    if (partial?.kind !== 'images') return;
    const { tiles, width, height, rgb } = partial;
    const area = width * height * 3;
    this.forming = new Map(
      tiles.map(({ unit }, n) => [unit, { width, height, rgb: rgb.subarray(n * area, (n + 1) * area) }]),
    );
  }

  get #filled(): Filled {
    return {
      order: this.asks.order(),
      looked: (unit) => this.#looked.has(unit) || this.pictures.has(unit),
      has: (unit) => this.pictures.has(unit),
    };
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    for (let units = toLook(this.#filled, this.#seen); units.length > 0; units = toLook(this.#filled, this.#seen)) {
      const reply = await this.asks.host().tiles(this.asks.nextId(), units, false);
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
    if (this.#batch) return;
    while (this.status === 'filling' && !this.#isHeld) {
      const units = toMake(this.#filled, this.#seen);
      if (units.length === 0) break;
      this.#batch = { id: this.asks.nextId(), units };
      const reply = await this.asks.host().tiles(this.#batch.id, units, true);
      if (!reply.ok) {
        this.#fail(reply.message);
        break;
      }
      this.#made += units.length;
      this.#take(units, reply.value);
    }
    this.#batch = undefined;
    this.forming = new Map();
    if (this.pictures.size === this.asks.order().length) this.status = 'whole';
  }

  #take(units: readonly number[], pngs: readonly (Uint8Array | undefined)[]): void {
    const pictures = new Map(this.pictures);
    units.forEach((unit, i) => {
      const png = pngs[i];
      if (!png || pictures.has(unit)) return;
      pictures.set(unit, URL.createObjectURL(new Blob([new Uint8Array(png)], { type: 'image/png' })));
    });
    this.pictures = pictures;
    this.#tell(0);
  }

  /** `part`: of the pictures that are being made, so many. What came from the cache says nothing of how fast it is. */
  #tell(part: number): void {
    this.done = this.pictures.size + part;
    const done = this.#made + part;
    const total = this.#made + this.asks.order().length - this.pictures.size;
    const seconds = this.#batch && this.#left.seconds({ done, total }, Date.now());
    this.left = seconds === undefined ? this.left : showTime(seconds);
  }

  #fail(message: string): void {
    this.status = 'failed';
    this.failure = message;
    this.asks.announce(message);
  }
}
