import type { Picture } from '../results.ts';
import { colourTable, isDiverging, type ColourMap } from './colour-maps.ts';

interface Paint {
  readonly low: number;
  readonly high: number;
  readonly map: ColourMap;
}

/** What is no number has no place in any colour map. */
const NO_NUMBER = [128, 128, 128] as const;

/** RGB bytes, three a value: low to high through the colour map, what lies beyond as its ends. */
export function paintMap(values: Float32Array, { low, high, map }: Paint): Uint8Array {
  const table = colourTable(map);
  const steps = high > low ? 255 / (high - low) : 0;
  const flat = isDiverging(map) ? 128 : 0;
  const rgb = new Uint8Array(values.length * 3);
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return rgb.set(NO_NUMBER, i * 3);
    const step = steps ? Math.min(255, Math.max(0, Math.round((value - low) * steps))) : flat;
    rgb[i * 3] = table[step * 3]!;
    rgb[i * 3 + 1] = table[step * 3 + 1]!;
    rgb[i * 3 + 2] = table[step * 3 + 2]!;
  });
  return rgb;
}

/** `over` upon `picture`, stretched to its size where they differ (nearest); opacity 0..1. */
export function overlay(picture: Picture, over: Picture, opacity: number): Picture {
  const { width, height } = picture;
  const rgb = new Uint8Array(picture.rgb.length);
  for (let y = 0; y < height; y++) {
    const overY = Math.floor((y * over.height) / height);
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 3;
      const from = (overY * over.width + Math.floor((x * over.width) / width)) * 3;
      for (let c = 0; c < 3; c++)
        rgb[to + c] = Math.round(picture.rgb[to + c]! * (1 - opacity) + over.rgb[from + c]! * opacity);
    }
  }
  return { width, height, rgb };
}

/** Each pixel as `times` × `times` pixels. */
export function enlarge({ width, height, rgb }: Picture, times: number): Picture {
  if (times === 1) return { width, height, rgb };
  const large = new Uint8Array(width * height * times * times * 3);
  const row = width * times * 3;
  for (let y = 0; y < height; y++) {
    const first = y * times * row;
    for (let x = 0; x < width; x++) {
      const pixel = rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3);
      for (let k = 0; k < times; k++) large.set(pixel, first + (x * times + k) * 3);
    }
    for (let k = 1; k < times; k++) large.copyWithin(first + k * row, first, first + row);
  }
  return { width: width * times, height: height * times, rgb: large };
}

const STROKE = [214, 39, 40] as const;

/** With a line from corner to corner, a twentieth of the width wide. */
export function struckThrough({ width, height, rgb }: Picture): Picture {
  const struck = new Uint8Array(rgb);
  const wide = Math.max(1, Math.round(width / 20));
  for (let y = 0; y < height; y++)
    for (let k = 0; k < wide; k++) {
      const x = Math.round((y * (width - wide)) / Math.max(1, height - 1)) + k;
      if (x < width) struck.set(STROKE, (y * width + x) * 3);
    }
  return { width, height, rgb: struck };
}

interface MosaicOptions {
  readonly gap: number;
  readonly background: number;
  /** Default: about a square. */
  readonly columns?: number;
}

/** Pictures of one size in rows, as square as it gets, `gap` pixels of `background` between. */
export function mosaic(pictures: readonly Picture[], { gap, background, columns: wanted }: MosaicOptions): Picture {
  const { width, height } = pictures[0] ?? { width: 1, height: 1 };
  const columns = wanted ?? Math.max(1, Math.ceil(Math.sqrt((pictures.length * height) / width)));
  const rows = Math.max(1, Math.ceil(pictures.length / columns));
  const sheet = { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
  const rgb = new Uint8Array(sheet.width * sheet.height * 3).fill(background);
  pictures.forEach((picture, n) => {
    const left = (n % columns) * (width + gap);
    const top = Math.floor(n / columns) * (height + gap);
    for (let y = 0; y < height; y++)
      rgb.set(picture.rgb.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * sheet.width + left) * 3);
  });
  return { ...sheet, rgb };
}
