import { alphaNorm } from '../optimization/penalties/alpha-norm.ts';
import { relative } from '../optimization/penalties/relative.ts';
import { totalVariation as variation } from '../optimization/penalties/total-variation.ts';
import { CLASS_OR_UNITS, classOrUnits } from '../stimuli/asked.ts';
import { stimuli } from '../stimuli/climb-all.ts';
import { optimizerOf, optimizerParameter } from '../stimuli/optimizer.ts';
import { stimulusParameters } from '../stimuli/parameters.ts';
import { centredPixels, pixelParameters, pixelRecipe } from '../stimuli/pixel-recipe.ts';
import { startParameter } from '../stimuli/starts.ts';
import { integer, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * argmax a(x) − λ_V · TV^β(x) − λ_α ‖x‖_α^α, seen with jitter, by Adam on the pixels, whose rate falls to nothing; x with 1 for black to white, counted from the mean
 * colour. Arrays, metrics: as activation maximisation.
 */
export const totalVariation = visualizer({
  id: 'total-variation',
  title: 'Total variation',
  description:
    'Preferred stimuli whose neighbouring pixels are held together, so that shapes come out in place of noise.',
  source: 'Mahendran & Vedaldi 2016, Visualizing Deep CNNs Using Natural Pre-Images, §3, §6',
  question: 'Preferred stimuli',
  needs: CLASS_OR_UNITS,
  wholeLayer: true,
  params: {
    steps: integer({ default: 300, min: 1, max: 10_000, help: 'Steps along the gradient.' }),
    rate: real({
      default: 4,
      min: 1e-3,
      max: 255,
      label: 'Step size',
      help: 'How far a step goes: the learning rate, in levels of 255.',
    }),
    optimizer: optimizerParameter,
    smoothness: real({
      default: 3,
      min: 0,
      max: 1000,
      label: 'Smoothness (λ_V)',
      help: 'λ_V: how much the total variation counts beside the gradient’s size.',
    }),
    beta: real({ default: 2, min: 1, max: 4, label: 'β of its exponent', help: 'β of the total variation.' }),
    range: real({
      default: 3,
      min: 0,
      max: 1e5,
      label: 'Norm penalty (λ_α)',
      help: 'λ_α: how much the norm counts beside the gradient’s size.',
    }),
    alpha: real({ default: 6, min: 1, max: 12, label: 'α of the norm', help: 'α of the norm.' }),
    jitter: stimulusParameters.jitter,
    ...pixelParameters,
    // An even colour is answered alike everywhere: a class that is silent there grows a lattice, and stays.
    start: startParameter('noise'),
  },
  run(context) {
    const { params } = context;
    return stimuli(classOrUnits(context, 'total-variation'), {
      steps: params.steps,
      ...pixelRecipe(params),
      stretched: true,
      transforms: () => ({ pad: params.jitter / 2, jitter: params.jitter, scale: 0, rotate: 0, jitter2: 0 }),
      way(frame) {
        const parametrisation = centredPixels(frame);
        const [height, width] = frame.size;
        return {
          parametrisation,
          optimizer: optimizerOf(params.optimizer, parametrisation.size, params.rate, params.steps),
          penalties: [
            relative((slope) => [
              variation(params.smoothness * slope, params.beta, { height, width }),
              alphaNorm(params.range * slope, params.alpha, frame.centre),
            ]),
          ],
        };
      },
    });
  },
});
