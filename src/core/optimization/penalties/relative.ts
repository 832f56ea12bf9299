import type { Penalty } from './penalty.ts';

/**
 * Penalties that are counted in the gradient's mean magnitude where the picture begins, so that one weight means the same for any
 * network and unit: `make` is told it, the first time that it is not zero; until then nothing is taken off.
 */
export function relative(make: (slope: number) => readonly Penalty[]): Penalty {
  let penalties: readonly Penalty[] | undefined;
  return (picture, gradient) => {
    const slope = penalties ? 0 : gradient.reduce((sum, value) => sum + Math.abs(value), 0) / gradient.length;
    if (slope > 0) penalties = make(slope);
    return (penalties ?? []).reduce((sum, penalty) => sum + penalty(picture, gradient), 0);
  };
}
