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
  return { ...first, tiles: alike.flatMap(({ tiles }) => tiles), rgb, arrays: {}, metrics: {} };
}
