import { oneOf, type ChoiceParameter } from '../visualizers/parameters.ts';
import type { Reduction } from './reduce.ts';

/** What the attribution of a class is of. */
export const OF = oneOf(
  ['score', 'probability'],
  'The class score before the softmax, or the probability after it.',
  'Explained',
);

/** How the map is made of the channels; the first by default. */
export const reduction = (values: readonly [Reduction, ...Reduction[]]): ChoiceParameter<Reduction> =>
  oneOf(
    values,
    'Over the colour channels: the largest magnitude, the sum of magnitudes, or the sum with its sign.',
    'Over the colours',
  );
