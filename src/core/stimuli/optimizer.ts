import { Adam } from '../optimization/optimizers/adam.ts';
import { momentum } from '../optimization/optimizers/momentum.ts';
import type { Optimizer } from '../optimization/optimizers/optimizer.ts';
import { rmsProp } from '../optimization/optimizers/rms-prop.ts';
import { oneOf } from '../visualizers/parameters.ts';

/** How much of the last steps momentum keeps, and of the last squares RMSprop: so that both take Adam's rates. */
const KEEP = 0.9;

/** The parameter of recipes that are free to choose what follows the gradient. */
export const optimizerParameter = oneOf(
  ['adam', 'momentum', 'rmsprop'],
  'What follows the gradient: Adam, gradient ascent with momentum (on a gradient of mean size 1), or RMSprop.',
  'Optimizer',
);

export type OptimizerName = (typeof optimizerParameter)['default'];

/** An optimizer whose steps change a parameter by about `rate`; Adam's fall to nothing over so many steps, where that is given. */
export function optimizerOf(name: OptimizerName, size: number, rate: number, over?: number): Optimizer {
  if (name === 'adam') return new Adam(size, { rate, ...(over !== undefined && { over }) });
  if (name === 'rmsprop') return rmsProp(size, { rate, keep: KEEP });
  return momentum(size, { rate: rate * (1 - KEEP), keep: KEEP, normalised: true });
}
