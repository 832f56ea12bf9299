import type { ImagesResult } from '../../core/results.ts';

/** What pictures on the way may take of memory, and how many there may be. */
const MOST_BYTES = 16e6;
const MOST_FRAMES = 32;

type Frame = Pick<ImagesResult, 'width' | 'height' | 'rgb'>;

/** Pictures of a run as they form, evenly spaced, however long it takes: where there are too many, every other one goes. */
export class Reel {
  #frames: Frame[] = [];
  /** One picture of so many is kept. */
  #every = 1;
  #seen = 0;

  add({ width, height, rgb }: Frame): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#frames.push({ width, height, rgb });
    const bytes = this.#frames.reduce((sum, frame) => sum + frame.rgb.length, 0);
    if (this.#frames.length <= 1 || (this.#frames.length <= MOST_FRAMES && bytes <= MOST_BYTES)) return;
    this.#frames = this.#frames.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  /** RGB bytes of the picture at this place, at each time that it was seen and had changed. */
  pictures(index: number): Uint8Array[] {
    const all = this.#frames.flatMap(({ width, height, rgb }) => {
      const length = width * height * 3;
      return (index + 1) * length <= rgb.length ? [rgb.subarray(index * length, (index + 1) * length)] : [];
    });
    return all.filter((picture, i) => i === 0 || !same(picture, all[i - 1]!));
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((value, i) => value === b[i]);
