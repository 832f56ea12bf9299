import { flag, numbers, oneOf, type ValuesOf } from '../visualizers/parameters.ts';

/** What is to be climbed: parameters that all recipes for units share. */
export const objectiveParameters = {
  objective: oneOf(
    ['unit', 'layer', 'direction'],
    'What grows: the units; all that the layer answers (DeepDream’s, ½ mean φ²); or what the first image’s features have and a second one’s lack.',
    'What grows',
  ),
  combine: oneOf(
    ['each', 'sum'],
    'Several units: a picture for each, or one that their weighted sum likes.',
    'Several units',
  ),
  weights: numbers(
    'A number for each unit, as 1,-0.5: what it counts in the sum. Without: 1 each.',
    'Weight of each unit',
  ),
  negative: flag(false, 'What they dislike: the same, made small.', 'What they dislike'),
};

export type Choice = ValuesOf<typeof objectiveParameters>;

/** Every unit by itself. */
export const EACH_UNIT: Choice = { objective: 'unit', combine: 'each', weights: '', negative: false };
