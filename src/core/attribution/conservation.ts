import { percent, show, sums } from './completeness.ts';
import type { Goal } from './goal.ts';

/** Part of the score that may be missing where all of it is said to have arrived. */
const ALL = 0.005;

/**
 * How much of each image's score arrived at the input as relevance, and what is to be said of the first one; `rest` says where the
 * rest is.
 */
export function conservation(
  attribution: Float32Array,
  scores: Float32Array,
  goal: Pick<Goal, 'name'>,
  rest: string,
): { relevance: number[]; notes: string[] } {
  const relevance = sums(attribution, scores.length);
  const [arrived, score] = [relevance[0]!, scores[0]!];
  if (score === 0) return { relevance, notes: [`The score of ${goal.name} is zero: there is nothing to share out.`] };
  return {
    relevance,
    notes: [
      `The score of ${goal.name} is ${show(score)}; what arrives at the pixels sums up to ${show(arrived)} ` +
        `(${percent(arrived / score)}).${Math.abs(arrived / score - 1) > ALL ? ` ${rest}` : ''}`,
    ],
  };
}
