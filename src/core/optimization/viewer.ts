import type { ChannelMap } from '../images/preprocess.ts';
import { BYTES, inFours, kernels, workspace } from '../vectors/memory.ts';
import type { Size } from './picture-size.ts';
import type { View } from './transforms.ts';

/** Grey, which lies around the picture. */
const GREY = 0.5;

/** Looks at pictures of one size through a window of another, by bilinear interpolation, with grey around the picture. */
export class Viewer {
  /** Of a plane with a frame around it, so that no pixel needs to be asked whether it has neighbours. */
  readonly #line: number;
  readonly #framed: number;

  constructor(
    readonly channels: number,
    readonly picture: Size,
    readonly window: Size,
  ) {
    this.#line = picture[1] + 3;
    this.#framed = (picture[0] + 3) * this.#line;
  }

  /** From a picture (C×h×w) to what is seen of it (C×H×W of the window), each channel as `maps` says. */
  see(picture: Float32Array, view: View, seen: Float32Array, maps = asIs(this.channels)): void {
    const { space, framed, seen: window, places } = this.#located(view);
    const area = this.window[0] * this.window[1];
    space.fill(GREY, framed, framed + this.#framed);
    maps.forEach(({ plane, gain, offset }, c) => {
      this.#eachLine(plane, (at, line) => space.set(picture.subarray(at, at + this.picture[1]), framed + line));
      kernels().read(inFours(area), window * BYTES, framed * BYTES, this.#line * BYTES, ...places, gain, offset);
      seen.set(space.subarray(window, window + area), c * area);
    });
  }

  /** The adjoint of `see` (of its linear part): from the gradient of what is seen to that of the picture. */
  gradient(seen: Float32Array, view: View, picture: Float32Array, maps = asIs(this.channels)): void {
    const { space, framed, seen: window, places } = this.#located(view);
    const area = this.window[0] * this.window[1];
    maps.forEach(({ plane, gain }, c) => {
      space.fill(0, framed, framed + this.#framed);
      space.set(seen.subarray(c * area, (c + 1) * area), window);
      kernels().spread(area, window * BYTES, framed * BYTES, this.#line * BYTES, ...places, gain);
      this.#eachLine(plane, (at, line) =>
        picture.set(space.subarray(framed + line, framed + line + this.picture[1]), at),
      );
    });
  }

  /** A workspace with room for a framed plane and for what is seen of it, and where the pixels of the window lie. */
  #located(view: View) {
    const [height, width] = this.picture;
    const [rows, columns] = this.window;
    // Kernels write whole fours, of a row too.
    const area = rows * columns + inFours(1);
    const { space, starts } = workspace(area, area, area, area, this.#framed);
    const [at, partX, partY, seen, framed] = starts;
    const [u, firstV] = [0.5 - columns / 2, 0.5 - rows / 2];
    for (let row = 0; row < rows; row++) {
      const v = firstV + row;
      // From the corner of the frame; what lies farther out is as grey as the frame.
      const fromX = view.xx * u + view.xy * v + view.x0 + width / 2 + 0.5;
      const fromY = view.yx * u + view.yy * v + view.y0 + height / 2 + 0.5;
      const line = this.#line * BYTES;
      const places = [at, partX, partY].map((start) => (start + row * columns) * BYTES) as [number, number, number];
      kernels().locate(inFours(columns), ...places, line, view.xx, fromX, width + 1, view.yx, fromY, height + 1);
    }
    // What is read beside the window's pixels to make four of them.
    space.fill(0, at + rows * columns, at + area);
    return { space, framed, seen, places: [at * BYTES, partX * BYTES, partY * BYTES] as const };
  }

  /** Calls with the place of each line in a picture's plane, and in a framed plane. */
  #eachLine(plane: number, work: (at: number, line: number) => void): void {
    const [height, width] = this.picture;
    for (let y = 0; y < height; y++) work((plane * height + y) * width, (y + 1) * this.#line + 1);
  }
}

const asIs = (channels: number): readonly ChannelMap[] =>
  Array.from({ length: channels }, (_, plane) => ({ plane, gain: 1, offset: 0 }));
