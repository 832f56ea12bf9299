import { ascended } from '../fooling/ascend.ts';
import { askedClasses, askedFrame, classifiedInput } from '../fooling/asked.ts';
import { cppn } from '../fooling/cppn/encoding.ts';
import { direct } from '../fooling/direct.ts';
import type { Encoding } from '../fooling/encoding.ts';
import { fooled } from '../fooling/fool.ts';
import { usualOffspring } from '../fooling/offspring.ts';
import { pixelParameters } from '../stimuli/pixel-recipe.ts';
import { startParameter } from '../stimuli/starts.ts';
import { integer, numbers, oneOf, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * Pictures that a network is certain of and that nobody would recognise, one a class: found by evolution (MAP-Elites over all classes
 * at once, on pixels or on small networks that paint) or along the gradient. They are what the files hold, in bytes. Arrays: `image`,
 * classes×C×H×W in the model's input units. Metrics: `confidence` by class; `steps`, generations or steps.
 */
export const fooling = visualizer({
  id: 'fooling',
  title: 'Fooling images',
  description: 'Pictures that mean nothing to a person, of which the network is certain what they show.',
  source: 'Nguyen, Yosinski & Clune 2015, Deep Neural Networks are Easily Fooled, §2.3, §3',
  question: 'Preferred stimuli',
  needs: ['class', 'layer?', 'unit?', 'image?'],
  params: {
    by: oneOf(
      ['cppn', 'direct', 'gradient'],
      'What finds them: evolution of small networks that paint regular patterns (CPPN), or of pixels, or the gradient.',
      'Found by',
    ),
    classes: numbers('Which classes, as 0,17; without (and without a class or unit) all.'),
    count: integer({
      default: 10,
      min: 1,
      max: 100,
      label: 'Shown',
      help: 'Of all classes: how many are shown, those it is surest of.',
    }),
    steps: integer({ default: 200, min: 1, max: 10_000, help: 'Generations, or steps along the gradient.' }),
    start: { ...startParameter('noise'), help: 'With gradient: where it begins.' },
    size: { ...pixelParameters.size, help: 'Height and width of the pictures; 0: the network’s own input.' },
    rate: real({
      default: 1,
      min: 1e-3,
      max: 100,
      label: 'Step size',
      help: 'With gradient: mean change of a pixel in one step, in levels of 255.',
    }),
    offspring: integer({
      default: 0,
      min: 0,
      max: 1000,
      label: 'Pictures a generation',
      zero: 'automatic',
      help: 'With cppn and direct: pictures of a generation; 0: 400, and fewer where the network takes long.',
    }),
    mutation: real({
      default: 0.1,
      min: 1e-4,
      max: 1,
      label: 'Pixels changed',
      help: 'With direct: the share of pixels that is changed.',
    }),
    crossover: real({
      default: 0.25,
      min: 0,
      max: 1,
      label: 'Share with two parents',
      help: 'With cppn: the share of children with two parents.',
    }),
  },
  run(context) {
    const { session, params } = context;
    const input = classifiedInput(context);
    const frame = askedFrame(context, input, params.size);
    const options = {
      ...params,
      offspring:
        params.offspring ||
        usualOffspring(session, context.output, { input, size: frame.size, generations: params.steps }),
      asked: askedClasses(context, { named: params.classes, count: params.count }),
      input,
      frame,
    };
    if (params.by === 'gradient') return ascended(context, options);
    const encoding: Encoding<unknown> =
      params.by === 'direct'
        ? direct(frame.channels * frame.area, { rate: params.mutation, halving: 1000 })
        : cppn(frame.channels, frame.size, params.crossover);
    return fooled(context, encoding, options);
  },
});
