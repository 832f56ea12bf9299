import type { ColourMap } from '../../core/images/colour-maps.ts';
import type { Range } from '../../core/images/range.ts';
import type { ImagesResult, MosaicResult, Result, Tile } from '../../core/results.ts';
import { paintBytes, paintMap } from '../pictures/paint.ts';

/** What tiles are compared of: maps, or colour pictures. */
export type Tiled = MosaicResult | ImagesResult;

export const isTiled = (result: Result): result is Tiled => result.kind === 'mosaic' || result.kind === 'images';

/** Paints one tile at its own size. */
export function paintTile(canvas: HTMLCanvasElement, result: Tiled, at: number, range: Range, map: ColourMap): void {
  const { width, height } = result;
  const area = width * height;
  if (result.kind === 'images')
    paintBytes(canvas, result.rgb.subarray(at * area * 3, (at + 1) * area * 3), width, height, true);
  else paintMap(canvas, { values: result.values.subarray(at * area, (at + 1) * area), width, height, range, map });
}

export const PAIR_ORDERS = ['most changed first', 'by number'] as const;
export type PairOrder = (typeof PAIR_ORDERS)[number];

/** Positions in the tiles, in the order to show them. */
export function orderPairs(difference: readonly Tile[], order: PairOrder): number[] {
  const positions = difference.map((_, index) => index);
  return order === 'by number'
    ? positions
    : positions.sort((a, b) => difference[b]!.norm - difference[a]!.norm || a - b);
}
