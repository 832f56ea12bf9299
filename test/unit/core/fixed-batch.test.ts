import { expect, it } from 'vitest';
import { asFed } from '../../../src/core/fixed-batch.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';

const images = { x: float32(Float32Array.of(1, 2, 3), [3, 1]), all: float32(Float32Array.of(7, 8), [2]) };

it.each([
  [2, [2, 2]],
  [4, [4]],
  [BATCH, [3]],
])(
  'three images for a network of a batch of %i: each is looked at once, the last one again to fill up',
  async (batch, looks) => {
    const seen: number[] = [];
    const found = await asFed([{ name: 'x', shape: [batch, 1], layout: 'NF' }], images, async (feeds) => {
      const { data, shape } = feeds['x'] as Tensor<'float32'>;
      expect(feeds['all']).toBe(images.all);
      seen.push(shape[0]!);
      return {
        y: float32(
          data.map((value) => 10 * value),
          shape,
        ),
      };
    });
    expect(seen).toEqual(looks);
    expect(found['y']).toMatchObject({ shape: [3, 1], data: Float32Array.of(10, 20, 30) });
  },
);
