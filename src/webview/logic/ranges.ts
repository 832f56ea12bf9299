import type { Range } from '../../core/images/range.ts';
import type { MethodSummary } from '../../protocol/worker.ts';

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

/** By measure, the largest magnitude that any of its maps' ranges reaches. */
export function scalesOf(maps: readonly { readonly measure: string; readonly range: Range }[]): Map<string, number> {
  const scales = new Map<string, number>();
  for (const { measure, range } of maps)
    scales.set(measure, Math.max(scales.get(measure) ?? 0, ...range.map(Math.abs)));
  return scales;
}
