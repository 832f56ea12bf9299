import type { Windows } from './windows.ts';

export interface Pictures {
  /** N×C×H×W. */
  readonly data: Float32Array;
  /** What stands in a window in place of the picture, in the same shape. */
  readonly cover: Float32Array;
  readonly channels: number;
  readonly windows: Windows;
}

/** Copies of a picture with a window hidden in each; only the pixels that change are written. */
export class HidingBatch {
  readonly #buffer: Float32Array;
  readonly #size: number;
  /** By copy: the picture and the window that stand there. */
  readonly #held: { image: number; window: number }[];

  constructor(
    readonly pictures: Pictures,
    copies: number,
  ) {
    const { channels, windows } = pictures;
    this.#size = channels * windows.picture.height * windows.picture.width;
    this.#buffer = new Float32Array(copies * this.#size);
    this.#held = Array.from({ length: copies }, () => ({ image: -1, window: -1 }));
  }

  /** The picture once for each window of the list, hidden there; −1 hides nothing. Valid until the next call. */
  hide(image: number, list: readonly number[]): Float32Array {
    const { data, cover } = this.pictures;
    const own = (from: Float32Array) => from.subarray(image * this.#size, (image + 1) * this.#size);
    list.forEach((window, copy) => {
      const held = this.#held[copy]!;
      if (held.image !== image) this.#buffer.set(own(data), copy * this.#size);
      else if (held.window >= 0) this.#write(copy, held.window, own(data));
      if (window >= 0) this.#write(copy, window, own(cover));
      this.#held[copy] = { image, window };
    });
    return this.#buffer.subarray(0, list.length * this.#size);
  }

  #write(copy: number, window: number, from: Float32Array): void {
    const { channels, windows } = this.pictures;
    const { rows, columns, height, width, picture } = windows;
    const top = rows[Math.floor(window / columns.length)]!;
    const left = columns[window % columns.length]!;
    const right = Math.min(left + width, picture.width);
    for (let c = 0; c < channels; c++)
      for (let y = top; y < Math.min(top + height, picture.height); y++) {
        const line = (c * picture.height + y) * picture.width;
        this.#buffer.set(from.subarray(line + left, line + right), copy * this.#size + line + left);
      }
  }
}
