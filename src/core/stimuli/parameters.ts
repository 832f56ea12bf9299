import type { Transforms } from '../optimization/picture-size.ts';
import { integer, oneOf, real } from '../visualizers/parameters.ts';
import { objectiveParameters } from './choice.ts';
import { optimizerParameter } from './optimizer.ts';
import { startParameter } from './starts.ts';

/** Lucid's (optvis/transform.py, `standard_transforms`). */
export const TRANSFORMS: Transforms = { pad: 12, jitter: 8, scale: 0.1, rotate: 10, jitter2: 4 };

/** What Lucid's recipe can be told. */
export const stimulusParameters = {
  ...objectiveParameters,
  of: oneOf(
    ['score', 'probability'],
    'What climbs of a class: its score before the softmax, or its probability.',
    'Of a class',
  ),
  steps: integer({ default: 512, min: 1, max: 10_000, help: 'Steps along the gradient.' }),
  rate: real({
    default: 0.05,
    min: 1e-4,
    max: 10,
    label: 'Step size',
    help: 'How far a step goes: the learning rate.',
  }),
  optimizer: optimizerParameter,
  size: integer({
    default: 0,
    min: 0,
    max: 1024,
    unit: 'px',
    label: 'Side of the picture',
    zero: 'automatic',
    help: "Height and width of the picture; 0: the unit's receptive field (at least 32 px), at most the network's own input.",
  }),
  start: startParameter('noise'),
  sd: real({
    default: 0.01,
    min: 0,
    max: 1,
    label: 'Noise at the start',
    help: 'Standard deviation of the noise at the start, in the spectrum.',
  }),
  decay: real({
    default: 1,
    min: 0,
    max: 3,
    label: 'Coarse over fine',
    help: 'How much less fine detail counts: frequency f is weighted by 1/f^decay.',
  }),
  pad: integer({
    default: TRANSFORMS.pad,
    min: 0,
    max: 64,
    unit: 'px',
    label: 'Grey margin',
    help: 'Grey around the picture. The default is less below 128 px.',
  }),
  jitter: integer({
    default: TRANSFORMS.jitter,
    min: 0,
    max: 64,
    unit: 'px',
    label: 'Random shift',
    help: 'The picture is shifted at random by up to half of this. The default shrinks with pictures below 64 px.',
  }),
  scale: real({
    default: TRANSFORMS.scale,
    min: 0,
    max: 0.5,
    label: 'Random scaling',
    help: 'It is scaled at random by 1 ± this.',
  }),
  rotate: real({
    default: TRANSFORMS.rotate,
    min: 0,
    max: 180,
    unit: '°',
    label: 'Random turn',
    help: 'It is turned at random by ± this.',
  }),
  jitter2: integer({
    default: TRANSFORMS.jitter2,
    min: 0,
    max: 64,
    unit: 'px',
    label: 'Second random shift',
    help: 'It is shifted again by up to half of this. The default shrinks with pictures below 64 px.',
  }),
  redirect: integer({
    default: 16,
    min: 0,
    max: 10_000,
    unit: 'steps',
    label: 'Past shut rectifiers',
    help: 'In the first steps (and longer, while a unit is silent) the gradient goes through rectifiers that are shut.',
  }),
};

/** Less weight on coarse structure: finer, in muted colours; more: coarse shapes in bold colours. */
export const stimulusPresets = [
  { name: 'fine, muted colours', params: { decay: 0.6 } },
  { name: 'coarse, bold colours', params: { decay: 1.6 } },
  { name: 'quick', params: { steps: 128 } },
];
