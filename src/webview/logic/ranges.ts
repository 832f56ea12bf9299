import type { Range } from '../../core/images/range.ts';
import type { MethodSummary } from '../../protocol/worker.ts';

/** The largest magnitude that any of the ranges reaches. */
export const sharedScale = (ranges: readonly Range[]): number =>
  ranges.reduce((largest, [low, high]) => Math.max(largest, Math.abs(low), Math.abs(high)), 0);

type Measuring = Pick<MethodSummary, 'id' | 'measures'>;

/**
 * What the values of a method's maps are: maps with equal names have one unit, so that one scale is right for them. Of the others none
 * is, whatever the colours: a map of score per window has larger numbers than one of score per pixel, and says no more by that.
 */
export const measureOf = ({ id, measures }: Measuring, params: Readonly<Record<string, unknown>> = {}): string =>
  `${measures ?? id} of ${String(params['of'] ?? 'score')}`;

/** The same for a person; nothing where the unit is the method's own. */
export function unitOf({ measures }: Measuring, params: Readonly<Record<string, unknown>> = {}): string {
  const of = String(params['of'] ?? 'score');
  if (measures === 'slope') return `${of} per unit of the input`;
  return measures === 'share' ? `part of the ${of}, by pixel` : '';
}
