import type { Way } from '../optimization/ascent.ts';
import { Adam } from '../optimization/optimizers/adam.ts';
import { lBfgs } from '../optimization/optimizers/l-bfgs.ts';
import { FourierPicture } from '../optimization/parametrisations/fourier-picture.ts';
import { totalVariation } from '../optimization/penalties/total-variation.ts';
import type { Random } from '../optimization/random.ts';
import { integer, oneOf, real, type ValuesOf } from '../visualizers/parameters.ts';
import { centredPixels } from './pixel-recipe.ts';
import type { Frame } from './recipe.ts';
import { noise } from './starts.ts';

/** Of noise at the start: in the spectrum, and of pixels in byte levels, where much of it would stay: a stride of 2 does not see it. */
const NOISE = { fourier: 0.6, pixels: 4 };
/** Byte levels of a step that is 1 in the spectrum. */
const LEVELS = 20;

/** How a style's picture climbs. */
export const wayParameters = {
  steps: integer({ default: 500, min: 1, max: 10_000, help: 'Steps along the gradient.' }),
  optimizer: oneOf(['adam', 'l-bfgs'], 'What follows the gradient.'),
  rate: real({
    default: 0.2,
    min: 1e-4,
    max: 10,
    label: 'Step size',
    help: `Adam's, at the start; it falls to nothing. In the spectrum, or in ${LEVELS} levels of 255 of a pixel.`,
  }),
  parametrisation: oneOf(
    ['fourier', 'pixels'],
    'What is changed: the spectrum, which gives even colours, or each pixel by itself, which is faster and leaves a fine noise: best from start=content.',
    'What is changed',
  ),
  smoothness: real({
    default: 0.012,
    min: 0,
    max: 100,
    label: 'Smoothness (λ)',
    help: 'λ: how much the total variation counts, by pixel.',
  }),
};

export function styleWay(params: ValuesOf<typeof wayParameters>, frame: Frame): Way {
  const { channels, area } = frame;
  const [height, width] = frame.size;
  const parametrisation =
    params.parametrisation === 'pixels'
      ? centredPixels(frame)
      : new FourierPicture({ channels, height, width, decay: 1 });
  const rate = params.rate * (params.parametrisation === 'pixels' ? LEVELS : 1);
  return {
    parametrisation,
    optimizer:
      params.optimizer === 'adam'
        ? new Adam(parametrisation.size, { rate, over: params.steps })
        : lBfgs(parametrisation.size),
    penalties: params.smoothness > 0 ? [totalVariation(params.smoothness / area, 2, { height, width })] : [],
  };
}

/** Noise to begin with, as parameters. */
export const styleNoise = ({ parametrisation }: Way, kind: keyof typeof NOISE, random: Random): Float32Array =>
  noise(parametrisation.size, NOISE[kind], random);
