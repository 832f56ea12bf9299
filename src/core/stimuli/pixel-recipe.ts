import { openReluRule, redirectedReluRule, type BackwardRule } from '../graph/rules/index.ts';
import { pixels } from '../optimization/parametrisations/pixels.ts';
import { integer, oneOf } from '../visualizers/parameters.ts';
import type { Frame } from './recipe.ts';

/** Pixels about the mean colour of the network's pictures, in byte levels. */
export const centredPixels = ({ area, centre }: Frame) => pixels(area, centre);

/** Parameters that all recipes on pixels share. */
export const pixelParameters = {
  size: integer({
    default: 0,
    min: 0,
    max: 1024,
    unit: 'px',
    help: "Height and width of the picture; 0: the unit's receptive field (at least 32 px), at most the network's own input.",
  }),
  start: oneOf(['zero', 'noise'], 'Where it begins: the mean colour, or noise about it.'),
};

/** A unit that always answers the same has no gradient: until it answers, that goes through rectifiers that are shut. */
export const whileSilent = (step: number, silent: boolean): BackwardRule | undefined =>
  silent ? (step === 0 ? redirectedReluRule : openReluRule) : undefined;
