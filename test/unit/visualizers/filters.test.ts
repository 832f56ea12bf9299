import { describe, expect, it } from 'vitest';
import type { ImagesResult, MosaicResult } from '../../../src/core/results.ts';
import { filters } from '../../../src/core/visualizers/filters.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

describe('filters', () => {
  it('shows the first layer in colour, each filter stretched to the full range', async () => {
    const session = await tinyNetwork();
    const result = (await resultOf(filters, session, { layer: 'conv' })) as ImagesResult;
    expect(result).toMatchObject({ kind: 'images', width: 3, height: 3 });
    expect(arrayOf(result, 'weights').shape).toEqual([4, 3, 3, 3]);
    const kernel = ramp(4 * 27).subarray(27, 54);
    const [low, high] = [Math.min(...kernel), Math.max(...kernel)];
    // Filter 1, pixel (1, 2), green.
    const place = (1 * 9 + 1 * 3 + 2) * 3 + 1;
    expect(result.rgb[place]).toBe(Math.round((255 * (kernel[9 + 5]! - low)) / (high - low)));
    expect(Math.min(...result.rgb.subarray(27, 54))).toBe(0);
    expect(Math.max(...result.rgb.subarray(27, 54))).toBe(255);
  });

  it('shows a BGR network as a person sees it, and leaves the array alone', async () => {
    const rgb = (await resultOf(filters, await tinyNetwork(), { layer: 'conv' })) as ImagesResult;
    const bgr = (await resultOf(filters, await tinyNetwork({ channels: 'BGR' }), { layer: 'conv' })) as ImagesResult;
    for (let pixel = 0; pixel < 36; pixel++)
      expect([...bgr.rgb.subarray(pixel * 3, pixel * 3 + 3)]).toEqual(
        [...rgb.rgb.subarray(pixel * 3, pixel * 3 + 3)].reverse(),
      );
    expect(arrayOf(bgr, 'weights').data).toEqual(arrayOf(rgb, 'weights').data);
  });

  it('scales all alike when asked', async () => {
    const result = (await resultOf(filters, await tinyNetwork(), {
      layer: 'conv',
      params: { scale: 'all' },
    })) as ImagesResult;
    const weights = ramp(4 * 27);
    const [low, high] = [Math.min(...weights), Math.max(...weights)];
    expect(result.rgb[0]).toBe(Math.round((255 * (weights[0]! - low)) / (high - low)));
  });

  it('draws 1×1 kernels as one pixel an input channel', async () => {
    const result = (await resultOf(filters, await tinyNetwork(), { layer: 'mix' })) as MosaicResult;
    expect(result).toMatchObject({ kind: 'mosaic', width: 2, height: 2, signed: true });
    expect([...result.values]).toEqual([...ramp(8, 1)]);
  });

  it('draws a dense layer over the map that it flattens, channel after channel', async () => {
    const result = (await resultOf(filters, await tinyNetwork(), { layer: 'dense' })) as MosaicResult;
    expect(arrayOf(result, 'weights').shape).toEqual([3, 24, 1, 1]);
    // Two maps of 4×3 side by side, a pixel apart.
    expect(result).toMatchObject({ width: 7, height: 4 });
    const weights = ramp(72, 2);
    const tile = result.values.subarray(28, 56);
    expect(tile[2 * 7 + 1]).toBe(weights[24 + 2 * 3 + 1]);
    expect(tile[2 * 7 + 4 + 1]).toBe(weights[24 + 12 + 2 * 3 + 1]);
    expect(tile[3]).toBe(0);
  });

  it('draws only the units asked for, with their own statistics', async () => {
    const result = (await resultOf(filters, await tinyNetwork(), {
      layer: 'mix',
      units: [{ channel: 1 }],
    })) as MosaicResult;
    const own = [...ramp(8, 1).subarray(4)];
    expect(result.tiles).toHaveLength(1);
    expect(result.tiles[0]).toMatchObject({ unit: 1, min: Math.min(...own), max: Math.max(...own) });
    expect(result.tiles[0]!.norm).toBeCloseTo(Math.hypot(...own), 6);
  });

  it('counts dead filters', async () => {
    const session = await tinyNetwork();
    const kernel = session.model.graph.constants.get('mix/w')!;
    (kernel.data as Float32Array).fill(0, 4, 8);
    const result = await resultOf(filters, session, { layer: 'mix' });
    expect(result.metrics['dead']).toEqual([1]);
    expect(result.notes).toEqual(['1 of 2 filters are dead: all their weights are zero.']);
  });

  it('says which layers have filters, for one that has none', async () => {
    const session = await tinyNetwork();
    await expect(resultOf(filters, session, { layer: 'relu' })).rejects.toThrow(
      "Layer 'relu' (Relu) has no filters: choose a convolution or a dense layer.",
    );
  });
});
