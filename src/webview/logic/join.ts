import type { ImagesResult } from '../../core/results.ts';

/** Several results of pictures as one, tile after tile; those of another size than the first are left out. */
export function joinImages(results: readonly ImagesResult[]): ImagesResult | undefined {
  const [first] = results;
  if (!first || results.length === 1) return first;
  const alike = results.filter(({ width, height }) => width === first.width && height === first.height);
  const rgb = new Uint8Array(alike.reduce((sum, result) => sum + result.rgb.length, 0));
  let offset = 0;
  for (const result of alike) {
    rgb.set(result.rgb, offset);
    offset += result.rgb.length;
  }
  return { ...first, tiles: alike.flatMap(({ tiles }) => tiles), rgb, arrays: {}, metrics: joinMetrics(alike) };
}

/** Only metrics with a number for each tile can be joined. */
function joinMetrics(results: readonly ImagesResult[]): Record<string, readonly number[]> {
  const joined: Record<string, readonly number[]> = {};
  for (const name of Object.keys(results[0]!.metrics)) {
    const parts = results.map(({ metrics, tiles }) => {
      const values = metrics[name];
      return Array.isArray(values) && values.length === tiles.length ? (values as readonly number[]) : undefined;
    });
    if (parts.every((part) => part !== undefined)) joined[name] = parts.flat();
  }
  return joined;
}
