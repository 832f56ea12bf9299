import type { Goal } from './goal.ts';

/** Part of the score's change that the sum may miss it by, before it is called too much. */
const MUCH = 0.05;

interface Sums {
  /** N images, one after the other. */
  readonly attribution: Float32Array;
  /** S(x) and S(x′), by image. */
  readonly scores: ArrayLike<number>;
  readonly starts: ArrayLike<number>;
  readonly goal: Pick<Goal, 'name' | 'measure'>;
}

/**
 * How far an attribution's sum is from the score's change from a baseline x′ to the image x, which it is to share out:
 * Σ attribution − (S(x) − S(x′)) by image (`delta`), and what is to be said of the first one.
 */
export function completeness({ attribution, scores, starts, goal }: Sums): { delta: number[]; notes: string[] } {
  const delta = sums(attribution, scores.length).map((sum, n) => sum - (scores[n]! - starts[n]!));
  const change = scores[0]! - starts[0]!;
  if (change === 0 && delta[0] === 0)
    return { delta, notes: [`From the baseline to the image the ${goal.measure} of ${goal.name} does not change.`] };
  const part = Math.abs(delta[0]! / change);
  const says =
    `The values sum up to ${show(change + delta[0]!)}; from the baseline to the image the ${goal.measure} of ${goal.name} ` +
    `changes by ${show(change)}: ${percent(part)} off.`;
  return {
    delta,
    notes: part > MUCH ? [`${says} That is much: take more steps or another baseline before you trust it.`] : [says],
  };
}

/** Σ over each of some images that stand one after the other. */
export function sums(values: Float32Array, images: number): number[] {
  const size = values.length / images;
  return Array.from({ length: images }, (_, n) => {
    let sum = 0;
    for (let i = n * size; i < (n + 1) * size; i++) sum += values[i]!;
    return sum;
  });
}

export const show = (value: number): string => String(Number(value.toPrecision(4)));
export const percent = (part: number): string =>
  Number.isFinite(part) ? `${Number((100 * part).toPrecision(part > 0.1 ? 3 : 2))} %` : 'wholly';
