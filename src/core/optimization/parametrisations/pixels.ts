import { scale } from '../../vectors/vectors.ts';
import type { Parametrisation } from './parametrisation.ts';

/** Levels of a byte: what the papers' rates and penalties are counted in. */
const LEVELS = 255;

/**
 * Pixels as they are, counted in byte levels from a centre: picture = centre + z / 255. So a recipe's rates and penalties mean
 * the same whatever numbers a network takes. Nothing keeps z within what can be shown.
 *
 * @param centre  by channel, 0..1: the mean picture, where z is zero
 */
export function pixels(area: number, centre: readonly number[]): Parametrisation {
  const eachChannel = (work: (from: number, to: number, middle: number) => void) =>
    centre.forEach((middle, c) => work(c * area, (c + 1) * area, middle));
  return {
    size: area * centre.length,
    brush: {
      paint: (parameters, picture) =>
        eachChannel((from, to, middle) => {
          scale(parameters.subarray(from, to), picture.subarray(from, to), 1 / LEVELS, middle);
        }),
      gradient(gradient, parameters) {
        scale(gradient, parameters, 1 / LEVELS);
      },
    },
    of(picture) {
      const parameters = new Float32Array(picture.length);
      eachChannel((from, to, middle) => {
        for (let i = from; i < to; i++) parameters[i] = (picture[i]! - middle) * LEVELS;
      });
      return parameters;
    },
  };
}
