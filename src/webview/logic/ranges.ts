import type { Range } from '../../core/images/range.ts';

/** The largest magnitude that any of the ranges reaches. */
export const sharedScale = (ranges: readonly Range[]): number =>
  ranges.reduce((largest, [low, high]) => Math.max(largest, Math.abs(low), Math.abs(high)), 0);
