import { describe, expect, it } from 'vitest';
import { colourTable, DIVERGING_MAPS, SEQUENTIAL_MAPS } from '../../../src/core/images/colour-maps.ts';
import { enlarge, mosaic, overlay, paintMap } from '../../../src/core/images/paint.ts';
import { range } from '../../../src/core/images/range.ts';
import { renderResult } from '../../../src/core/images/render.ts';
import type { HeatmapResult, MosaicResult, Picture, Result } from '../../../src/core/results.ts';

const luma = (map: Parameters<typeof colourTable>[0], i: number) => {
  const [r, g, b] = colourTable(map).subarray(i * 3, i * 3 + 3) as unknown as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const common = { title: '', arrays: {}, metrics: {}, notes: [] };
const tile = (unit: number) => ({ unit, label: `${unit}`, min: 0, max: 1, mean: 0, norm: 1 });
const pixel = ({ rgb, width }: Picture, x: number, y: number) => [
  ...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];
const colour = (map: Parameters<typeof colourTable>[0], i: number) => [...colourTable(map).subarray(i * 3, i * 3 + 3)];

describe('colour maps', () => {
  it.each(SEQUENTIAL_MAPS.filter((map) => map !== 'turbo'))('%s gets brighter all the way', (map) => {
    for (let i = 8; i < 256; i += 8) expect(luma(map, i)).toBeGreaterThan(luma(map, i - 8));
  });

  it.each(DIVERGING_MAPS)('%s is palest in the middle', (map) => {
    for (const i of [0, 60, 195, 255]) expect(luma(map, i)).toBeLessThan(luma(map, 128));
  });

  it('are those that are published: the ends of viridis, red for positive in RdBu', () => {
    expect([colour('viridis', 0), colour('viridis', 255)]).toEqual([
      [68, 1, 84],
      [253, 231, 37],
    ]);
    expect(colour('RdBu', 255)[0]).toBeGreaterThan(colour('RdBu', 255)[2]!);
  });
});

describe('range', () => {
  const values = Float32Array.from({ length: 101 }, (_, i) => i - 20);

  it('is from the least to a percentile', () => {
    expect(range(values)).toEqual([-20, 80]);
    expect(range(values, { percentile: 99 })).toEqual([-20, 79]);
  });

  it('is as wide to both sides of zero for signed values', () => {
    expect(range(values, { signed: true })).toEqual([-80, 80]);
    expect(range(Float32Array.of(-3, 1), { signed: true })).toEqual([-3, 3]);
  });

  it('does not count what is no number', () => {
    expect(range(Float32Array.of(NaN, 1, 3, Infinity))).toEqual([1, 3]);
    expect(range(new Float32Array())).toEqual([0, 0]);
  });

  it('of a map that is zero nearly everywhere is that of what is not', () => {
    const sparse = new Float32Array(1000);
    sparse.set([1, 2, 3], 500);
    expect(range(sparse, { percentile: 50 })).toEqual([0, 2]);
    expect(
      range(
        sparse.map((value) => -value),
        { percentile: 50, signed: true },
      ),
    ).toEqual([-2, 2]);
    expect(range(new Float32Array(9), { percentile: 99 })).toEqual([0, 0]);
  });
});

describe('painting', () => {
  it('takes low and high to the ends of the map, what lies beyond too, what is no number to grey', () => {
    const rgb = paintMap(Float32Array.of(-9, 0, 2, 99, NaN), { low: 0, high: 2, map: 'magma' });
    const [low, high] = [colour('magma', 0), colour('magma', 255)];
    expect([...rgb]).toEqual([...low, ...low, ...high, ...high, 128, 128, 128]);
  });

  it('paints a map of zeros in the colour of zero', () => {
    const flat = (map: 'viridis' | 'RdBu') => [...paintMap(Float32Array.of(0), { low: 0, high: 0, map })];
    expect(flat('viridis')).toEqual(colour('viridis', 0));
    expect(flat('RdBu')).toEqual(colour('RdBu', 128));
  });

  it('enlarges each pixel to a square', () => {
    const large = enlarge({ width: 2, height: 1, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) }, 2);
    const row = [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6];
    expect(large).toEqual({ width: 4, height: 2, rgb: Uint8Array.from([...row, ...row]) });
  });

  it('lays a map over a picture', () => {
    const under = { width: 2, height: 2, rgb: new Uint8Array(12).fill(100) };
    const over = { width: 1, height: 1, rgb: Uint8Array.of(200, 0, 100) };
    expect([...overlay(under, over, 0.25).rgb]).toEqual(Array(4).fill([125, 75, 100]).flat());
  });

  it('sets tiles in rows with gaps', () => {
    const dot = (value: number) => ({ width: 1, height: 1, rgb: new Uint8Array(3).fill(value) });
    const sheet = mosaic([dot(1), dot(2), dot(3)], { gap: 1, background: 9 });
    expect([sheet.width, sheet.height]).toEqual([3, 3]);
    expect([...sheet.rgb].filter((_, i) => i % 3 === 0)).toEqual([1, 9, 2, 9, 9, 9, 3, 9, 9]);
  });
});

