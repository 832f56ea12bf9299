import { momentum } from '../optimization/optimizers/momentum.ts';
import { blur } from '../optimization/priors/blur.ts';
import { decay } from '../optimization/priors/shrink.ts';
import { dropSmallContribution, dropSmallNorm } from '../optimization/priors/small-pixels.ts';
import { random } from '../optimization/random.ts';
import { CLASS_OR_UNITS, classOrUnits } from '../stimuli/asked.ts';
import { stimuli } from '../stimuli/climb-all.ts';
import { centredPixels, pixelParameters, pixelRecipe } from '../stimuli/pixel-recipe.ts';
import { describePriors, searched, YOSINSKI, type Priors } from '../stimuli/yosinski.ts';
import { integer, oneOf, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * What a gradient's mean magnitude is taken for: about that of CaffeNet's class scores, for which the paper's settings were
 * found, so that its rate of 100 suits any network.
 */
const USUAL = 0.02;

/** Blurs are as wide as the paper says from this size on; they shrink with smaller pictures. */
const BLURRED = 64;

/**
 * x ← r((1 − decay)(x + rate · ∂a/∂x)), with the gradient scaled to one mean magnitude, where r blurs now and then and sets pixels of small norm or contribution to zero; x in byte
 * levels from the mean colour. Arrays, metrics: as activation maximisation, setting by setting.
 */
export const yosinski = visualizer({
  id: 'yosinski',
  title: 'Four priors',
  description:
    'Preferred stimuli held together by decay, blur, and by dropping pixels that matter little: four ways to see one unit.',
  source: 'Yosinski, Clune, Nguyen, Fuchs & Lipson 2015, Understanding Neural Networks Through Deep Visualization, §3',
  question: 'Preferred stimuli',
  needs: CLASS_OR_UNITS,
  wholeLayer: true,
  params: {
    settings: oneOf(
      ['smooth', 'edges', 'sparse', 'contribution', 'all', 'search', 'own'],
      'One of the paper’s four, all of them, random ones to choose from, or those given below.',
    ),
    steps: integer({
      default: 0,
      min: 0,
      max: 10_000,
      label: 'Steps',
      zero: 'by setting',
      help: 'Steps along the gradient; 0: as many as the settings say.',
    }),
    rate: real({
      default: 100,
      min: 1e-3,
      max: 1e6,
      label: 'Step size',
      help: 'What the gradient is multiplied by in a step.',
    }),
    tries: integer({
      default: 9,
      min: 1,
      max: 64,
      label: 'Random settings',
      help: 'With search: how many random settings.',
    }),
    decay: real({ default: 1e-4, min: 0, max: 1, help: 'With own: taken off the picture in each step.' }),
    blur: real({ default: 1, min: 0, max: 10, unit: 'px', help: 'With own: standard deviation of the blur.' }),
    every: integer({
      default: 4,
      min: 1,
      max: 100,
      unit: 'steps',
      label: 'Blurred every',
      help: 'With own: steps from one blur to the next.',
    }),
    norm: real({
      default: 0,
      min: 0,
      max: 100,
      unit: '%',
      label: 'Smallest to zero',
      help: 'With own: so many pixels of smallest norm become zero.',
    }),
    contribution: real({
      default: 0,
      min: 0,
      max: 100,
      unit: '%',
      label: 'Least helpful to zero',
      help: 'With own: so many that contribute least do.',
    }),
    ...pixelParameters,
  },
  presets: [
    ...Object.entries(YOSINSKI).map(([name, priors]) => ({ name, params: { settings: 'own' as const, ...priors } })),
    { name: 'all four', params: { settings: 'all' } },
    { name: 'search', params: { settings: 'search' } },
  ],
  perUnit: [
    { count: Object.keys(YOSINSKI).length, when: { settings: 'all' } },
    { count: 'tries', when: { settings: 'search' } },
  ],
  run(context) {
    const { params } = context;
    const settings = settingsOf(params, context.seed);
    return stimuli(classOrUnits(context, 'yosinski'), {
      steps: params.steps || Math.max(...settings.map(({ steps }) => steps)),
      ...pixelRecipe(params),
      stretched: true,
      starts: settings.length,
      ...(settings.length > 1 && {
        label: (start: number) => describePriors(settings[start]!),
        params: (start: number) => ownSettings(settings[start]!),
      }),
      way(frame, start) {
        const priors = settings[start]!;
        const { channels } = frame;
        const [height, width] = frame.size;
        const parametrisation = centredPixels(frame);
        return {
          parametrisation,
          optimizer: momentum(parametrisation.size, { rate: params.rate * USUAL, normalised: true }),
          priors: [
            decay(priors.decay),
            blur({
              sigma: priors.blur * Math.min(1, Math.min(height, width) / BLURRED),
              every: priors.every,
              height,
              width,
            }),
            ...(priors.norm > 0 ? [dropSmallNorm(priors.norm, channels)] : []),
            ...(priors.contribution > 0 ? [dropSmallContribution(priors.contribution, channels)] : []),
          ],
        };
      },
    });
  },
});

/** Parameters that make one of several pictures again, with as many steps as it is worth then. */
function ownSettings({ steps: _, ...priors }: Priors) {
  return { settings: 'own', ...priors };
}

function settingsOf(
  params: Omit<Priors, 'steps'> & { settings: string; tries: number; steps: number },
  seed: number,
): Priors[] {
  const own = { ...params, steps: params.steps || YOSINSKI.smooth.steps };
  if (params.settings === 'own') return [own];
  if (params.settings === 'all') return Object.values(YOSINSKI);
  if (params.settings === 'search') return searched(params.tries, random(seed));
  return [YOSINSKI[params.settings as keyof typeof YOSINSKI]];
}
