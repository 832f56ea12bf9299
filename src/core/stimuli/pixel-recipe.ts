import { openReluRule, redirectedReluRule, type BackwardRule } from '../graph/rules/index.ts';
import type { Optimizer } from '../optimization/optimizers/optimizer.ts';
import { acrossScales } from '../optimization/optimizers/scales.ts';
import type { Parametrisation } from '../optimization/parametrisations/parametrisation.ts';
import { pixels } from '../optimization/parametrisations/pixels.ts';
import type { Transforms } from '../optimization/picture-size.ts';
import type { Random } from '../optimization/random.ts';
import { integer, real, type ValuesOf } from '../visualizers/parameters.ts';
import { objectiveParameters } from './choice.ts';
import { stimulusParameters, TRANSFORMS } from './parameters.ts';
import type { ClimbFrame, Frame } from './recipe.ts';
import { noise, startParameter } from './starts.ts';

/** Pixels about the mean colour of the network's pictures, in byte levels. */
export const centredPixels = ({ area, centre }: Frame) => pixels(area, centre);

/** Parameters that all recipes on pixels share. */
export const pixelParameters = {
  ...objectiveParameters,
  size: stimulusParameters.size,
  start: startParameter('zero'),
};

/** The parameter of recipes whose steps follow several scales of the gradient (`acrossScales`). */
export const scales = integer({
  default: 4,
  min: 1,
  max: 8,
  label: 'Scales at once',
  help: 'The gradient follows coarse shapes as much as fine ones, at up to so many scales, the coarsest of 15 px or more; 1: as it is, which is mostly grain. Where nothing is strided, always as it is.',
});

/**
 * What recipes that follow `scales` are seen through: Lucid's transforms, turned by less. Zeros are the papers' own. Both are against the
 * grain of strides: what comes before all of them is seen as it is, and climbs along its own gradient.
 */
export const movements = {
  jitter: integer({
    default: TRANSFORMS.jitter,
    min: 0,
    max: 64,
    unit: 'px',
    help: 'The picture is shifted at random by up to half of this: what only suits one place on the network’s grid goes. Not where nothing is strided. The default shrinks with pictures below 64 px.',
  }),
  scale: real({ default: TRANSFORMS.scale, min: 0, max: 0.5, help: 'It is scaled at random by 1 ± this.' }),
  rotate: real({ default: 5, min: 0, max: 180, unit: '°', help: 'It is turned at random by ± this.' }),
};

/** Those as transforms, in grey; none where all are zero. */
export const moved =
  ({ jitter, scale, rotate }: ValuesOf<typeof movements>) =>
  ({ strided }: ClimbFrame): Transforms | undefined =>
    strided && (jitter || scale || rotate) ? { pad: jitter / 2, jitter, scale, rotate, jitter2: 0 } : undefined;

/** Pixels that the coarsest scale has at least: of a digit of 28, coarser ones leave blots. */
const COARSEST = 15;

/** An optimizer that follows up to so many scales, where something is strided. */
export function overScales(optimizer: Optimizer, { size, strided }: ClimbFrame, most: number): Optimizer {
  const fitting = 1 + Math.floor(Math.log2(Math.min(...size) / COARSEST));
  return acrossScales(optimizer, { size, count: strided ? Math.max(1, Math.min(most, fitting)) : 1 });
}

/** Steps with one way through shut rectifiers, before the other is tried. */
const TRIED = 8;

/**
 * A unit that always answers the same has no gradient: until it answers, that goes through rectifiers that are shut, by turns through those
 * that would end it and through all: what one of them leads to need not wake the unit.
 */
const whileSilent = (step: number, silent: boolean): BackwardRule | undefined =>
  silent ? (step === 0 || step % (2 * TRIED) >= TRIED ? redirectedReluRule : openReluRule) : undefined;

/** Of noise at the start, in byte levels. */
const NOISE = 10;

/** What recipes on pixels make of those and of what is to be climbed. */
export const pixelRecipe = (params: ValuesOf<typeof pixelParameters>) => ({
  size: params.size,
  choice: params,
  from: params.start,
  noise: ({ size }: Parametrisation, _: Frame, random: Random) => noise(size, NOISE, random),
  rule: whileSilent,
});
