import type { HeatmapResult } from '../results.ts';

/** The size of the map as the method computed it, where it was made larger to be of the image's size: rows and columns. */
export type Places = readonly [rows: number, columns: number];

/**
 * The places of a map of so few that one of them is a larger part of the image than the strongest pixels, `1 − foreground`, are to be: then
 * all of these lie about one place, wherever in it the object is, and an outline that starts there is as good as a guess. Undefined of finer
 * maps, and of maps by pixel: guided Grad-CAM is one, whatever it was multiplied by.
 */
export function coarsePlaces(
  method: string,
  { arrays }: Pick<HeatmapResult, 'arrays'>,
  foreground: number,
): Places | undefined {
  const [, rows, columns] = arrays['cam']?.shape ?? [];
  if (rows === undefined || columns === undefined || method === 'guided-grad-cam') return undefined;
  return rows * columns * (1 - foreground) < 1 ? [rows, columns] : undefined;
}
