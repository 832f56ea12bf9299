import { momentum } from '../optimization/optimizers/momentum.ts';
import { sphere } from '../optimization/priors/shrink.ts';
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
import { withSensitivity } from '../stimuli/sensitivity.ts';
import { startParameter } from '../stimuli/starts.ts';
import { integer, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/** Standard deviation of a pixel of natural pictures, in byte levels: 0.226 · 255 over ImageNet. */
const NATURAL = 57.6;

/**
 * argmax a(x) with ‖x‖ = ρ: from random pictures (each pixel uniform in [0, 1]), each step followed by x ← ρ x / ‖x‖, x
 * counted from the mean colour. ρ is by default the mean norm of natural pictures. Several starts of one unit show whether
 * they end in one picture. Arrays, metrics: as activation maximisation, start by start, `sensitivity`, pictures × units: σ of what
 * every unit of the layer answers, and `distance`, pictures × pictures, in units of ρ; both are drawn too.
 */
export const normBall = visualizer({
  id: 'norm-ball',
  title: 'Norm ball',
  description: 'Pictures of one fixed strength that a unit answers most to, from several random starts: do they agree?',
  source: 'Erhan, Bengio, Courville & Vincent 2009, Visualizing Higher-Layer Features of a Deep Network, §4',
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
      help: 'Mean change of a pixel in one step, in levels of 255.',
    }),
    starts: integer({
      default: 9,
      min: 1,
      max: 64,
      label: 'Random starts',
      help: 'Pictures of each unit, each from a random start of its own.',
    }),
    scales,
    ...movements,
    radius: real({
      default: 0,
      min: 0,
      max: 255,
      label: 'Radius of the ball (ρ)',
      zero: 'automatic',
      help: 'ρ as a pixel’s mean (root of squares) difference from the mean colour, in levels of 255; 0: that of natural pictures.',
    }),
    ...pixelParameters,
    start: startParameter('noise'),
  },
  perUnit: [{ count: 'starts' }],
  run(context) {
    const { params } = context;
    return stimuli(classOrUnits(context, 'norm-ball'), {
      steps: params.steps,
      ...pixelRecipe(params),
      transforms: moved(params),
      // From anything but noise all would be the same.
      starts: params.start === 'noise' ? params.starts : 1,
      way(frame) {
        const parametrisation = centredPixels(frame);
        const radius = (params.radius || NATURAL) * Math.sqrt(parametrisation.size);
        return {
          parametrisation,
          optimizer: overScales(
            momentum(parametrisation.size, { rate: params.rate, normalised: true, over: params.steps }),
            frame,
            params.scales,
          ),
          priors: [sphere(radius)],
        };
      },
      finish: withSensitivity,
      noise: (parametrisation, { area, channels }, random) =>
        parametrisation.of(new Float32Array(area * channels).map(() => random.uniform())),
    });
  },
});
