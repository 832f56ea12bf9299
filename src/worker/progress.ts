import type { ModelComparison } from '../core/comparison/compare.ts';
import type { Progress } from '../core/request.ts';
import type { Result } from '../core/results.ts';

/** How often a run tells how far it is, and how often it sends the picture so far, in milliseconds. */
const STEP = 120;
const PICTURE = 250;

/** Passes on progress at most a few times a second; a picture costs a copy to another process. */
export function throttled(send: (progress: Progress) => void): (progress: Progress) => void {
  let lastStep = -Infinity;
  let lastPicture = -Infinity;
  return ({ done, total, doing, partial }) => {
    const now = performance.now();
    // The whole picture comes with the reply.
    const picture = done < total && now - lastPicture >= PICTURE ? partial : undefined;
    if (!picture && now - lastStep < STEP) return;
    lastStep = now;
    if (picture) lastPicture = now;
    send({ done, total, ...(doing !== undefined && { doing }), ...(picture && { partial: withoutArrays(picture) }) });
  };
}

/** A result as it is shown: the raw arrays would be the same values once more. */
export const withoutArrays = (result: Result): Result => ({ ...result, arrays: {} });

export const comparisonWithoutArrays = ({ a, b, difference, ...rest }: ModelComparison): ModelComparison => ({
  ...rest,
  a: { ...a, result: withoutArrays(a.result) },
  b: { ...b, result: withoutArrays(b.result) },
  ...(difference && { difference: { ...difference, arrays: {} } }),
});
