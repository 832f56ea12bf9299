import { coloursGradient, planesOf, toColours } from './colour.ts';
import { FourierImage, quickSize } from './fourier-image.ts';
import type { Random } from './random.ts';

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
export class PictureParameters {
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

  /** Where to begin: noise of standard deviation `sd`, an even grey (zero), or one colour (0..1). */
  start(from: 'noise' | 'zero' | readonly number[], sd: number, random: Random): Float32Array {
    const parameters = new Float32Array(this.size);
    if (from === 'noise') for (let i = 0; i < parameters.length; i++) parameters[i] = sd * random.normal();
    else if (from !== 'zero')
      planesOf(from).forEach((value, c) => (parameters[c * this.#fourier.size] = this.#fourier.constant(value)));
    return parameters;
  }

  /** Draws the picture. */
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

  /**
   * The adjoint of `paint` at the picture that it drew: from the gradient with respect to the picture, which is used up, to
   * that with respect to the parameters.
   */
  gradient(picture: Float32Array, gradient: Float32Array, parameters: Float32Array): void {
    const { channels, height, width } = this.options;
    coloursGradient(picture, gradient, channels);
    this.#planes.forEach((plane, c) => {
      plane.fill(0);
      for (let y = 0; y < height; y++) {
        const from = (c * height + y) * width;
        plane.set(gradient.subarray(from, from + width), y * this.#fourier.width);
      }
    });
    const spectra = this.#split(parameters);
    for (let c = 0; c < channels; c += 2) this.#fourier.gradient(this.#planes.slice(c, c + 2), spectra.slice(c, c + 2));
  }

  #split(parameters: Float32Array): Float32Array[] {
    const { size } = this.#fourier;
    return this.#planes.map((_, c) => parameters.subarray(c * size, (c + 1) * size));
  }
}
