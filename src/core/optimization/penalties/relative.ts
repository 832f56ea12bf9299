import type { Penalty } from './penalty.ts';

/** Steps over which the gradient is measured: by then a unit that was silent answers. */
const MEASURED = 16;

/**
 * Penalties that are counted in the gradient's mean magnitude over the first steps, so that one weight means the same for any
 * network and unit: `make` is told it, anew in each of these steps; while it is zero nothing is taken off.
 */
export function relative(make: (slope: number) => readonly Penalty[]): Penalty {
  let penalties: readonly Penalty[] = [];
  let steps = 0;
  let sum = 0;
  return (picture, gradient) => {
    if (steps < MEASURED) {
      sum += gradient.reduce((total, value) => total + Math.abs(value), 0) / gradient.length;
      steps++;
      if (sum > 0) penalties = make(sum / steps);
    }
    return penalties.reduce((total, penalty) => total + penalty(picture, gradient), 0);
  };
}
