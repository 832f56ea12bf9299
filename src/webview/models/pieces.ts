import type { ColourMap } from '../../core/images/colour-maps.ts';
import type { Range } from '../../core/images/range.ts';
import type { ImagesResult, MosaicResult, Result, Tile } from '../../core/results.ts';
import { paintBytes, paintMap, tileRange } from '../pictures/paint.ts';

/** What tiles are compared of: maps, or colour pictures. */
export type Tiled = MosaicResult | ImagesResult;

export const isTiled = (result: Result): result is Tiled => result.kind === 'mosaic' || result.kind === 'images';

/** Both over the same values, so that equal colours are equal values. */
export function commonRange(a: Tile, b: Tile, signed: boolean): Range {
  return signed ? aboutZero([a, b]) : tileRange({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }, false);
}

/** About zero, which is the middle even where there is no other value. */
export function aboutZero(tiles: readonly Tile[]): Range {
  const most = tiles.reduce((size, { min, max }) => Math.max(size, -min, max), 0) || 1;
  return [-most, most];
}

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