describe('renderResult', () => {
  const mosaicOf = (values: number[], more: Partial<MosaicResult> = {}): MosaicResult => ({
    ...common,
    kind: 'mosaic',
    tiles: [tile(0), tile(1)],
    width: 2,
    height: 1,
    values: Float32Array.from(values),
    signed: false,
    ...more,
  });

  it('scales each tile by itself, or all alike', () => {
    const result = mosaicOf([0, 1, 0, 4]);
    // Each value is a square of 32 pixels; the tiles lie one above the other.
    const own = renderResult(result);
    expect(own.width).toBe(64);
    expect(pixel(own, 63, 0)).toEqual(colour('viridis', 255));
    expect(pixel(own, 63, own.height - 1)).toEqual(colour('viridis', 255));
    expect(pixel(renderResult(result, { scale: 'shared' }), 63, 0)).toEqual(colour('viridis', 64));
  });

  it('compares units without extent with each other', () => {
    const sheet = renderResult(mosaicOf([1, 3], { width: 1 }));
    expect(pixel(sheet, 0, 0)).toEqual(colour('viridis', 0));
    expect(pixel(sheet, sheet.width - 1, 0)).toEqual(colour('viridis', 255));
  });

  it('shows signed values about zero', () => {
    const sheet = renderResult(mosaicOf([0, 1, -2, 0], { signed: true }));
    expect(pixel(sheet, 0, 0)).toEqual(colour('RdBu', 128));
    expect(pixel(sheet, 0, sheet.height - 1)).toEqual(colour('RdBu', 0));
  });

  it('colours the gaps for the page', () => {
    const gap = (background?: 'light' | 'dark') =>
      pixel(renderResult(mosaicOf([0, 1, 0, 4]), { background }), 0, 32)[0]!;
    expect(gap('light')).toBe(255);
    expect(gap('dark')).toBeLessThan(64);
  });

  it('lays a heatmap over its image, and enlarges small ones', () => {
    const image = { width: 2, height: 1, rgb: Uint8Array.of(0, 0, 0, 255, 255, 255) };
    const heatmap: HeatmapResult = {
      ...common,
      kind: 'heatmap',
      width: 2,
      height: 1,
      values: Float32Array.of(0, 1),
      signed: false,
      image,
    };
    const bare = renderResult(heatmap, { opacity: 0 });
    expect(bare.width).toBe(224);
    expect([pixel(bare, 0, 0), pixel(bare, 223, 0)]).toEqual([
      [0, 0, 0],
      [255, 255, 255],
    ]);
    expect(pixel(renderResult(heatmap, { opacity: 1, map: 'magma' }), 0, 0)).toEqual(colour('magma', 0));
  });

  it('has no picture of a table, and an empty sheet for no tiles', () => {
    const table: Result = { ...common, kind: 'table', columns: [], rows: [] };
    expect(renderResult(table)).toBeUndefined();
    expect(renderResult(mosaicOf([], { tiles: [] }))).toMatchObject({ width: 1, height: 1 });
  });
});

describe('dead units', () => {
  it('are struck through, from corner to corner', () => {
    const tiles = [tile(0), { ...tile(1), dead: 'silent' as const }];
    const values = new Float32Array(2 * 64 * 64);
    const result = { ...common, kind: 'mosaic', tiles, width: 64, height: 64, values, signed: false } as const;
    const drawn = renderResult(result);
    const plain = pixel(drawn, 32, 32);
    expect(pixel(drawn, 0, 0)).toEqual(plain);
    for (const at of [0, 32, 63]) expect(pixel(drawn, 66 + at, at)).not.toEqual(plain);
    expect(pixel(drawn, 66 + 63, 0)).toEqual(plain);
  });
});
