import { cut, extent, type Corners } from '../../core/images/cut.ts';
import type { HeatmapResult } from '../../core/results.ts';

/** A map whose values fill less than this part of it is shown cut to them. */
const SMALL = 1 / 6;
/** Of what is around the values, on each side, as a part of their size; and in pixels at least. */
const MARGIN = 0.5;
const LEAST = 4;

/** Where the map says something, with a margin; undefined where that is most of it, or nothing. */
export function smallPart({ values, width, height }: HeatmapResult): Corners | undefined {
  const found = extent([values], width, height);
  if (!found || (found.x1 - found.x0) * (found.y1 - found.y0) > SMALL * width * height) return undefined;
  const margin = Math.max(LEAST, Math.round(MARGIN * Math.max(found.x1 - found.x0, found.y1 - found.y0)));
  return {
    x0: Math.max(0, found.x0 - margin),
    y0: Math.max(0, found.y0 - margin),
    x1: Math.min(width, found.x1 + margin),
    y1: Math.min(height, found.y1 + margin),
  };
}

/** A part of a map and of its picture, which are of one size. */
export function partOf(result: HeatmapResult, corners: Corners): HeatmapResult {
  const { x0, y0, x1, y1 } = corners;
  const [width, height] = [x1 - x0, y1 - y0];
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y0 + y) * result.width + x0;
    values.set(result.values.subarray(from, from + width), y * width);
  }
  return { ...result, width, height, values, ...(result.image && { image: cut(result.image, corners) }) };
}
