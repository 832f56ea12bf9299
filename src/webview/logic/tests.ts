import type { Result } from '../../core/results.ts';

/** Of the measures that rank maps: whether less of it is better. */
const LESS_IS_BETTER: Readonly<Record<string, boolean>> = { deletion: true, insertion: false };

/** The measures that rank maps, as far as a test found them. */
export function scoresOf(result: Result | undefined): [name: string, value: number][] {
  return Object.keys(LESS_IS_BETTER).flatMap((name) => {
    const value = [result?.metrics[name] ?? []].flat()[0];
    return value === undefined ? [] : [[name, value] as [string, number]];
  });
}

/** By measure, the method whose map is best; of one map alone none is. */
export function bestOf(
  tests: readonly { readonly id: string; readonly result: Result | undefined }[],
): Record<string, string> {
  const best: Record<string, string> = {};
  for (const [name, less] of Object.entries(LESS_IS_BETTER)) {
    const found = tests.flatMap(({ id, result }) =>
      scoresOf(result).flatMap(([measure, value]) => (measure === name ? [{ id, value }] : [])),
    );
    found.sort((a, b) => (less ? a.value - b.value : b.value - a.value));
    if (found.length > 1) best[name] = found[0]!.id;
  }
  return best;
}
