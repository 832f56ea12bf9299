import { momentum } from '../optimization/optimizers/momentum.ts';
import { alphaNorm } from '../optimization/penalties/alpha-norm.ts';
import { relative } from '../optimization/penalties/relative.ts';
import { CLASS_OR_UNITS, classOrUnits } from '../stimuli/asked.ts';
import { stimuli } from '../stimuli/climb-all.ts';
import {
  centredPixels,
  moved,
  movements,
  overScales,
  pixelParameters,
  pixelRecipe,
  scales,
} from '../stimuli/pixel-recipe.ts';
import { integer, oneOf, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/** At λ 1 a pixel so far from the mean colour (1: black to white) is held as much as the gradient pulls. */
const HELD = 0.5;

/**
 * The picture that a class scores highest for: argmax S_c(x + x̄) − λ‖x‖², by gradient ascent from zero, where x̄ is the mean
 * colour of the pictures that the network was made for and ‖x‖ is counted with 1 for black to white. A step changes pixels by
 * `rate` levels of 255 in the mean. Arrays, metrics: as activation maximisation.
 */
export const classModel = visualizer({
  id: 'class-model',
  title: 'Class model',
  description:
    'The picture that scores highest for a class (or unit), held near the mean colour: the network’s idea of it.',
  source: 'Simonyan, Vedaldi & Zisserman 2013, Deep Inside Convolutional Networks, §2',
  question: 'Preferred stimuli',
  needs: CLASS_OR_UNITS,
  wholeLayer: true,
  params: {
    steps: integer({ default: 150, min: 1, max: 10_000, help: 'Steps along the gradient.' }),
    rate: real({
      default: 4,
      min: 1e-3,
      max: 100,
      label: 'Step size',
      help: 'Mean change of a pixel in the first steps, in levels of 255; the last ones change next to nothing.',
    }),
    lambda: real({
      default: 1,
      min: 0,
      max: 100,
      label: 'Norm penalty (λ)',
      help: 'λ: how much the square of the picture’s norm counts; 1 suits any network (it is counted in the gradient’s size).',
    }),
    scales,
    ...movements,
    keep: real({
      default: 0.9,
      min: 0,
      max: 0.999,
      label: 'Momentum',
      help: 'Momentum: how much of the last step goes on.',
    }),
    of: oneOf(
      ['both', 'score', 'probability'],
      'What climbs of a class: its score before the softmax, its probability, or each in a picture of its own.',
      'What climbs',
    ),
    ...pixelParameters,
  },
  perUnit: [{ count: 2, when: { of: 'both' } }],
  run(context) {
    const { params } = context;
    return stimuli(classOrUnits(context, 'class-model'), {
      steps: params.steps,
      ...pixelRecipe(params),
      transforms: moved(params),
      of: params.of === 'both' ? ['score', 'probability'] : [params.of],
      way(frame) {
        const parametrisation = centredPixels(frame);
        return {
          parametrisation,
          optimizer: overScales(
            momentum(parametrisation.size, {
              rate: params.rate * (1 - params.keep),
              keep: params.keep,
              normalised: true,
              over: params.steps,
            }),
            frame,
            params.scales,
          ),
          penalties: [relative((slope) => [alphaNorm((params.lambda * slope) / (2 * HELD), 2, frame.centre)])],
        };
      },
      stretched: true,
    });
  },
});
