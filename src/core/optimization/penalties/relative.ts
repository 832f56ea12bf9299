import { meanMagnitude } from '../../vectors/vectors.ts';
import type { Penalty } from './penalty.ts';

/** Of the gradient's size, how much of what it was a step before still counts: about the last twenty steps do. */
const KEEP = 0.95;

/**
 * Penalties that are counted in the gradient's mean magnitude over the last steps, so that one weight means the same for any network and
 * unit, and as much late as early, when a unit that was silent answers or one that answers is nearly satisfied: `make` is told it, anew
 * in each step; while it is zero nothing is taken off.
 */
export function relative(make: (slope: number) => readonly Penalty[]): Penalty {
  let [sum, weight] = [0, 0];
  return (picture, gradient) => {
    sum = KEEP * sum + meanMagnitude(gradient);
    weight = KEEP * weight + 1;
    if (sum === 0) return 0;
    return make(sum / weight).reduce((total, penalty) => total + penalty(picture, gradient), 0);
  };
}
