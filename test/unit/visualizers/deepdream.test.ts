import { describe, expect, it } from 'vitest';
import { prune } from '../../../src/core/graph/passes.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import { deepdream } from '../../../src/core/visualizers/deepdream.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

const tensor = float32(
  ramp(90, 3).map((value) => 128 + 40 * value),
  [1, 3, 6, 5],
);
const dream = async (asked: Parameters<typeof resultOf>[2]) =>
  (await resultOf(deepdream, await tinyNetwork(), { tensor, layer: 'relu', ...asked })) as ImagesResult;

/** ½ Σ over the channels of the mean of a². */
async function energy(image: Tensor<'float32'>, channels = [0, 1, 2, 3]): Promise<number> {
  const session = await tinyNetwork();
  const { relu } = await session.run('relu', () => prune(session.model.graph, ['relu']), { image });
  const { data } = relu as Tensor<'float32'>;
  const of = (c: number) => data.subarray(c * 12, (c + 1) * 12).reduce((sum, value) => sum + value * value, 0) / 24;
  return channels.reduce((sum, c) => sum + of(c), 0);
}

describe('DeepDream', () => {
  it('makes what the layer sees grow', async () => {
    const result = await dream({ params: { steps: 4 } });
    const last = await energy(arrayOf(result, 'image'));
    expect(last).toBeGreaterThan(1.2 * (await energy(tensor)));
    const [activation] = result.metrics['activation'] as [number];
    expect(activation / last).toBeCloseTo(1, 5);
    expect(result.rgb.length).toBe(90);
  });

  it('or one of its channels', async () => {
    const params = { steps: 6, octaves: 1, jitter: 0 };
    const image = arrayOf(await dream({ params, units: [{ channel: 1 }] }), 'image');
    const other = arrayOf(await dream({ params, units: [{ channel: 0 }] }), 'image');
    expect(await energy(image, [1])).toBeGreaterThan(await energy(other, [1]));
    expect(await energy(other, [0])).toBeGreaterThan(await energy(image, [0]));
  });

  it('one step of one octave follows the gradient: its mean is the rate', async () => {
    const result = await dream({ params: { steps: 1, octaves: 1, jitter: 0, rate: 2 } });
    const moved = arrayOf(result, 'image').data.map((value, i) => value - tensor.data[i]!);
    expect(moved.reduce((sum, value) => sum + Math.abs(value), 0) / 90).toBeCloseTo(2, 2);
    expect(result.metrics['objective']).toEqual([expect.closeTo(await energy(tensor), 0)]);
  });

  it.each(['zero', 'mean'])('begins with an even colour: %s', async (start) => {
    const params = { start, steps: 1, octaves: 1, rate: 0.01 };
    const { data } = arrayOf(await dream({ params }), 'image');
    for (let c = 0; c < 3; c++) {
      const plane = data.subarray(c * 30, (c + 1) * 30);
      expect(Math.max(...plane) - Math.min(...plane)).toBeLessThan(1);
    }
    expect(data).not.toEqual(arrayOf(await dream({ params: { ...params, start: 'image' } }), 'image').data);
  });

  it('dreams on, frame by frame, the same for the same seed', async () => {
    const params = { frames: 3, steps: 2, octaves: 2 };
    const result = await dream({ params });
    expect(result.tiles.map(({ label }) => label)).toEqual(['frame 1', 'frame 2', 'frame 3']);
    expect(result.metrics['objective']).toHaveLength(3);
    expect((await dream({ params })).rgb).toEqual(result.rgb);
    expect((await dream({ params, seed: 1 })).rgb).not.toEqual(result.rgb);
    expect((await dream({ params: { ...params, start: 'noise' } })).rgb).not.toEqual(result.rgb);
  });

  it('shows the last frames on the way, and all at the end', async () => {
    const counts: number[] = [];
    const first: string[] = [];
    const watched = { ...deepdream, run: watch };
    async function* watch(context: Parameters<typeof deepdream.run>[0]) {
      for await (const update of deepdream.run(context)) {
        const { tiles = [], metrics } = (update.result ?? {}) as Partial<ImagesResult>;
        if (tiles.length > 0) {
          counts.push(tiles.length);
          first.push(tiles[0]!.label!);
          expect(metrics!['objective']).toHaveLength(tiles.length);
        }
        yield update;
      }
    }
    const result = (await resultOf(watched, await tinyNetwork(), {
      tensor,
      layer: 'relu',
      params: { frames: 12, steps: 1, octaves: 1 },
    })) as ImagesResult;
    expect(Math.max(...counts.slice(0, -1))).toBe(9);
    expect(first.at(-2)).toBe('frame 3');
    expect(result.tiles).toHaveLength(12);
    expect(result.metrics['activation']).toHaveLength(12);
  });

  it('takes channels, and no position', async () => {
    const units = [{ channel: 1, position: { y: 0, x: 0 } }];
    await expect(dream({ units })).rejects.toThrow(
      'deepdream lets whole channels grow, not one position: give --unit C.',
    );
  });

  it('takes the image’s own size alone where the layers below take no other', async () => {
    expect((await dream({ layer: 'dense', params: { steps: 2 } })).metrics['steps']).toBe(2);
    expect((await dream({ layer: 'relu', params: { steps: 2, octaves: 1 } })).metrics['steps']).toBe(2);
  });
});
