import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { MosaicResult } from '../../../src/core/results.ts';
import { activations } from '../../../src/core/visualizers/activations.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

/** Convolution by its definition: image 3×6×5, four kernels of 3×3×3, no padding. */
function convolve(image: Float32Array): number[] {
  const weights = ramp(108);
  const values: number[] = [];
  for (let o = 0; o < 4; o++)
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 3; x++) {
        let sum = 0;
        for (let c = 0; c < 3; c++)
          for (let i = 0; i < 9; i++)
            sum += weights[(o * 3 + c) * 9 + i]! * image[c * 30 + (y + Math.floor(i / 3)) * 5 + x + (i % 3)]!;
        values.push(sum);
      }
  return values;
}

describe('activations', () => {
  const image = ramp(90, 3);

  it('are the layer’s output, a tile a channel, signed where values are', async () => {
    const result = (await resultOf(activations, await tinyNetwork(), { layer: 'conv' })) as MosaicResult;
    expect(result).toMatchObject({ kind: 'mosaic', width: 3, height: 4, signed: true });
    convolve(image).forEach((value, i) => expect(result.values[i]).toBeCloseTo(value, 4));
    expect(arrayOf(result, 'activation').shape).toEqual([1, 4, 4, 3]);
    expect(result.tiles.map(({ unit }) => unit)).toEqual([0, 1, 2, 3]);
  });

  it('after the activation function are those of the layer that follows', async () => {
    const result = (await resultOf(activations, await tinyNetwork(), {
      layer: 'conv',
      params: { stage: 'after' },
    })) as MosaicResult;
    expect(result.signed).toBe(false);
    convolve(image).forEach((value, i) => expect(result.values[i]).toBeCloseTo(Math.max(0, value), 4));
  });

  it('of a dense layer are a value a unit, with the classes’ names on the last', async () => {
    const session = await tinyNetwork();
    const dense = (await resultOf(activations, session, { layer: 'dense' })) as MosaicResult;
    expect(dense).toMatchObject({ width: 1, height: 1 });
    expect(dense.tiles.map(({ label }) => label)).toEqual(['cat', 'dog', 'tree']);
    expect(arrayOf(dense, 'activation').shape).toEqual([1, 3]);
  });

  it('draw the units asked for, and keep all in the array', async () => {
    const result = (await resultOf(activations, await tinyNetwork(), {
      layer: 'conv',
      units: [{ channel: 2 }],
    })) as MosaicResult;
    expect(result.tiles.map(({ unit }) => unit)).toEqual([2]);
    expect(result.values).toHaveLength(12);
    expect(arrayOf(result, 'activation').shape).toEqual([1, 4, 4, 3]);
  });

  it('take several images at once', async () => {
    const tensor = float32(Float32Array.from([...image, ...ramp(90, 4)]), [2, 3, 6, 5]);
    const both = await resultOf(activations, await tinyNetwork(), { layer: 'conv', tensor });
    expect(arrayOf(both, 'activation').shape).toEqual([2, 4, 4, 3]);
    convolve(ramp(90, 4)).forEach((value, i) => expect(arrayOf(both, 'activation').data[48 + i]).toBeCloseTo(value, 4));
  });

  it('of the input are the input', async () => {
    const result = (await resultOf(activations, await tinyNetwork(), { layer: 'image' })) as MosaicResult;
    expect([...result.values]).toEqual([...image]);
  });
});

describe('the activation at one position', () => {
  it('is said in the metrics', async () => {
    const result = await resultOf(activations, await tinyNetwork(), {
      layer: 'conv',
      units: [{ channel: 2, position: { y: 1, x: 2 } }],
    });
    expect(result.metrics['value']).toBe(arrayOf(result, 'activation').data[2 * 12 + 1 * 3 + 2]);
  });
});

describe('silent channels', () => {
  const result = async (stage: string, tensor = float32(ramp(90, 3), [1, 3, 6, 5])) => {
    const session = await tinyNetwork();
    // Channel 1 can't but answer below zero to pictures above it, channel 2 says nothing.
    const { data } = session.model.graph.constants.get('conv/w')!;
    (data as Float32Array).fill(-1, 27, 54).fill(0, 54, 81);
    return (await resultOf(activations, session, { layer: 'conv', tensor, params: { stage } })) as MosaicResult;
  };
  const bright = float32(new Float32Array(90).fill(1), [1, 3, 6, 5]);

  it('are marked, before the rectifier as after it', async () => {
    for (const stage of ['output', 'after']) {
      const { tiles, notes, metrics } = await result(stage, bright);
      expect(tiles[1]!.dead).toBe('silent');
      expect(tiles[2]!.dead).toBe('silent');
      const count = tiles.filter(({ dead }) => dead).length;
      expect(metrics['silent']).toBe(count);
      expect(notes).toEqual([`${count} of 4 channels are silent: they answer nowhere to what is shown.`]);
    }
  });

  it('are silent in every image of a batch', async () => {
    const both = new Float32Array(180).fill(1).fill(-1, 90);
    const { tiles } = await result('after', float32(both, [2, 3, 6, 5]));
    expect(tiles[1]!.dead).toBeUndefined();
    expect(tiles[2]!.dead).toBe('silent');
  });
});
