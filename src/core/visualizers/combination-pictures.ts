import type { ImagesResult, MosaicResult, Tile } from '../results.ts';
import type { Combinations } from './combinations.ts';

type Common = Pick<ImagesResult, 'title' | 'arrays' | 'metrics' | 'notes'>;

interface Look {
  /** Each stretched by itself, or all alike. */
  readonly each: boolean;
  /** Blue is the input's first channel. */
  readonly bgr: boolean;
}

/** Combinations down to three channels in colour, grey where they are zero; of other inputs each channel as a map, side by side. */
export function combinationResult(
  common: Common,
  { units, values, notes }: Combinations,
  tiles: readonly Tile[],
  look: Look,
): ImagesResult | MosaicResult {
  const [count, channels, height, width] = values.shape as readonly [number, number, number, number];
  const drawn = tiles.slice(0, units.length);
  const result = {
    ...common,
    title: common.title.replace('Filters', 'Linear combinations'),
    arrays: { ...common.arrays, combination: values },
    notes: [...notes, ...common.notes],
    tiles: drawn,
  };
  if (channels === 3) {
    const rgb = colours(values.data, count, look);
    return { ...result, notes: [...result.notes, 'Grey is zero.'], kind: 'images', width, height, rgb };
  }
  const area = height * width;
  const wide = channels * width;
  const maps = new Float32Array(count * channels * area);
  for (let map = 0; map < count * channels; map++)
    for (let y = 0; y < height; y++) {
      const [unit, c] = [Math.floor(map / channels), map % channels];
      const from = map * area + y * width;
      maps.set(values.data.subarray(from, from + width), (unit * height + y) * wide + c * width);
    }
  // A tile's range is that of what is drawn; its statistics stay those of the weights.
  return { ...result, kind: 'mosaic', tiles: ranged(drawn, maps), width: wide, height, values: maps, signed: true };
}

/** N×3×area to N×area×3: zero is the middle of the scale. */
function colours(values: Float32Array, count: number, { each, bgr }: Look): Uint8Array {
  const size = values.length / count;
  const area = size / 3;
  const rgb = new Uint8Array(values.length);
  const whole = each ? 0 : scaleEnd(values);
  for (let n = 0; n < count; n++) {
    const own = values.subarray(n * size, (n + 1) * size);
    const most = (each ? scaleEnd(own) : whole) || 1;
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < area; i++)
        rgb[n * size + i * 3 + c] = byte(127.5 + (127.5 * own[(bgr ? 2 - c : c) * area + i]!) / most);
  }
  return rgb;
}

const byte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** From as many values on, the few largest are cut: a handful would leave all else grey. */
const MANY = 1000;
const CUT = 0.005;
const BINS = 1024;

/** The largest magnitude; of many values that which all but half a percent of them stay below. */
function scaleEnd(values: Float32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  if (values.length < MANY || most === 0) return most;
  const counts = new Uint32Array(BINS + 1);
  for (const value of values) counts[Math.floor((Math.abs(value) / most) * BINS)]!++;
  let above = 0;
  for (let bin = BINS; bin > 0; bin--)
    if ((above += counts[bin]!) > CUT * values.length) return ((bin + 1) / BINS) * most;
  return most / BINS;
}

function ranged(tiles: readonly Tile[], maps: Float32Array): Tile[] {
  const size = maps.length / tiles.length;
  return tiles.map((tile, n) => {
    const own = maps.subarray(n * size, (n + 1) * size);
    return {
      ...tile,
      min: own.reduce((a, b) => Math.min(a, b), Infinity),
      max: own.reduce((a, b) => Math.max(a, b), -Infinity),
    };
  });
}
