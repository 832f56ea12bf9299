import { fromColours } from '../colour.ts';
import { analyse, fourierWeights } from './fourier-image.ts';
import { part } from './draw.ts';
import { paintGradientProgram, paintProgram, spectraShape, type Spectra } from './fourier-programs.ts';
import type { BrushProgram, Parametrisation } from './parametrisation.ts';

interface PictureOptions {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** How fast weights fall with the frequency f: 1/f^decay; 1 is that of natural pictures. */
  readonly decay: number;
}

/**
 * A picture (C×h×w, values 0..1) as what is optimised in its place: spectra of decorrelated colours, scaled so that a step of one size
 * changes all frequencies by as much as they matter in natural pictures. Lucid's `fft_image` (Olah, Mordvintsev & Schubert 2017,
 * "Preconditioning and parameterization"; optvis/param/spatial.py).
 *
 * The parameters of a colour: kx by kx (0 to w/2), ky by ky, real parts, then in the same order imaginary parts.
 */
export class FourierPicture implements Parametrisation {
  readonly size: number;
  readonly brush: BrushProgram;
  readonly #spectra: Spectra;

  constructor({ channels, height, width, decay }: PictureOptions) {
    const spectra = { channels, height, width, weights: fourierWeights(height, width, decay) };
    const shape = spectraShape(spectra);
    this.#spectra = spectra;
    this.size = shape.reduce((product, count) => product * count, 1);
    this.brush = {
      key: `fourier(${channels}x${height}x${width},${decay})`,
      shape,
      picture: [channels, height, width],
      paint: () => paintProgram(spectra),
      gradient: () => paintGradientProgram(spectra),
    };
  }

  of(picture: Float32Array): Float32Array {
    const { channels } = this.#spectra;
    const planes = picture.slice();
    fromColours(planes, channels);
    const parameters = new Float32Array(this.size);
    for (let c = 0; c < channels; c++)
      part(parameters, c, channels).set(analyse(part(planes, c, channels), this.#spectra));
    return parameters;
  }
}
