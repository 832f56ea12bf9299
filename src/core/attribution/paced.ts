import type { Result } from '../results.ts';
import type { Update } from '../visualizers/visualizer.ts';

/** Milliseconds between pictures on the way. */
const BETWEEN_PICTURES = 250;

/**
 * Adds to each step the picture so far, the first and the last time and a few times a second; it is made only then. Where the steps
 * fail or are cancelled, the picture of the last one is given first: what is finished is kept.
 */
export async function* paced<Step extends { readonly done: number; readonly total: number }>(
  steps: AsyncIterable<Step>,
  picture: (step: Step) => Result,
): AsyncGenerator<Update, void, void> {
  let shown = -Infinity;
  let unseen: Step | undefined;
  try {
    for await (const step of steps) {
      const { done, total } = step;
      const due = done === total || performance.now() - shown >= BETWEEN_PICTURES;
      unseen = due ? undefined : step;
      yield due ? { done, total, result: picture(step) } : { done, total };
      if (due) shown = performance.now();
    }
  } catch (error) {
    if (unseen) yield { done: unseen.done, total: unseen.total, result: picture(unseen) };
    throw error;
  }
}
