import { openReluRule, redirectedReluRule, type BackwardRule } from '../graph/rules/index.ts';
import type { Parametrisation } from '../optimization/parametrisations/parametrisation.ts';
import { pixels } from '../optimization/parametrisations/pixels.ts';
import type { Random } from '../optimization/random.ts';
import { integer, type ValuesOf } from '../visualizers/parameters.ts';
import { objectiveParameters } from './choice.ts';
import type { Frame } from './recipe.ts';
import { noise, startParameter } from './starts.ts';

/** Pixels about the mean colour of the network's pictures, in byte levels. */
export const centredPixels = ({ area, centre }: Frame) => pixels(area, centre);

/** Parameters that all recipes on pixels share. */
export const pixelParameters = {
  ...objectiveParameters,
  size: integer({
    default: 0,
    min: 0,
    max: 1024,
    unit: 'px',
    label: 'Side of the picture',
    zero: 'automatic',
    help: "Height and width of the picture; 0: the unit's receptive field (at least 32 px), at most the network's own input.",
  }),
  start: startParameter('zero'),
};

/** The parameter of recipes whose steps follow several scales of the gradient (`acrossScales`). */
export const scales = integer({
  default: 4,
  min: 1,
  max: 8,
  label: 'Scales at once',
  help: 'The gradient follows coarse shapes as much as fine ones, at so many scales; 1: as it is, which is mostly grain.',
});

/** A unit that always answers the same has no gradient: until it answers, that goes through rectifiers that are shut. */
const whileSilent = (step: number, silent: boolean): BackwardRule | undefined =>
  silent ? (step === 0 ? redirectedReluRule : openReluRule) : undefined;

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
