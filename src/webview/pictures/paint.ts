import { colourTable, type ColourMap } from '../../core/images/colour-maps.ts';
import type { Range } from '../../core/images/range.ts';
import type { HeatmapResult, Picture, Tile } from '../../core/results.ts';

/** The values that a colour map spreads over: about zero, where both signs mean something. */
export const tileRange = (tile: Pick<Tile, 'min' | 'max'>, signed: boolean): Range => {
  if (!signed) return [tile.min, tile.max];
  // Zero alone is the middle too.
  const size = Math.max(Math.abs(tile.min), Math.abs(tile.max)) || 1;
  return [-size, size];
};

export function sharedRange(tiles: readonly Tile[], signed: boolean): Range {
  let [min, max] = [Infinity, -Infinity];
  for (const tile of tiles) [min, max] = [Math.min(min, tile.min), Math.max(max, tile.max)];
  return tileRange({ min, max }, signed);
}

/** How far a value is between the ends of the range, 0 to 1. A map of one value lies at its lower end. */
export const position = (value: number, [low, high]: Range): number =>
  high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : low < 0 ? 0.5 : 0;

export interface MapPaint {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly range: Range;
  readonly map: ColourMap;
  /** Weak values show what lies beneath: by size of the value, about zero where it is signed. */
  readonly fade?: 'unsigned' | 'signed' | undefined;
}

/** Paints a map of values at its own size; the page scales it up. */
export function paintMap(canvas: HTMLCanvasElement, { values, width, height, range, map, fade }: MapPaint): void {
  const table = colourTable(map);
  paint(canvas, width, height, (data) => {
    for (let i = 0, o = 0; i < width * height; i++, o += 4) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue; // no value: what lies beneath is seen
      const t = position(value, range);
      const c = Math.round(t * 255) * 3;
      data[o] = table[c]!;
      data[o + 1] = table[c + 1]!;
      data[o + 2] = table[c + 2]!;
      data[o + 3] = fade ? 255 * Math.min(1, 0.1 + 1.2 * (fade === 'signed' ? Math.abs(2 * t - 1) : t)) : 255;
    }
  });
}

interface HeatmapPaint extends Pick<MapPaint, 'range' | 'map'> {
  /** Whether it lies over its picture, which is seen where the map is weak. */
  readonly over: boolean;
}

/** Paints the map of a result. */
export const paintHeatmap =
  ({ values, width, height, signed }: HeatmapResult, { over, ...colours }: HeatmapPaint) =>
  (canvas: HTMLCanvasElement): void =>
    paintMap(canvas, { values, width, height, ...colours, fade: over ? (signed ? 'signed' : 'unsigned') : undefined });

/** Paints bytes: grey, or red, green and blue. */
export function paintBytes(
  canvas: HTMLCanvasElement,
  bytes: Uint8Array,
  width: number,
  height: number,
  colour: boolean,
): void {
  paint(canvas, width, height, (data) => {
    const step = colour ? 3 : 1;
    for (let i = 0, o = 0; i < width * height * step; i += step, o += 4) {
      data[o] = bytes[i]!;
      data[o + 1] = bytes[colour ? i + 1 : i]!;
      data[o + 2] = bytes[colour ? i + 2 : i]!;
      data[o + 3] = 255;
    }
  });
}

/** Paints bytes through a colour map. */
export function paintMapped(
  canvas: HTMLCanvasElement,
  bytes: Uint8Array,
  width: number,
  height: number,
  map: ColourMap,
): void {
  const table = colourTable(map);
  paint(canvas, width, height, (data) => {
    for (let i = 0, o = 0; i < width * height; i++, o += 4) {
      const c = bytes[i]! * 3;
      data[o] = table[c]!;
      data[o + 1] = table[c + 1]!;
      data[o + 2] = table[c + 2]!;
      data[o + 3] = 255;
    }
  });
}

export const paintPicture = (canvas: HTMLCanvasElement, picture: Picture): void =>
  paintBytes(canvas, picture.rgb, picture.width, picture.height, true);

function paint(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  fill: (data: Uint8ClampedArray) => void,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(width, height);
  fill(image.data);
  context.putImageData(image, 0, 0);
}

/** The ramp of a colour map, from low to high. */
export function paintRamp(canvas: HTMLCanvasElement, map: ColourMap): void {
  paintMapped(
    canvas,
    Uint8Array.from({ length: 256 }, (_, i) => i),
    256,
    1,
    map,
  );
}
