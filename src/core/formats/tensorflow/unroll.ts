import { LayerscopeError } from '../../errors.ts';
import { hasBatch } from './batch.ts';
import type { Result } from './result.ts';

/** More turns than loops over the images of a batch take. */
const MOST_TURNS = 64;

/**
 * What a loop leaves its variables at: its body is written out as often as its condition, which must be known each time, holds.
 * Undefined where it is not known, where it depends on a batch that is free, or holds too often.
 */
export function unrolled(
  start: readonly Result[],
  condition: (variables: readonly Result[]) => Result | undefined,
  body: (variables: readonly Result[]) => readonly Result[],
): readonly Result[] | undefined {
  if (start.some(isBatchSize)) return undefined;
  try {
    let variables = start;
    for (let turn = 0; turn <= MOST_TURNS; turn++) {
      const holds = condition(variables);
      if (holds?.kind !== 'known') return undefined;
      if (!Number(holds.value.items[0])) return variables;
      variables = body(variables);
    }
  } catch (error) {
    // What its body can't be written for is shown as one operator, not the end of the file.
    if (!(error instanceof LayerscopeError)) throw error;
  }
  return undefined;
}

const isBatchSize = (result: Result): boolean =>
  result.kind === 'known' && result.value.items.length === 1 && hasBatch(Number(result.value.items[0]));
