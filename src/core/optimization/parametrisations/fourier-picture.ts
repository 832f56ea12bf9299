import { coloursGradient, fromColours, toColours } from '../colour.ts';
import { FourierImage, quickSize } from './fourier-image.ts';
import type { Parametrisation } from './parametrisation.ts';

interface PictureOptions {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** Of the spectrum: see `FourierImage`. */
  readonly decay: number;
}

/**
 * A picture (C×h×w, values 0..1) as what is optimised in its place: spectra of decorrelated colours. The spectra are of the next
 * size whose transform is quick; the picture is their upper left part.
 */
export class FourierPicture implements Parametrisation {
  /** Parameters of one picture. */
  readonly size: number;
  readonly #fourier: FourierImage;
  readonly #planes: readonly Float32Array[];

  constructor(readonly options: PictureOptions) {
    const { channels, height, width, decay } = options;
    this.#fourier = new FourierImage(quickSize(height), quickSize(width), { decay });
    this.size = channels * this.#fourier.size;
    const area = this.#fourier.height * this.#fourier.width;
    this.#planes = Array.from({ length: channels }, () => new Float32Array(area));
  }

  paint(parameters: Float32Array, picture: Float32Array): void {
    const { channels, height, width } = this.options;
    const spectra = this.#split(parameters);
    for (let c = 0; c < channels; c += 2) this.#fourier.paint(spectra.slice(c, c + 2), this.#planes.slice(c, c + 2));
    this.#planes.forEach((plane, c) => {
      for (let y = 0; y < height; y++) {
        const from = y * this.#fourier.width;
        picture.set(plane.subarray(from, from + width), (c * height + y) * width);
      }
    });
    toColours(picture, channels);
  }

  gradient(picture: Float32Array, gradient: Float32Array, parameters: Float32Array): void {
    const { channels } = this.options;
    coloursGradient(picture, gradient, channels);
    this.#frame(gradient, 'zero');
    const spectra = this.#split(parameters);
    for (let c = 0; c < channels; c += 2) this.#fourier.gradient(this.#planes.slice(c, c + 2), spectra.slice(c, c + 2));
  }

  of(picture: Float32Array): Float32Array {
    const { channels } = this.options;
    const planes = picture.slice();
    fromColours(planes, channels);
    this.#frame(planes, 'last value');
    const parameters = new Float32Array(this.size);
    this.#split(parameters).forEach((spectrum, c) => this.#fourier.analyse(this.#planes[c]!, spectrum));
    return parameters;
  }

  /** Puts a picture's channels into the planes. Where these are larger: zero, or the picture's last value. */
  #frame(picture: Float32Array, beyond: 'zero' | 'last value'): void {
    const { height, width } = this.options;
    const columns = this.#fourier.width;
    this.#planes.forEach((plane, c) => {
      plane.fill(0);
      for (let y = 0; y < height; y++) {
        const from = (c * height + y) * width;
        plane.set(picture.subarray(from, from + width), y * columns);
        if (beyond === 'last value') plane.fill(picture[from + width - 1]!, y * columns + width, (y + 1) * columns);
      }
      if (beyond === 'last value')
        for (let y = height; y < this.#fourier.height; y++)
          plane.copyWithin(y * columns, (height - 1) * columns, height * columns);
    });
  }

  #split(parameters: Float32Array): Float32Array[] {
    const { size } = this.#fourier;
    return this.#planes.map((_, c) => parameters.subarray(c * size, (c + 1) * size));
  }
}
